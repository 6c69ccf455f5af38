// One request of HTTP that a proxy hands on itself, and its answer: `GET http://web/ HTTP/1.1`. Bodies pass as they are, and
// the connection ends behind the answer, but where that leaves HTTP, as for a WebSocket.
import { chunked, follow, sized } from './http-body.ts';
import type { Body } from './http-body.ts';
import { listOf, rewritten, takeHead } from './http-head.ts';
import type { Head } from './http-head.ts';

export interface Exchange {
  /** Of the request, what is still to come. */
  readonly body: Body;
  /** It wants to go on without HTTP. */
  readonly upgrade: boolean;
  /** Of the answer's head. */
  readonly heard: Buffer;
  readonly answered: boolean;
}

/** The request as its server is to have it; undefined where nobody could tell where it ends. */
export function begin(
  head: Head,
  start: string,
  host: string,
): { readonly head: Buffer; readonly exchange: Exchange } | undefined {
  const body = bodyOf(head);
  if (body === undefined) return undefined;
  const upgrade = listOf(head, 'connection').includes('upgrade') && listOf(head, 'upgrade').length > 0;
  const others = { ...head, fields: head.fields.filter(({ name }) => name !== 'host') };
  const added = [`Host: ${host}`, `Connection: ${upgrade ? 'Upgrade' : 'close'}`];
  return {
    head: rewritten(others, start, added, upgrade ? ['upgrade'] : []),
    exchange: { body, upgrade, heard: Buffer.alloc(0), answered: false },
  };
}

function bodyOf(head: Head): Body | undefined {
  const encodings = listOf(head, 'transfer-encoding');
  const lengths = new Set(listOf(head, 'content-length'));
  if (encodings.length > 0) return encodings.join() === 'chunked' && lengths.size === 0 ? chunked : undefined;
  const [length = '0'] = lengths;
  return lengths.size > 1 || !/^\d{1,15}$/.test(length) ? undefined : sized(Number(length));
}

export interface Passed {
  readonly exchange: Exchange;
  /** For the other side. */
  readonly pass: Buffer;
  /** From now on all that comes is the other's. */
  readonly joined?: boolean;
}

/** @returns undefined for what is no HTTP */
export function fromClient(exchange: Exchange, bytes: Buffer): Passed | undefined {
  const followed = follow(exchange.body, bytes);
  // Behind its request a client waits: for what it says early there may be another server, or no HTTP any more.
  if (followed === undefined || (exchange.upgrade && followed.length < bytes.length)) return undefined;
  return { exchange: { ...exchange, body: followed.body }, pass: bytes.subarray(0, followed.length) };
}

/** @returns undefined for what is no HTTP */
export function fromServer(exchange: Exchange, bytes: Buffer): Passed | undefined {
  if (exchange.answered) return { exchange, pass: bytes };
  const whole = Buffer.concat([exchange.heard, bytes]);
  // In front of the answer there may be as many others as a server likes, which pass as they are (RFC 9110, 15.2).
  for (let at = 0; ;) {
    const heard = whole.subarray(at);
    if (!begins.startsWith(heard.toString('latin1', 0, begins.length))) return undefined;
    const taken = takeHead(heard);
    if (taken === 'more') return { exchange: { ...exchange, heard }, pass: whole.subarray(0, at) };
    if (typeof taken === 'string') return undefined;
    const { head, rest } = taken;
    const status = /^HTTP\/1\.[01] (\d{3})(?: |$)/.exec(head.start)?.[1];
    if (status === undefined) return undefined;
    if (status === '101') return { exchange, pass: whole, joined: true };
    if (!status.startsWith('1')) {
      const answer = rewritten(head, head.start, ['Connection: close']);
      const pass = Buffer.concat([whole.subarray(0, at), answer, rest]);
      return { exchange: { ...exchange, heard: Buffer.alloc(0), answered: true }, pass };
    }
    at = whole.length - rest.length;
  }
}

const begins = 'HTTP/1.';
