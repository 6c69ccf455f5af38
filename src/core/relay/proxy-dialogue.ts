// A connection to --proxy: what its client asks for, by SOCKS5 or HTTP, and what each side is then given.
// src/shell/relay/proxy-connection.ts tells it what happens, and does what it says.
import { fromClient, fromServer } from './http-exchange.ts';
import type { Exchange } from './http-exchange.ts';
import { answer, httpGranted, nonsense, readHttpRequest } from './http-request.ts';
import type { Side } from './joined-streams.ts';
import { hostPort } from '../names/ip-address.ts';
import { describeReason } from './local-port-text.ts';
import type { Destination } from './local-ports.ts';
import { readGreeting, readSocksRequest, socks4Refusal, socksGranted, socksRefusal, versions } from './socks.ts';

export type DialogueState =
  /** What has come is not all of what it asks for. */
  | { readonly kind: 'asking'; readonly heard: Buffer; readonly greeted: boolean }
  | Asked
  /** What comes from either is the other's. */
  | { readonly kind: 'joined' }
  /** It has been turned away: nothing more is said to it. */
  | { readonly kind: 'over' };

interface Asked {
  readonly kind: 'asked';
  readonly by: 'socks' | 'http';
  readonly destination: Destination;
  /** Of HTTP but for CONNECT: the request is handed on, and what comes is looked at. */
  readonly exchange?: Exchange | undefined;
}

export interface DialogueStep {
  readonly state: DialogueState;
  readonly toClient?: Buffer;
  readonly toServer?: Buffer;
  /** Is to be reached: `reached` or `failed` tells what came of it. */
  readonly connect?: Destination;
}

const nothing = Buffer.alloc(0);

/** A client is there. */
export const begin: DialogueState = { kind: 'asking', heard: nothing, greeted: false };

export function hear(state: DialogueState, from: Side, bytes: Buffer): DialogueStep {
  switch (state.kind) {
    case 'asking':
      return from === 'client' ? ask({ ...state, heard: Buffer.concat([state.heard, bytes]) }) : { state };
    case 'asked':
      return state.exchange === undefined ? passed(state, from, bytes) : exchange(state, state.exchange, from, bytes);
    case 'joined':
      return passed(state, from, bytes);
    case 'over':
      return { state };
  }
}

const passed = (state: DialogueState, from: Side, bytes: Buffer): DialogueStep =>
  from === 'client' ? { state, toServer: bytes } : { state, toClient: bytes };

const over = (toClient: Buffer = nothing): DialogueStep => ({ state: { kind: 'over' }, toClient });

type Asking = DialogueState & { readonly kind: 'asking' };

function ask(state: Asking): DialogueStep {
  const [first] = state.heard;
  if (first === undefined) return { state };
  if (state.greeted) return askBySocks(state);
  if (first === versions.socks5) return greet(state);
  return first === versions.socks4 ? over(socks4Refusal) : askByHttp(state);
}

function greet(state: Asking): DialogueStep {
  const greeting = readGreeting(state.heard);
  if (greeting === 'more') return { state };
  if (!greeting.accepted) return over(greeting.reply);
  // What it asks for may stand behind it.
  const next = ask({ ...state, heard: greeting.rest, greeted: true });
  return { ...next, toClient: Buffer.concat([greeting.reply, next.toClient ?? nothing]) };
}

function askBySocks(state: Asking): DialogueStep {
  const request = readSocksRequest(state.heard);
  if (request === 'more') return { state };
  if (Buffer.isBuffer(request)) return over(request);
  const { destination, rest } = request;
  return { state: { kind: 'asked', by: 'socks', destination }, connect: destination, toServer: rest };
}

function askByHttp(state: Asking): DialogueStep {
  const request = readHttpRequest(state.heard);
  if (request === 'more') return { state };
  if (Buffer.isBuffer(request)) return over(request);
  const { destination, exchange: begun, head, rest } = request;
  const next = hear({ kind: 'asked', by: 'http', destination, exchange: begun }, 'client', rest);
  if (next.state.kind === 'over') return next;
  return { ...next, connect: destination, toServer: Buffer.concat([head, next.toServer ?? nothing]) };
}

function exchange(state: Asked, now: Exchange, from: Side, bytes: Buffer): DialogueStep {
  const next = from === 'client' ? fromClient(now, bytes) : fromServer(now, bytes);
  if (next === undefined && from === 'server') return failed(state, 'EPROTO');
  if (next === undefined) return over(now.answered ? nothing : answer(400, nonsense));
  return passed(next.joined ? { kind: 'joined' } : { ...state, exchange: next.exchange }, from, next.pass);
}

/** Who was asked for is there. */
export function reached(state: DialogueState): DialogueStep {
  if (state.kind !== 'asked' || state.exchange !== undefined) return { state };
  return { state: { kind: 'joined' }, toClient: state.by === 'socks' ? socksGranted : httpGranted };
}

/** @param error a code of the system's, or of its resolver's */
export function failed(state: DialogueState, error: string): DialogueStep {
  if (state.kind !== 'asked') return { state };
  if (state.by === 'socks') return over(socksRefusal(error));
  const { host, port } = state.destination;
  const sentence = `${hostPort(host, port)}: ${describeReason(host, error)}`;
  return over(answer(error === 'ETIMEDOUT' ? 504 : 502, sentence));
}

/** Nothing more comes from there. */
export function ended(state: DialogueState, side: Side): DialogueStep {
  if (state.kind === 'asking' && side === 'client') return over();
  const isUnanswered = state.kind === 'asked' && state.exchange?.answered === false;
  return isUnanswered && side === 'server' ? failed(state, 'ECONNRESET') : { state };
}
