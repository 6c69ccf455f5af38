// An engine that answers from a recording, keeps count of what it is asked, and misbehaves where a test wants it to.
import { chmodSync } from 'node:fs';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { ServerOptions } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import type { Json, Recording } from './recordings.ts';

export type Reply =
  | { readonly status: number; readonly json: unknown }
  /** Sent as they are, without the form of an answer; then the connection ends. */
  | { readonly bytes: string | Buffer }
  /** Whatever is done with the connection. */
  | { readonly answer: (connection: Socket) => void }
  | 'silence';

export interface Wishes {
  /** Comes before what was recorded; where it gives nothing, the recording answers. */
  readonly reply?: (request: string) => Reply | undefined;
  /** What an answer waits for. */
  readonly hold?: (request: string) => Promise<void>;
  /** End every connection before anything is asked. */
  readonly hangUp?: boolean;
  /** Answer as this version of Podman does. */
  readonly podman?: string;
}

export interface FakeEngine {
  /** Each request, as `GET /containers/json`, without its query. */
  readonly requests: readonly string[];
  close(): Promise<void>;
}

export async function fakeEngine(recording: Recording, socket: string, wishes: Wishes = {}): Promise<FakeEngine> {
  const { server, engine } = serve(recording, wishes, createServer);
  await new Promise<void>((resolve) => server.listen(socket, resolve));
  chmodSync(socket, 0o666);
  return engine;
}

export interface FakeTlsEngine extends FakeEngine {
  readonly port: number;
  /** The name on the certificate that each client came with; undefined for one without. */
  readonly clients: readonly (string | undefined)[];
}

/** The same on a port of the loopback address. */
export async function fakeTlsEngine(recording: Recording, tls: ServerOptions): Promise<FakeTlsEngine> {
  const { server, engine } = serve(recording, {}, (listener) => createTlsServer(tls, listener));
  const clients: (string | undefined)[] = [];
  server.on('secureConnection', (socket: TLSSocket) => {
    clients.push(socket.getPeerCertificate().subject?.CN?.toString());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { ...engine, clients, port: (server.address() as AddressInfo).port };
}

type Listener = (request: IncomingMessage, response: ServerResponse) => void;

function serve(recording: Recording, wishes: Wishes, create: (listener: Listener) => ReturnType<typeof createServer>) {
  const requests: string[] = [];
  const server = create((message, response) => {
    const url = new URL(message.url ?? '/', 'http://engine');
    const path = message.url?.replace(/\?.*/, '') ?? '/';
    const request = `${message.method} ${path}`;
    requests.push(request);
    if (wishes.podman !== undefined) response.setHeader('Libpod-Api-Version', wishes.podman);
    const reply = wishes.reply?.(request) ?? (path === url.pathname ? answer(recording, url) : moved(url));
    if (wishes.hold === undefined) send(reply, response);
    else void wishes.hold(request).then(() => send(reply, response));
  });
  if (wishes.hangUp === true) server.on('connection', (socket: Socket) => socket.destroy());
  const engine: FakeEngine = {
    requests,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return { server, engine };
}

function send(reply: Reply, response: ServerResponse): void {
  if (reply === 'silence') return;
  if ('bytes' in reply) {
    response.socket?.end(reply.bytes);
    return;
  }
  if ('answer' in reply) {
    // Whoever reads may have hung up in the midst of it.
    response.socket?.on('error', () => {});
    if (response.socket) reply.answer(response.socket);
    return;
  }
  response.writeHead(reply.status, { 'Content-Type': 'application/json' }).end(`${JSON.stringify(reply.json)}\n`);
}

/** The engine sends a path such as /containers/./json elsewhere. */
const moved = ({ pathname }: URL): Reply => ({
  bytes: `HTTP/1.1 301 Moved Permanently\r\nLocation: ${pathname}\r\nContent-Length: 0\r\n\r\n`,
});

function answer(recording: Recording, url: URL): Reply {
  if (url.pathname === '/info') return { status: 200, json: recording.info };
  if (url.pathname === '/networks') return { status: 200, json: recording.networks };
  if (url.pathname === '/containers/json') return { status: 200, json: filtered(recording.list, url) };
  const name = decodeURIComponent(/^\/containers\/([^/]+)\/json$/.exec(url.pathname)?.[1] ?? '');
  if (name === '') return { status: 404, json: { message: 'page not found' } };
  const container = Object.values(recording.containers).find(
    ({ Id, Name }) => Name === `/${name}` || (Id as string).startsWith(name),
  );
  if (container === undefined) return { status: 404, json: { message: `No such container: ${name}` } };
  return { status: 200, json: container };
}

/** As the engine filters: a container has every one of the labels, `key` or `key=value`. */
function filtered(list: readonly Json[], url: URL): readonly Json[] {
  const { label = [] } = JSON.parse(url.searchParams.get('filters') ?? '{}') as { label?: string[] };
  const all = url.searchParams.get('all') === 'true';
  return list.filter(({ Labels, State }) => {
    const labels = Object.entries((Labels ?? {}) as Record<string, string>);
    const has = (wanted: string): boolean => labels.some(([key, value]) => [key, `${key}=${value}`].includes(wanted));
    return label.every(has) && (all || State === 'running' || State === 'paused');
  });
}
