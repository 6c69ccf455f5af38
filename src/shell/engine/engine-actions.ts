// Has the engine do something about containers and images, and takes what it carries of a container: for the way in by the
// engine. A connection for each, which a socket takes no time to give.
import type { Duplex } from 'node:stream';
import { parseJson } from '../../core/json/decode.ts';
import type { EngineAddress } from '../../core/engine/engine-address.ts';
import { fail, success } from '../../core/failure/failure.ts';
import type { Result } from '../../core/failure/failure.ts';
import type { HttpAnswer } from '../../core/engine/http-answer.ts';
import { engineRefusal, explainError } from './engine-errors.ts';
import { startDeadline } from './deadline.ts';
import { patience } from './engine.ts';
import { exchange } from './http.ts';
import { begin } from '../process/trace.ts';
import { transportTo } from './transport.ts';

/** What a request brings along. */
export interface Body {
  readonly type: string;
  readonly text: string | Buffer;
}

export interface EngineActions {
  /** @param limit in milliseconds, where more than the usual is to be waited for. @returns the JSON of the answer, or its text */
  readonly ask: (line: string, body?: Body, limit?: number) => Promise<Result<unknown>>;
  /** @returns the bytes of the answer */
  readonly fetch: (line: string) => Promise<Result<Buffer>>;
  /** Asks for what takes as long as it takes. */
  readonly wait: (line: string) => Waiting;
  /** What a container reads and prints. */
  readonly stream: (line: string) => Promise<Result<Duplex>>;
}

export interface Waiting {
  /** When the engine waits, or with its answer where that is there at once. */
  readonly begun: Promise<Result<unknown> | undefined>;
  readonly answer: Promise<Result<unknown>>;
  readonly giveUp: () => void;
}

/** In milliseconds: as long as a timer can be set to. */
export const asLongAsItTakes = 2 ** 31 - 1;

export function connectActions(endpoint: EngineAddress, caller: () => string): Result<EngineActions> {
  const transport = transportTo(endpoint);
  if (!transport.ok) return transport;
  const { name, openStream } = transport.value;

  const explained = async (
    line: string,
    exchanged: Promise<HttpAnswer>,
    manner: 'upgrades' | 'in bytes' | undefined,
  ): Promise<Result<unknown>> => {
    const request = named(line);
    const answered = begin(request);
    try {
      const { status, text } = await exchanged;
      answered();
      const json = manner === 'in bytes' && status === 200 ? text : (parseJson(text) ?? text);
      return (manner === 'upgrades' ? [101] : [200, 201, 204]).includes(status)
        ? success(json)
        : fail(engineRefusal(request, status, json));
    } catch (error) {
      return explainError(error, request, endpoint, caller, patience.seconds);
    }
  };
  const send = (line: string, body: Body | undefined, limit: number, manner?: 'upgrades' | 'in bytes') => {
    const socket = openStream();
    // What comes behind the answer is told where it is read.
    socket.on('error', () => {});
    const text = body?.text ?? '';
    const head = [`${line} HTTP/1.1`, `Host: ${name}`, `Content-Length: ${Buffer.byteLength(text)}`];
    if (manner === 'upgrades') head.push('Connection: Upgrade', 'Upgrade: tcp');
    if (body !== undefined) head.push(`Content-Type: ${body.type}`);
    const encoding = manner === 'in bytes' ? 'latin1' : 'utf8';
    const isShort = typeof text === 'string';
    // In one piece: what is short would be waited with for an acknowledgement.
    const exchanged = exchange(socket, `${head.join('\r\n')}\r\n\r\n${isShort ? text : ''}`, limit, encoding);
    if (!isShort) socket.write(text);
    return { socket, answer: explained(line, exchanged, manner) };
  };
  const limit = patience.seconds * 1000;
  return success({
    ask: async (line, body, longer = limit) => {
      const { socket, answer } = send(line, body, longer);
      const told = await answer;
      socket.destroy();
      return told;
    },
    fetch: async (line) => {
      const { socket, answer } = send(line, undefined, limit, 'in bytes');
      const told = await answer;
      socket.destroy();
      return told.ok ? success(Buffer.from(String(told.value), 'latin1')) : told;
    },
    wait: (line) => {
      const { socket, answer: exchanged } = send(line, undefined, asLongAsItTakes);
      // An engine keeps it open, and netexec would stay for it.
      const answer = exchanged.finally(() => void socket.destroy());
      const release = startDeadline(
        () => void socket.destroy(Object.assign(new Error('no answer'), { code: 'HTTP_LATE' })),
      );
      // Where all of it is there at once it is read first.
      const head = new Promise<undefined>((resolve) => socket.once('data', () => setImmediate(resolve, undefined)));
      const begun = Promise.race([head, answer]).finally(release);
      return { begun, answer, giveUp: () => void socket.destroy() };
    },
    stream: async (line) => {
      const { socket, answer } = send(line, undefined, limit, 'upgrades');
      const told = await answer;
      if (told.ok) return success(socket);
      socket.destroy();
      return told;
    },
  });
}

/** As messages have it: without its query, and whatever the id. */
const named = (line: string): string => line.replace(/\?.*/, '').replace(/(?<=\/containers\/)[0-9a-f]{12,}/, 'ID');

export const inJson = (value: object): Body => ({ type: 'application/json', text: JSON.stringify(value) });

/** As the engine takes what it is told in a request's address. */
export const query = (values: Readonly<Record<string, string>>): string => `?${String(new URLSearchParams(values))}`;
