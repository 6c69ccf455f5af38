// The engine by dockerode, for its events, which have no end. Loaded when it comes to that.
import { subscribe } from 'node:diagnostics_channel';
import { Agent as HttpAgent } from 'node:http';
import type { ClientRequest, IncomingMessage } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import type { Socket } from 'node:net';
import { inspect as inspectValue } from 'node:util';
import Docker from 'dockerode';
import type { Endpoint } from '../core/endpoint.ts';
import { success } from '../core/failure.ts';
import type { Result } from '../core/failure.ts';
import { readTls } from './engine-tcp.ts';
import { startDeadline } from './deadline.ts';

// docker-modem uses url.parse, of which the runtime would warn the user on stderr.
process.noDeprecation = true;

export function dockerode(endpoint: Endpoint): Result<Docker> {
  const options = connection(endpoint);
  return options.ok ? success(new Docker(options.value)) : options;
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

/** The ends of an exchange that docker-modem would wait for for ever, or with all memory. */
const exchangeErrors = {
  late: Object.assign(new Error('no whole answer in time'), { code: 'HTTP_LATE' }),
  tooLong: Object.assign(new Error('no end of an answer'), { code: 'HTTP_TOO_LONG' }),
  incomplete: Object.assign(new Error('half an answer'), { code: 'HTTP_INCOMPLETE' }),
};

/** In bytes. None of those that are asked for this way is long; docker-modem keeps a hundred bytes for each chunk of one. */
const longestAnswer = 1024 * 1024;

/** Answers that go on for as long as COMMAND does. */
const streams = /^(\/v[\d.]+)?\/events(\?|$)/;

subscribe('http.client.request.start', (message) => {
  const { request } = message as { request: ClientRequest };
  const { path } = request;
  let response: IncomingMessage | undefined;
  const breakOff = (error: Error): void => {
    response?.destroy(error);
    request.destroy(error);
  };
  const limits = [
    limitLength(request, () => breakOff(exchangeErrors.tooLong)),
    startDeadline(() => breakOff(exchangeErrors.late)),
  ];
  const release = (): void => {
    for (const end of limits.splice(0)) end();
  };
  request.once('close', release);
  request.prependOnceListener('response', (begun: IncomingMessage) => {
    response = begun;
    // docker-modem follows redirections, to wherever they lead. An engine has none to give.
    delete begun.headers.location;
    if (begun.statusCode === 200 && streams.test(path)) return release();
    begun.once('close', () => {
      if (!begun.complete) request.emit('error', begun.errored ?? exchangeErrors.incomplete);
    });
  });
});

/** Counts what comes off the connection: heads that only announce another, and what frames a body, have no end of their own. */
function limitLength(request: ClientRequest, exceeded: () => void): () => void {
  let left = longestAnswer;
  const count = ({ length }: Buffer): void => {
    left -= length;
    if (left < 0) exceeded();
  };
  let { socket } = request as { socket?: Socket | null };
  const watch = (given: Socket): void => void (socket = given).on('data', count);
  // A new connection may come a moment later.
  if (socket) watch(socket);
  else request.once('socket', watch);
  return () => {
    request.off('socket', watch);
    socket?.off('data', count);
  };
}
