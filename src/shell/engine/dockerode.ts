// The engine by dockerode, for its events, which have no end. Loaded when it comes to that.
import { subscribe } from 'node:diagnostics_channel';
import { Agent } from 'node:http';
import type { ClientRequest, IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { inspect as inspectValue } from 'node:util';
import Docker from 'dockerode';
import type { EngineAddress } from '../../core/engine/engine-address.ts';
import { success } from '../../core/failure/failure.ts';
import type { Result } from '../../core/failure/failure.ts';
import { startDeadline } from './deadline.ts';
import { transportTo } from './transport.ts';

// docker-modem uses url.parse, of which the runtime would warn the user on stderr.
process.noDeprecation = true;

export function dockerode(endpoint: EngineAddress): Result<Docker> {
  const transport = transportTo(endpoint);
  if (!transport.ok) return transport;
  const { name, openStream } = transport.value;
  const agent = Object.assign(new Agent({ keepAlive: true }), {
    // docker-modem is told of no socket and no TLS: to it, this is a connection like any other.
    createConnection: openStream,
    // It makes a debug text of its options for every request, needed or not: with the agent's sockets in it, that takes
    // longer than the request.
    [inspectValue.custom]: () => 'agent',
  });
  // Without a host docker-modem would take DOCKER_HOST, which has been looked at already.
  const options = { host: 'engine', protocol: 'http', headers: { Host: name }, agent };
  return success(new Docker(options as Docker.DockerOptions));
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
