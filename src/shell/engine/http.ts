// GETs over a socket, on connections that are kept for the next one. No redirections: an engine has none to give.
import type { EventEmitter } from 'node:events';
import { answerReader } from '../../core/engine/http-answer.ts';
import type { HttpAnswer, Reading } from '../../core/engine/http-answer.ts';

/** What an exchange needs of a socket: it tells of 'data', 'end', 'error' and 'close'. */
export interface Connection extends EventEmitter {
  readonly writable: boolean;
  write(text: string): unknown;
  destroy(): unknown;
  ref(): unknown;
  unref(): unknown;
  /** When it is the other side that is waited for; not there: from the beginning. */
  readonly ready?: Promise<unknown>;
}

export interface Dialer {
  /** The host's name, as the request gives it. */
  readonly name: string;
  readonly open: () => Connection;
}

/** The ways in which an exchange fails that the connection itself does not tell, as `code` of the error. */
const exchangeErrors = {
  late: 'HTTP_LATE',
  incomplete: 'HTTP_INCOMPLETE',
  'not-http': 'HTTP_NONSENSE',
  'too-long': 'HTTP_TOO_LONG',
} as const;

/** @param patience how many seconds an answer may take, from the connection to its last byte */
export function httpGet({ name, open }: Dialer, patience: number): (path: string) => Promise<HttpAnswer> {
  // Nothing waits for these until the next request; one that the other side ends meanwhile, or says something on, is not used again.
  const idle = new Set<Connection>();
  const connect = (): Connection => {
    const socket = open();
    const forget = (): void => {
      if (idle.delete(socket)) socket.destroy();
    };
    for (const event of ['data', 'end', 'error', 'close']) socket.on(event, forget);
    return socket;
  };
  return async (path) => {
    const [socket = connect()] = idle;
    idle.delete(socket);
    const answer = await exchange(socket, `GET ${path} HTTP/1.1\r\nHost: ${name}\r\n\r\n`, patience * 1000);
    socket.unref();
    if (answer.reusable && socket.writable) idle.add(socket);
    else socket.destroy();
    return answer;
  };
}

/** @param patience in milliseconds */
export function exchange(
  socket: Connection,
  request: string,
  patience: number,
  encoding?: 'utf8' | 'latin1',
): Promise<HttpAnswer> {
  return new Promise((resolve, reject) => {
    const reader = answerReader(encoding);
    let settled = false;
    const done = (): void => {
      settled = true;
      for (const [event, listener] of Object.entries(listeners)) socket.off(event, listener);
      clearTimeout(deadline);
    };
    const fail = (error: Error): void => {
      done();
      socket.destroy();
      reject(error);
    };
    const failAs = (code: string): void => fail(Object.assign(new Error(code), { code }));
    const heard = (reading: Reading | undefined): void => {
      if (reading === 'more') return;
      if (typeof reading !== 'object') return failAs(exchangeErrors[reading ?? 'incomplete']);
      done();
      resolve(reading);
    };
    const listeners = {
      data: (data: Buffer) => heard(reader.take(data)),
      end: () => heard(reader.end()),
      close: () => failAs(exchangeErrors.incomplete),
      error: fail,
    };
    for (const [event, listener] of Object.entries(listeners)) socket.on(event, listener);
    // What came in time is read first, where netexec itself was stopped meanwhile.
    let deadline: NodeJS.Timeout | undefined;
    const limit = (): void => {
      if (!settled) deadline = setTimeout(() => setImmediate(() => settled || failAs(exchangeErrors.late)), patience);
    };
    if (socket.ready === undefined) limit();
    else void socket.ready.then(limit);
    socket.ref();
    socket.write(request);
  });
}
