// Reads the answer to a GET off a connection, as HTTP/1.1 frames it (RFC 9112). Node's own client understands far more,
// and takes longer to load and to start than the engine takes to answer.

export interface HttpAnswer {
  readonly status: number;
  readonly text: string;
  /** Whether the connection may serve another request. */
  readonly reusable: boolean;
}

export type Reading = 'more' | 'not-http' | HttpAnswer;

export interface AnswerReader {
  /** Takes what has come, in pieces of any size. */
  take(data: Buffer): Reading;
  /** The connection has ended. @returns undefined where the answer was not whole */
  end(): HttpAnswer | undefined;
}

interface Head {
  readonly status: number;
  /** How long the rest is: so many bytes, as each chunk says, or until the connection ends. */
  readonly length: number | 'chunked' | undefined;
  readonly reusable: boolean;
}

const longestHead = 64 * 1024;
const longestChunkLine = 1024;

export function answerReader(): AnswerReader {
  let unread: Buffer = Buffer.alloc(0);
  let head: Head | undefined;
  const body: Buffer[] = [];
  let length = 0;

  const keep = (data: Buffer): void => {
    body.push(data);
    length += data.length;
  };
  const answer = ({ status, reusable }: Head): HttpAnswer => ({
    status,
    text: Buffer.concat(body).toString(),
    reusable,
  });

  /** @returns whether that was the last of it */
  const takeChunks = (): boolean | 'not-http' => {
    for (;;) {
      const lineEnd = unread.indexOf('\r\n');
      if (lineEnd < 0) return unread.length > longestChunkLine ? 'not-http' : false;
      const size = /^([0-9a-f]{1,8})[ \t]*(;.*)?$/i.exec(unread.toString('latin1', 0, lineEnd))?.[1];
      if (size === undefined) return 'not-http';
      const bytes = Number.parseInt(size, 16);
      // Fields may follow the last chunk; an empty line ends them.
      if (bytes === 0) return unread.includes('\r\n\r\n', lineEnd);
      const from = lineEnd + 2;
      if (unread.length < from + bytes + 2) return false;
      keep(unread.subarray(from, from + bytes));
      unread = unread.subarray(from + bytes + 2);
    }
  };

  return {
    take(data) {
      unread = unread.length === 0 ? data : Buffer.concat([unread, data]);
      while (head === undefined) {
        const headEnd = unread.indexOf('\r\n\r\n');
        const known = Math.min(unread.length, 5);
        if (unread.toString('latin1', 0, known) !== 'HTTP/'.slice(0, known)) return 'not-http';
        if (headEnd < 0) return unread.length > longestHead ? 'not-http' : 'more';
        const read = readHead(unread.toString('latin1', 0, headEnd));
        if (read === undefined) return 'not-http';
        unread = unread.subarray(headEnd + 4);
        // Those below 200 only announce another.
        if (read.status >= 200) head = read;
      }
      if (head.length === 'chunked') {
        const whole = takeChunks();
        return whole === 'not-http' ? whole : whole ? answer(head) : 'more';
      }
      keep(unread);
      unread = Buffer.alloc(0);
      return head.length !== undefined && length >= head.length ? answer(head) : 'more';
    },
    end: () => (head !== undefined && head.length === undefined ? answer(head) : undefined),
  };
}

function readHead(text: string): Head | undefined {
  const [first = '', ...lines] = text.split('\r\n');
  const [, minor, code] = /^HTTP\/1\.([01]) ([1-5]\d\d)(?: |$)/.exec(first) ?? [];
  if (code === undefined) return undefined;
  const fields = new Map(lines.map((line) => splitField(line)));
  const status = Number(code);
  const connection = fields.get('connection')?.toLowerCase();
  return {
    status,
    length: bodyLength(status, fields),
    reusable: minor === '1' && connection !== 'close',
  };
}

function splitField(line: string): readonly [name: string, value: string] {
  const colon = line.indexOf(':');
  return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
}

function bodyLength(status: number, fields: ReadonlyMap<string, string>): Head['length'] {
  if (status < 200 || status === 204 || status === 304) return 0;
  if (fields.get('transfer-encoding')?.toLowerCase() === 'chunked') return 'chunked';
  const length = fields.get('content-length');
  return length !== undefined && /^\d+$/.test(length) ? Number(length) : undefined;
}
