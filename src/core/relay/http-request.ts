// What a client asks an HTTP proxy for: `CONNECT web:80`, or `GET http://web/`; and what it is told where that is not to be had.
import { begin } from './http-exchange.ts';
import type { Exchange } from './http-exchange.ts';
import { takeHead } from './http-head.ts';
import type { Head } from './http-head.ts';
import { isHostName } from './local-ports.ts';
import type { Destination } from './local-ports.ts';
import { isIPv6 } from '../names/ip-address.ts';

export interface HttpRequest {
  readonly destination: Destination;
  /** Undefined for CONNECT: all that comes is the server's. */
  readonly exchange: Exchange | undefined;
  /** In front of all that comes. */
  readonly head: Buffer;
  readonly rest: Buffer;
}

/** @returns an answer where that is no request to a proxy */
export function readHttpRequest(heard: Buffer): HttpRequest | Buffer | 'more' {
  if (!/^[A-Za-z]/.test(heard.toString('latin1', 0, 1))) return answer(400, nonsense);
  const taken = takeHead(heard);
  if (taken === 'more') return taken;
  if (taken === 'long') return answer(431, 'the header of this request is too long');
  if (taken === 'none') return answer(400, nonsense);
  const [, method, place, version] = /^([A-Za-z][\w-]*) (\S+) HTTP\/(\d\.\d)$/.exec(taken.head.start) ?? [];
  if (method === undefined || place === undefined) return answer(400, nonsense);
  if (version !== '1.1' && version !== '1.0') return answer(505, 'this proxy only supports HTTP/1.0 and HTTP/1.1');
  const read = method === 'CONNECT' ? readTunnel(place) : readUrl(taken.head, method, place, version);
  return Buffer.isBuffer(read) ? read : { ...read, rest: taken.rest };
}

export const nonsense = 'this is not a proxy request';

type Read = Omit<HttpRequest, 'rest'> | Buffer;

function readTunnel(place: string): Read {
  const destination = destinationOf(place);
  if (destination === undefined) return answer(400, 'CONNECT needs HOST:PORT');
  return { destination, exchange: undefined, head: Buffer.alloc(0) };
}

function readUrl(head: Head, method: string, url: string, version: string): Read {
  const [, scheme, host = '', path = ''] = /^([a-z][a-z\d+.-]*):\/\/([^/?#]*)([^#]*)/i.exec(url) ?? [];
  if (scheme === undefined)
    return answer(
      400,
      'this is a proxy, not a web page: give its address to a browser or to curl -x, and request http://SERVICE/',
    );
  if (!['http', 'ws'].includes(scheme.toLowerCase()))
    return answer(501, `this proxy fetches only http://; use CONNECT for ${scheme}://`);
  const destination = destinationOf(host, 80);
  if (destination === undefined) return answer(400, 'the address has no HOST or HOST:PORT');
  const whole = path === '' && method === 'OPTIONS' ? '*' : path.replace(/^(?!\/)/, '/');
  const begun = begin(head, `${method} ${whole} HTTP/${version}`, host);
  if (begun === undefined)
    return answer(501, 'cannot tell where this request ends: send one Content-Length, or use chunked encoding');
  return { destination, ...begun };
}

function destinationOf(text: string, byDefault?: number): Destination | undefined {
  const [, bracketed, name, digits] = /^(?:\[([^\]]*)\]|([^:]*))(?::(\d{0,5}))?$/.exec(text) ?? [];
  const port = digits === undefined || digits === '' ? byDefault : Number(digits);
  const host = bracketed ?? name ?? '';
  if (port === undefined || port < 1 || port > 65_535) return undefined;
  return (bracketed === undefined ? isHostName(host) : isIPv6(host)) ? { host, port } : undefined;
}

const statuses = {
  400: 'Bad Request',
  431: 'Request Header Fields Too Large',
  501: 'Not Implemented',
  502: 'Bad Gateway',
  504: 'Gateway Timeout',
  505: 'HTTP Version Not Supported',
} as const;

/** An answer of the proxy's own. */
export function answer(status: keyof typeof statuses, sentence: string): Buffer {
  const body = `netexec: ${sentence}\n`;
  const fields = [
    'Content-Type: text/plain; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
  ];
  return Buffer.from([`HTTP/1.1 ${status} ${statuses[status]}`, ...fields, '', body].join('\r\n'));
}

export const httpGranted = Buffer.from('HTTP/1.1 200 Connection established\r\n\r\n');
