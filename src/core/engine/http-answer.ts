// Reads an answer off a connection, as HTTP/1.1 frames it (RFC 9112). Node's own client understands far more,
// and takes longer to load and to start than the engine takes to answer. Whoever answers may lie: nothing here takes more
// time or memory than a small multiple of the bytes that came, and those have an end.

export interface HttpAnswer {
  readonly status: number;
  readonly text: string;
  /** Whether the connection may serve another request. */
  readonly reusable: boolean;
  /** Which Podman answers, in lower case; none where it is docker's engine. */
  readonly podman?: string;
}

type Answered = 'not-http' | 'too-long' | HttpAnswer;
export type Reading = 'more' | Answered;

export interface AnswerReader {
  /** Takes what has come, in pieces of any size. */
  take(data: Buffer): Reading;
  /** The connection has ended. @returns undefined where the answer was not whole */
  end(): Answered | undefined;
}

/** In bytes, all that frames it included. A list of some ten thousand containers is as long. */
export const longestAnswer = 16 * 1024 * 1024;
/** Of all lines of a head and of those that only announce it; and of the fields behind the last chunk. */
const longestHead = 64 * 1024;
const longestChunkLine = 1024;

interface Head {
  readonly status: number;
  /** How long the rest is: so many bytes, as each chunk says, or, where it is undefined, until the connection ends. */
  readonly length: number | 'chunked' | undefined;
  readonly reusable: boolean;
  readonly podman?: string;
}

/** @param encoding of its body; `latin1`: a letter each byte */
export function answerReader(encoding: 'utf8' | 'latin1' = 'utf8'): AnswerReader {
  /** With room for more: pieces of a byte, each kept for itself, would take many times their size. */
  let body = Buffer.alloc(0);
  let bodyBytes = 0;
  let head: Head | undefined;
  let lines: string[] = [];
  /** What is read next: a line of one of these, or so many bytes of the body. */
  let next: 'head' | 'chunk size' | 'chunk end' | 'fields' | number = 'head';
  let line = '';
  let lineBytes = longestHead;
  let bytes = 0;

  const keep = (data: Buffer, start: number, end: number): void => {
    const needed = bodyBytes + end - start;
    if (needed > body.length) {
      const larger = Buffer.alloc(Math.max(needed, 2 * body.length));
      body.copy(larger, 0, 0, bodyBytes);
      body = larger;
    }
    bodyBytes += data.copy(body, bodyBytes, start, end);
  };
  const takeHead = (): Answered | undefined => {
    head = parseHead(lines);
    lines = [];
    if (head === undefined) return 'not-http';
    // Those below 200 only announce another. Behind 101 comes no HTTP.
    if (head.status < 200 && head.status !== 101) return undefined;
    if (head.length === 'chunked') [next, lineBytes] = ['chunk size', longestChunkLine];
    else next = head.length ?? Infinity;
    return head.length !== undefined && Number(head.length) > longestAnswer ? 'too-long' : undefined;
  };
  /** @returns what the answer is, once that is known; 'whole' behind its last line */
  const takeLine = (text: string): Answered | 'whole' | undefined => {
    if (next === 'head') return text === '' ? takeHead() : void lines.push(text);
    // Fields may follow the last chunk; an empty line ends them.
    if (next === 'fields') return text === '' ? 'whole' : undefined;
    lineBytes = longestChunkLine;
    if (next === 'chunk end') {
      next = 'chunk size';
      return text === '' ? undefined : 'not-http';
    }
    const size = /^([0-9a-f]{1,8})[ \t]*(;.*)?$/i.exec(text)?.[1];
    if (size === undefined) return 'not-http';
    next = Number.parseInt(size, 16);
    if (next === 0) [next, lineBytes] = ['fields', longestHead];
    return undefined;
  };
  /** @param last whether nothing has come behind it: what comes unasked is no answer to the next request */
  const answer = (last: boolean): Answered => {
    if (head === undefined) return 'not-http';
    const { length: _, ...told } = head;
    return { ...told, text: body.toString(encoding, 0, bodyBytes), reusable: head.reusable && last };
  };

  return {
    take(data) {
      bytes += data.length;
      if (bytes > longestAnswer) return 'too-long';
      for (let at = 0; ;) {
        if (typeof next === 'number') {
          const end = Math.min(data.length, at + next);
          keep(data, at, end);
          next -= end - at;
          at = end;
          if (next > 0) return 'more';
          if (head?.length !== 'chunked') return answer(at === data.length);
          next = 'chunk end';
        }
        const end = data.indexOf('\n', at) + 1 || data.length;
        line += data.toString('latin1', at, end);
        lineBytes -= end - at;
        at = end;
        // Another protocol shows by its first byte.
        const begins = next !== 'head' || lines.length > 0 || line.startsWith('HTTP/'.slice(0, line.length));
        if (lineBytes < 0 || !begins) return 'not-http';
        if (!line.endsWith('\n')) return 'more';
        if (!line.endsWith('\r\n')) return 'not-http';
        const taken = takeLine(line.slice(0, -2));
        line = '';
        if (taken === 'whole') return answer(at === data.length);
        if (taken !== undefined) return taken;
      }
    },
    end: () => (next === Infinity ? answer(true) : undefined),
  };
}

function parseHead([first = '', ...lines]: readonly string[]): Head | undefined {
  const [, minor, code] = /^HTTP\/1\.([01]) ([1-5]\d\d)(?: |$)/.exec(first) ?? [];
  if (code === undefined || !lines.every((line) => /^[^\s:]+:/.test(line))) return undefined;
  /** Given twice, as if it were one with a comma. */
  const field = (name: string): string =>
    lines
      .flatMap((line) => (line.toLowerCase().startsWith(`${name}:`) ? line.slice(name.length + 1).trim() : []))
      .join()
      .toLowerCase();
  const status = Number(code);
  const reusable = minor === '1' && status !== 101 && !field('connection').includes('close');
  // On each answer of its docker-compatible API (podman, pkg/api/handlers/utils).
  const podman = field('libpod-api-version');
  const told = { status, reusable, ...(podman === '' ? {} : { podman }) };
  if (status < 200 || status === 204 || status === 304) return { ...told, length: 0 };
  const coding = field('transfer-encoding');
  if (coding !== '') return coding === 'chunked' ? { ...told, length: coding } : undefined;
  const given = field('content-length');
  if (given === '') return { ...told, length: undefined };
  // Given twice it is the same, or one of them is a lie.
  const [length] = /^(\d{1,15})(?:, *\1)*$/.exec(given)?.slice(1) ?? [];
  return length === undefined ? undefined : { ...told, length: Number(length) };
}
