// The engine by dockerode, for what is more than a question: making a container, streams, events. Loaded when it comes to that.
import { subscribe } from 'node:diagnostics_channel';
import { Agent as HttpAgent } from 'node:http';
import type { ClientRequest, IncomingMessage } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { inspect as inspectValue } from 'node:util';
import Docker from 'dockerode';
import type { Endpoint } from '../core/endpoint.ts';
import { fail, success } from '../core/failure.ts';
import type { Result } from '../core/failure.ts';
import { engineMessage, explainError, patience, readTls } from './engine.ts';

// docker-modem uses url.parse, of which Node would warn the user on stderr.
process.noDeprecation = true;

export function dockerode(endpoint: Endpoint): Result<Docker> {
  const options = connection(endpoint);
  return options.ok ? success(new Docker(options.value)) : options;
}

/** @param error docker-modem's own: with `statusCode` where the engine answered, with `code` where the connection failed */
export function explainModem(error: unknown, request: string, endpoint: Endpoint, caller: () => string): Result<never> {
  const { statusCode, json, reason } = error as { statusCode?: number; json?: unknown; reason?: string };
  if (statusCode === undefined) return explainError(error, request, endpoint, caller);
  return fail({ kind: 'engine-refused', request, status: statusCode, message: engineMessage(json) || (reason ?? '') });
}

// docker-modem makes a debug text of its options for every request, needed or not: with the agent's sockets in it,
// that takes longer than the request.
const quietly = <Agent extends HttpAgent>(agent: Agent): Agent =>
  Object.assign(agent, { [inspectValue.custom]: () => 'agent' });

const keepAlive = { keepAlive: true };

function connection({ transport }: Endpoint): Result<Docker.DockerOptions> {
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

/** The two ends of an exchange that docker-modem waits for without end: silence, and half an answer. */
const exchangeErrors = {
  silent: Object.assign(new Error('no answer in time'), { code: 'HTTP_SILENT' }),
  incomplete: Object.assign(new Error('half an answer'), { code: 'HTTP_INCOMPLETE' }),
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
