// Asks the engine: every request is bounded in time, and every way it can go wrong is a failure with a name.
import { readFileSync } from 'node:fs';
import { connect as connectSocket, isIP } from 'node:net';
import type { Socket } from 'node:net';
import { parseJson } from '../core/decode.ts';
import { engineRefusal } from '../core/engine-refusal.ts';
import type { Endpoint, Tls } from '../core/endpoint.ts';
import { fail, success } from '../core/failure.ts';
import type { Result } from '../core/failure.ts';
import { httpGet } from './http.ts';
import type { Dialer } from './http.ts';
import { begin } from './trace.ts';

export interface Engine {
  readonly endpoint: Endpoint;
  /** All containers, also stopped ones, that carry every one of these labels (`key` or `key=value`). */
  list(labels: readonly string[]): Promise<Result<Answer>>;
  /** One container by id, id prefix or name; undefined where there is none. */
  inspect(container: string): Promise<Result<Answer | undefined>>;
  /** All networks. The list does not say who is on them. */
  networks(): Promise<Result<Answer>>;
  /** The engine's account of itself and its machine. */
  info(): Promise<Result<Answer>>;
}

/** What was asked, for messages, and the JSON that came back. */
export interface Answer {
  readonly request: string;
  readonly json: unknown;
}

/** What the engine takes for a name or an id (moby, daemon/names). */
const isContainerName = /^\/?[a-zA-Z0-9][a-zA-Z0-9_.-]*$/;

/** An engine whose answer is not whole after so long is taken for dead. */
export const patience = { seconds: 15 };

/** Connects lazily; what cannot be read for it (TLS files) is known at once. The caller's name is for messages. */
export function connect(endpoint: Endpoint, caller: () => string): Result<Engine> {
  const dial = dialer(endpoint);
  if (!dial.ok) return dial;
  const get = httpGet(dial.value, patience.seconds);

  const ask = async (path: string, query = ''): Promise<Result<Answer>> => {
    const request = `GET ${path}`;
    const answered = begin(request.replace(/[0-9a-f]{64}/, 'ID'));
    try {
      const { status, text } = await get(path + query);
      answered();
      // An answer's shape is checked anyway.
      const json = parseJson(text) ?? text;
      if (status === 200) return success({ request, json });
      return fail(engineRefusal(request, status, json));
    } catch (error) {
      return explainError(error, request, endpoint, caller);
    }
  };
  return success({
    endpoint,
    list: (labels) =>
      ask('/containers/json', `?all=true&filters=${encodeURIComponent(JSON.stringify({ label: labels }))}`),
    inspect: async (container) => {
      if (!isContainerName.test(container)) return success(undefined);
      const answer = await ask(`/containers/${encodeURIComponent(container)}/json`);
      const missing = !answer.ok && answer.failure.kind === 'engine-refused' && answer.failure.status === 404;
      return missing ? success(undefined) : answer;
    },
    networks: () => ask('/networks'),
    info: () => ask('/info'),
  });
}

/** Node sends a request once it gets to wait for what may come. */
export const sent = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** How the engine is reached: its name there, and what opens a connection. */
function dialer({ transport }: Endpoint): Result<Dialer> {
  if (transport.kind === 'unix')
    return success({ name: 'localhost', open: () => connectSocket({ path: transport.socketPath }) });
  const { hostname: host, port, tls } = transport;
  const name = host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
  if (tls === undefined) return success({ name, open: () => connectSocket({ host, port }) });
  const material = readTls(tls);
  if (!material.ok) return material;
  const options = { ...material.value, host, port, servername: isIP(host) === 0 ? host : '' };
  // Its cryptography takes longer to load than all the rest of netexec.
  const open = (): Socket =>
    process.getBuiltinModule('node:tls').connect({ ...options, rejectUnauthorized: tls.verify });
  return success({ name, open });
}

export function readTls(tls: Tls): Result<Record<string, Buffer>> {
  const material: Record<string, Buffer> = {};
  for (const part of ['ca', 'cert', 'key'] as const) {
    const wanted = tls[part];
    if (wanted === undefined) continue;
    try {
      material[part] = readFileSync(wanted.file);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (wanted.required || (code !== 'ENOENT' && code !== 'ENOTDIR'))
        return fail({ kind: 'tls-file-unreadable', file: wanted.file, reason: code ?? String(error) });
    }
  }
  return success(material);
}

/** @param error what a connection failed with, or an exchange over it */
export function explainError(
  error: unknown,
  request: string,
  { host, source, transport }: Endpoint,
  caller: () => string,
): Result<never> {
  const { code } = error as NodeJS.ErrnoException;
  switch (code) {
    case 'EACCES':
    case 'EPERM':
      if (transport.kind === 'unix')
        return fail({ kind: 'engine-permission', socket: transport.socketPath, user: caller() });
      return fail({ kind: 'engine-unreachable', host, source, reason: code });
    case 'HTTP_LATE':
      return fail({ kind: 'engine-silent', host, request, seconds: patience.seconds });
    case 'HTTP_INCOMPLETE':
    case 'ECONNRESET':
    case 'EPIPE':
      return fail({ kind: 'engine-nonsense', request, problem: 'the connection ended before the answer was whole' });
    case 'HTTP_NONSENSE':
      return fail({ kind: 'engine-nonsense', request, problem: 'it is not HTTP' });
    case 'HTTP_TOO_LONG':
      return fail({ kind: 'engine-nonsense', request, problem: 'it is too long' });
    case undefined:
      throw error;
    default:
      // Of Node's parser of HTTP.
      if (code.startsWith('HPE_')) return fail({ kind: 'engine-nonsense', request, problem: 'it is not HTTP' });
      if (transport.kind === 'tcp' && /CERT|SIGNATURE/.test(code) && !code.includes('_ALERT_')) {
        return fail({ kind: 'engine-untrusted', host, source, reason: code });
      }
      return fail({ kind: 'engine-unreachable', host, source, reason: reasons[code] ?? code });
  }
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'no such socket',
  ECONNREFUSED: 'nothing answers there (ECONNREFUSED)',
  ENOTFOUND: 'no such host (ENOTFOUND)',
  ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED: 'it wants a client certificate',
};
