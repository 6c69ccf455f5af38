// What --check says first to a server of a known kind, and what the answer means. No user, no password, nothing changed.
import type { CheckedEndpoint, Protocol } from './checked-endpoint.ts';

export interface Words {
  /** What the server said, for people. */
  readonly said: string;
  /** `not-ready`: it will be, later. `rejected`: it does not serve this client. `other`: it speaks something else. */
  readonly trouble: 'not-ready' | 'rejected' | 'other' | null;
  /** Kafka: the addresses that it sends its clients to. */
  readonly advertised: readonly string[];
}

/** @returns undefined where the server speaks first */
export function firstWords({ protocol, host, port, path }: CheckedEndpoint): Buffer | undefined {
  switch (protocol) {
    case 'http':
      return Buffer.from(
        `GET ${path} HTTP/1.1\r\nHost: ${host}:${port ?? 80}\r\nUser-Agent: docker-netexec\r\nAccept: */*\r\nConnection: close\r\n\r\n`,
      );
    case 'redis':
      return Buffer.from('PING\r\n');
    case 'postgres':
      return sized(Buffer.concat([number32(196_608), Buffer.from('user\0netexec\0database\0netexec\0\0')]), 4);
    case 'kafka':
      // Metadata, version 1, of no topic: who the brokers are.
      return sized(
        Buffer.concat([
          Buffer.from([0, 3, 0, 1]),
          number32(1),
          Buffer.from([0, 7]),
          Buffer.from('netexec'),
          number32(0),
        ]),
        0,
      );
    case 'tcp':
    case 'mysql':
      return undefined;
  }
}

/**
 * @param bytes what has come so far
 * @param ended whether nothing more will
 * @returns undefined where more is needed to understand it
 */
export function understand(protocol: Protocol, bytes: Buffer, ended: boolean): Words | undefined {
  const words = readers[protocol](bytes);
  if (words !== undefined || !ended) return words;
  return bytes.length === 0 ? undefined : other(bytes);
}

type Reader = (bytes: Buffer) => Words | undefined;

const readers: Readonly<Record<Protocol, Reader>> = {
  tcp: (bytes) => (firstLine(bytes) === '' ? undefined : fine(`it said ${JSON.stringify(firstLine(bytes))}`)),
  http: readHttp,
  redis: readRedis,
  postgres: readPostgres,
  mysql: readMysql,
  kafka: readKafka,
};

function readHttp(bytes: Buffer): Words | undefined {
  if (!startsLike(bytes, 'HTTP/')) return other(bytes);
  const line = wholeLine(bytes);
  return line === undefined ? undefined : fine(line);
}

function readRedis(bytes: Buffer): Words | undefined {
  if (!['+PONG', '-'].some((start) => startsLike(bytes, start))) return other(bytes);
  const line = wholeLine(bytes);
  if (line === undefined) return undefined;
  if (line.startsWith('-LOADING')) return { ...fine(`Redis: ${line.slice(1)}`), trouble: 'not-ready' };
  if (line.startsWith('-DENIED')) return { ...fine(`Redis: ${line.slice(1, 120)}`), trouble: 'rejected' };
  if (line.startsWith('-NOAUTH')) return fine('Redis, which requires a password');
  return line.startsWith('+PONG') ? fine('Redis: PONG') : other(bytes);
}

function readPostgres(bytes: Buffer): Words | undefined {
  const type = String.fromCharCode(bytes[0] ?? 0);
  if (type !== 'R' && type !== 'E') return other(bytes);
  if (bytes.length < 5) return undefined;
  const length = bytes.readInt32BE(1);
  if (length < 8 || length > 10_000) return other(bytes);
  if (bytes.length < 1 + length) return undefined;
  if (type === 'R') return fine(bytes.readInt32BE(5) === 0 ? 'PostgreSQL' : 'PostgreSQL, which requires a password');
  const fields = new Map(
    bytes
      .toString('utf8', 5, 1 + length)
      .split('\0')
      .map((field): [string, string] => [field.slice(0, 1), field.slice(1)]),
  );
  const message = fields.get('M') ?? '';
  switch (fields.get('C') ?? '') {
    case '57P03':
      return { ...fine(`PostgreSQL: ${message}`), trouble: 'not-ready' };
    case '53300':
      return { ...fine(`PostgreSQL: ${message}`), trouble: 'rejected' };
    default:
      // There is no role "netexec", or no line for it in pg_hba.conf: nobody has said that there should be.
      return fine(`PostgreSQL: ${message}`);
  }
}

function readMysql(bytes: Buffer): Words | undefined {
  if (bytes.length < 5) return undefined;
  const length = bytes.readUIntLE(0, 3);
  const kind = bytes[4];
  if (bytes[3] !== 0 || (kind !== 10 && kind !== 255) || length > 10_000) return other(bytes);
  if (bytes.length < 4 + length) return undefined;
  if (kind === 10) return fine(`MySQL ${bytes.toString('latin1', 5, bytes.indexOf(0, 5))}`);
  return { ...fine(`MySQL: ${bytes.toString('utf8', 7, 4 + length).replace(/^#\w{5}/, '')}`), trouble: 'rejected' };
}

function readKafka(bytes: Buffer): Words | undefined {
  if (bytes.length < 8) return undefined;
  const length = bytes.readInt32BE(0);
  if (length < 4 || length > 1_000_000 || bytes.readInt32BE(4) !== 1) return other(bytes);
  if (bytes.length < 4 + length) return undefined;
  try {
    const advertised = kafkaBrokers(bytes.subarray(8));
    return { ...fine(`Kafka, with brokers at ${advertised.join(', ') || 'no address'}`), advertised };
  } catch {
    return other(bytes);
  }
}

/** Metadata response, version 1: an array of (node id, host, port, rack). */
function kafkaBrokers(bytes: Buffer): readonly string[] {
  const brokers: string[] = [];
  let at = 4;
  for (let left = bytes.readInt32BE(0); left > 0; left -= 1) {
    const hostLength = bytes.readUInt16BE(at + 4);
    const host = bytes.toString('utf8', at + 6, at + 6 + hostLength);
    brokers.push(`${host}:${bytes.readInt32BE(at + 6 + hostLength)}`);
    at += 10 + hostLength;
    at += 2 + Math.max(0, bytes.readInt16BE(at));
  }
  return brokers;
}

const fine = (said: string): Words => ({ said, trouble: null, advertised: [] });

const other = (bytes: Buffer): Words | undefined =>
  bytes.length === 0 ? undefined : { ...fine(JSON.stringify(firstLine(bytes).slice(0, 60))), trouble: 'other' };

/** Whether these bytes are such a beginning, or may become it. */
const startsLike = (bytes: Buffer, start: string): boolean =>
  bytes.toString('latin1', 0, start.length) === start.slice(0, bytes.length);

function wholeLine(bytes: Buffer): string | undefined {
  const end = bytes.indexOf('\n');
  return end < 0 && bytes.length < 500 ? undefined : firstLine(bytes);
}

const firstLine = (bytes: Buffer): string => bytes.toString('latin1').split(/\r?\n/, 1)[0]?.slice(0, 200) ?? '';

const number32 = (value: number): Buffer => {
  const buffer = Buffer.alloc(4);
  buffer.writeInt32BE(value);
  return buffer;
};

/** @param own how much of the length is the length's own four bytes */
const sized = (body: Buffer, own: 0 | 4): Buffer => Buffer.concat([number32(body.length + own), body]);
