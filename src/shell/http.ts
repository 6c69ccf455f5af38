// GETs over a socket, on connections that are kept for the next one. No redirections: an engine has none to give.
import type { Socket } from 'node:net';
import { answerReader } from '../core/http-answer.ts';
import type { HttpAnswer } from '../core/http-answer.ts';

export interface Dialer {
  /** The host's name, as the request gives it. */
  readonly name: string;
  readonly open: () => Socket;
}

/** The ways in which an exchange fails that the connection itself does not tell, as `code` of the error. */
type ExchangeError = 'HTTP_SILENT' | 'HTTP_INCOMPLETE' | 'HTTP_NONSENSE';

/** @param patience how many seconds the other side may say nothing */
export function httpGet({ name, open }: Dialer, patience: number): (path: string) => Promise<HttpAnswer> {
  // Nothing waits for these until the next request; one that the other side ends meanwhile is not used again.
  const idle = new Set<Socket>();
  const connect = (): Socket => {
    const socket = open();
    for (const event of ['end', 'error', 'close']) socket.on(event, () => idle.delete(socket));
    return socket;
  };
  return async (path) => {
    const [socket = connect()] = idle;
    idle.delete(socket);
    const answer = await exchange(socket, `GET ${path} HTTP/1.1\r\nHost: ${name}\r\n\r\n`, patience * 1000);
    socket.unref();
    if (answer.reusable) idle.add(socket);
    else socket.destroy();
    return answer;
  };
}

function exchange(socket: Socket, request: string, patience: number): Promise<HttpAnswer> {
  return new Promise((resolve, reject) => {
    const reader = answerReader();
    const done = (): void => {
      for (const [event, listener] of Object.entries(listeners)) socket.off(event, listener);
      socket.setTimeout(0);
    };
    const fail = (error: Error): void => {
      done();
      socket.destroy();
      reject(error);
    };
    const failAs = (code: ExchangeError): void => fail(Object.assign(new Error(code), { code }));
    const succeed = (answer: HttpAnswer): void => {
      done();
      resolve(answer);
    };
    const listeners = {
      data: (data: Buffer) => {
        const reading = reader.take(data);
        if (reading === 'not-http') failAs('HTTP_NONSENSE');
        else if (reading !== 'more') succeed(reading);
      },
      end: () => {
        const answer = reader.end();
        if (answer === undefined) failAs('HTTP_INCOMPLETE');
        else succeed(answer);
      },
      close: () => failAs('HTTP_INCOMPLETE'),
      error: fail,
      timeout: () => failAs('HTTP_SILENT'),
    };
    for (const [event, listener] of Object.entries(listeners)) socket.on(event, listener);
    socket.setTimeout(patience);
    socket.ref();
    socket.write(request);
  });
}
