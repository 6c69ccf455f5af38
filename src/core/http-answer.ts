// Reads the answer to a GET off a connection, as HTTP/1.1 frames it (RFC 9112). Node's own client understands far more,
// and takes longer to load and to start than the engine takes to answer. Whoever answers may lie: nothing here takes more
// time or memory than a small multiple of the bytes that came, and those have an end.

export interface HttpAnswer {
  readonly status: number;
  readonly text: string;
  /** Whether the connection may serve another request. */
  readonly reusable: boolean;
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

export function answerReader(): AnswerReader {
  const input: Input = { piece: Buffer.alloc(0), at: 0, ended: false };
  const reading = readAnswer(input);
  let bytes = 0;
  const goOn = (): Answered | undefined => {
    const { done, value } = reading.next();
    return done === true ? value : undefined;
  };
  return {
    take(data) {
      bytes += data.length;
      if (bytes > longestAnswer) return 'too-long';
      Object.assign(input, { piece: data, at: 0 });
      return goOn() ?? 'more';
    },
    end() {
      input.ended = true;
      return goOn();
    },
  };
}

/** The piece that has come last, and how far it is read. */
interface Input {
  piece: Buffer;
  at: number;
  ended: boolean;
}

/** Yields where it has to wait for the next piece. */
type Read<Value> = Generator<undefined, Value, undefined>;

function* readAnswer(input: Input): Read<Answered> {
  const head = yield* readHead(input);
  if (head === undefined) return 'not-http';
  const { status, length, reusable } = head;
  const body = growingText();
  if (length === 'chunked') {
    if (!(yield* readChunks(input, body))) return 'not-http';
  } else {
    if (length !== undefined && length > longestAnswer) return 'too-long';
    yield* readBytes(input, length, body);
  }
  // What comes unasked is no answer to the next request.
  return { status, text: body.text(), reusable: reusable && input.at === input.piece.length };
}

function* readChunks(input: Input, body: GrowingText): Read<boolean> {
  for (;;) {
    const line = yield* readLine(input, longestChunkLine);
    const size = /^([0-9a-f]{1,8})[ \t]*(;.*)?$/i.exec(line ?? '')?.[1];
    if (size === undefined) return false;
    const bytes = Number.parseInt(size, 16);
    // Fields may follow the last chunk; an empty line ends them.
    if (bytes === 0) return (yield* readLines(input)) !== undefined;
    yield* readBytes(input, bytes, body);
    if ((yield* readLine(input, longestChunkLine)) !== '') return false;
  }
}

/** @param wanted how many; undefined: all until the connection ends */
function* readBytes(input: Input, wanted: number | undefined, body: GrowingText): Read<void> {
  let left = wanted ?? Infinity;
  for (;;) {
    const { piece, at } = input;
    const next = Math.min(piece.length, at + left);
    body.add(piece, at, next);
    input.at = next;
    left -= next - at;
    if (left === 0 || (wanted === undefined && input.ended)) return;
    yield;
  }
}

/** Up to an empty line. @returns undefined where they are longer than any head, or one does not end as it must */
function* readLines(input: Input, start = ''): Read<readonly string[] | undefined> {
  const lines: string[] = [];
  let left = longestHead;
  for (;;) {
    const line = yield* readLine(input, left, lines.length === 0 ? start : '');
    if (line === undefined || line === '') return line === undefined ? undefined : lines;
    lines.push(line);
    left -= line.length + 2;
  }
}

/** @param start with what it must begin: another protocol shows by its first byte */
function* readLine(input: Input, longest: number, start = ''): Read<string | undefined> {
  let line = '';
  for (;;) {
    const { piece, at } = input;
    const end = piece.indexOf('\n', at);
    input.at = end < 0 ? piece.length : end + 1;
    line += piece.toString('latin1', at, input.at);
    if (line.length > longest || !line.startsWith(start.slice(0, line.length))) return undefined;
    if (end >= 0) return line.endsWith('\r\n') ? line.slice(0, -2) : undefined;
    yield;
  }
}

interface Head {
  readonly status: number;
  /** How long the rest is: so many bytes, as each chunk says, or, where it is undefined, until the connection ends. */
  readonly length: number | 'chunked' | undefined;
  readonly reusable: boolean;
}

function* readHead(input: Input): Read<Head | undefined> {
  for (let heads = 0; heads < 16; heads++) {
    const lines = yield* readLines(input, 'HTTP/');
    const head = lines && parseHead(lines);
    // Those below 200 only announce another. Behind 101 comes no HTTP.
    if (head === undefined || head.status >= 200 || head.status === 101) return head;
  }
  return undefined;
}

function parseHead([first = '', ...lines]: readonly string[]): Head | undefined {
  const [, minor, code] = /^HTTP\/1\.([01]) ([1-5]\d\d)(?: |$)/.exec(first) ?? [];
  if (code === undefined || !lines.every((line) => /^[^\s:]+:/.test(line))) return undefined;
  const fields = new Map<string, string>();
  for (const line of lines) {
    const [name, value] = splitField(line);
    const earlier = fields.get(name);
    fields.set(name, earlier === undefined ? value : `${earlier}, ${value}`);
  }
  const status = Number(code);
  const length = bodyLength(status, fields);
  if (length === 'not-http') return undefined;
  const closes = /(^|[,\s])close($|[,\s])/i.test(fields.get('connection') ?? '');
  return { status, length, reusable: minor === '1' && status !== 101 && !closes };
}

function splitField(line: string): readonly [name: string, value: string] {
  const colon = line.indexOf(':');
  return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
}

function bodyLength(status: number, fields: ReadonlyMap<string, string>): Head['length'] | 'not-http' {
  if (status < 200 || status === 204 || status === 304) return 0;
  const coding = fields.get('transfer-encoding')?.toLowerCase();
  if (coding !== undefined) return coding === 'chunked' ? 'chunked' : 'not-http';
  // Given twice it is the same, or one of them is a lie.
  const lengths = new Set(fields.get('content-length')?.split(/\s*,\s*/));
  const [length] = lengths;
  if (length === undefined) return undefined;
  return lengths.size === 1 && /^\d{1,15}$/.test(length) ? Number(length) : 'not-http';
}

interface GrowingText {
  add(from: Buffer, start: number, end: number): void;
  text(): string;
}

/** One buffer, twice as large each time it is full: a list of all that came would cost a hundred bytes for each chunk of one. */
function growingText(): GrowingText {
  let bytes = Buffer.allocUnsafe(16 * 1024);
  let length = 0;
  return {
    add(from, start, end) {
      const wanted = length + end - start;
      if (wanted > bytes.length) {
        const larger = Buffer.allocUnsafe(Math.max(2 * bytes.length, wanted));
        bytes.copy(larger, 0, 0, length);
        bytes = larger;
      }
      from.copy(bytes, length, start, end);
      length = wanted;
    },
    text: () => bytes.toString('utf8', 0, length),
  };
}
