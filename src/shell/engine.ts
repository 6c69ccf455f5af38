// Asks the engine: every request is bounded in time, and every way it can go wrong is a failure with a name.
import { subscribe } from 'node:diagnostics_channel';
import { readFileSync } from 'node:fs';
import { inspect as inspectValue } from 'node:util';
import { Agent as HttpAgent } from 'node:http';
import type { ClientRequest, IncomingMessage } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import Docker from 'dockerode';
import type { Endpoint, Tls } from '../core/endpoint.ts';
import { fail, success } from '../core/failure.ts';
import type { Result } from '../core/failure.ts';

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

// docker-modem uses url.parse, of which Node would warn the user on stderr.
process.noDeprecation = true;

/** What the engine takes for a name or an id (moby, daemon/names). */
const isContainerName = /^\/?[a-zA-Z0-9][a-zA-Z0-9_.-]*$/;

/** An engine that accepts a connection and then says nothing for so long is taken for dead. */
const patience = { seconds: 15 };

/** Connects lazily; what cannot be read for it (TLS files) is known at once. The caller's name is for messages. */
export function connect(endpoint: Endpoint, caller: string): Result<Engine> {
  const options = connection(endpoint);
  if (!options.ok) return options;
  const docker = new Docker(options.value);

  const ask = async (request: string, send: () => Promise<unknown>): Promise<Result<Answer>> => {
    try {
      return success({ request, json: await send() });
    } catch (error) {
      return explainError(error, request, endpoint, caller);
    }
  };
  return success({
    endpoint,
    list: (labels) =>
      ask('GET /containers/json', () =>
        docker.listContainers({ all: true, filters: JSON.stringify({ label: labels }) as never }),
      ),
    inspect: async (container) => {
      if (!isContainerName.test(container)) return success(undefined);
      // dockerode puts the id into the path as it is.
      const id = encodeURIComponent(container);
      const answer = await ask(`GET /containers/${id}/json`, () => docker.getContainer(id).inspect());
      const missing = !answer.ok && answer.failure.kind === 'engine-refused' && answer.failure.status === 404;
      return missing ? success(undefined) : answer;
    },
    networks: () => ask('GET /networks', () => docker.listNetworks()),
    info: () => ask('GET /info', () => docker.info()),
  });
}

// docker-modem makes a debug text of its options for every request, needed or not: with the agent's sockets in it,
// that takes longer than the request.
const quietly = <Agent extends HttpAgent>(agent: Agent): Agent =>
  Object.assign(agent, { [inspectValue.custom]: () => 'agent' });

// One connection serves all requests of a run.
const keepAlive = { keepAlive: true };

export function connection({ transport }: Endpoint): Result<Docker.DockerOptions> {
  // `host: undefined` keeps docker-modem from preferring DOCKER_HOST, which has been looked at already.
  if (transport.kind === 'unix') {
    return success({
      host: undefined,
      socketPath: transport.socketPath,
      agent: quietly(new HttpAgent(keepAlive)),
    } as Docker.DockerOptions);
  }
  const { hostname: host, port, tls } = transport;
  if (tls === undefined) return success({ host, port, protocol: 'http', agent: quietly(new HttpAgent(keepAlive)) });
  const material = readTls(tls);
  if (!material.ok) return material;
  // docker-modem hands on ca, cert and key, but not whether to verify: the agent carries all of it.
  const agent = quietly(new HttpsAgent({ ...keepAlive, ...material.value, rejectUnauthorized: tls.verify }));
  return success({ host, port, protocol: 'https', agent });
}

function readTls(tls: Tls): Result<Record<string, Buffer>> {
  const material: Record<string, Buffer> = {};
  for (const part of ['ca', 'cert', 'key'] as const) {
    const wanted = tls[part];
    if (wanted === undefined) continue;
    try {
      material[part] = readFileSync(wanted.file);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (wanted.required || code !== 'ENOENT')
        return fail({ kind: 'tls-file-unreadable', file: wanted.file, reason: code ?? String(error) });
    }
  }
  return success(material);
}

/** The two ends of an exchange that docker-modem waits for without end: silence, and half an answer. */
const exchangeErrors = {
  silent: Object.assign(new Error('no answer in time'), { code: 'ENGINE_SILENT' }),
  incomplete: Object.assign(new Error('half an answer'), { code: 'ENGINE_INCOMPLETE' }),
};

/** Requests that are answered when something has happened. */
const takesItsTime = /^(\/v[\d.]+)?\/(events|containers\/\w+\/(attach|wait))(\?|$)/;

subscribe('http.client.request.start', (message) => {
  const { request } = message as { request: ClientRequest };
  if (takesItsTime.test(request.path)) return;
  request.setTimeout(patience.seconds * 1000, () => request.destroy(exchangeErrors.silent));
  // docker-modem follows redirections, to wherever they lead. An engine has none to give.
  request.prependOnceListener('response', ({ headers }: IncomingMessage) => delete headers.location);
  request.once('response', (response: IncomingMessage) => {
    response.once('close', () => {
      if (!response.complete) request.emit('error', exchangeErrors.incomplete);
    });
  });
});

// docker-modem throws plain errors: with `statusCode` when the engine answered, with `code` when the connection failed.
export function explainError(
  error: unknown,
  request: string,
  { host, source, transport }: Endpoint,
  user: string,
): Result<never> {
  const { code, statusCode } = error as { code?: string; statusCode?: number };
  if (statusCode !== undefined)
    return fail({ kind: 'engine-refused', request, status: statusCode, message: engineMessage(error) });
  switch (code) {
    case 'EACCES':
    case 'EPERM':
      if (transport.kind === 'unix') return fail({ kind: 'engine-permission', socket: transport.socketPath, user });
      return fail({ kind: 'engine-unreachable', host, source, reason: code });
    case 'ENGINE_SILENT':
      return fail({ kind: 'engine-silent', host, request, seconds: patience.seconds });
    case 'ENGINE_INCOMPLETE':
    case 'ECONNRESET':
    case 'EPIPE':
      return fail({ kind: 'engine-nonsense', request, problem: 'the connection ended before the answer was whole' });
    case undefined:
      throw error;
    default:
      if (transport.kind === 'tcp' && /CERT|SIGNATURE/.test(code) && !code.includes('_ALERT_')) {
        return fail({ kind: 'engine-untrusted', host, source, reason: code });
      }
      if (code.startsWith('HPE_')) return fail({ kind: 'engine-nonsense', request, problem: 'it is not HTTP' });
      return fail({ kind: 'engine-unreachable', host, source, reason: reasons[code] ?? code });
  }
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'no such socket',
  ECONNREFUSED: 'nothing answers there (ECONNREFUSED)',
  ENOTFOUND: 'no such host (ENOTFOUND)',
  ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED: 'it wants a client certificate',
};

function engineMessage(error: unknown): string {
  const { json, reason } = error as { json?: unknown; reason?: string };
  if (typeof json === 'object' && json !== null && 'message' in json && typeof json.message === 'string')
    return json.message;
  return typeof json === 'string' ? json.trim() : (reason ?? '');
}
