// Connects to one endpoint and says the first words: TCP, TLS, and what is spoken on top. Part of the program inside.
import { isIP } from 'node:net';
import type { Socket } from 'node:net';
import { checkServerIdentity, connect as connectTls } from 'node:tls';
import type { PeerCertificate, TLSSocket } from 'node:tls';
import type { Connection, Finding, TlsFound, WordsFound } from '../../core/check/findings.ts';
import type { CheckedEndpoint } from '../../core/check/checked-endpoint.ts';
import { firstWords, understand } from '../../core/check/server-words.ts';
import { connectAddress } from './connect-address.ts';

type Target = CheckedEndpoint & { readonly port: number };
type Tell = (finding: Finding) => void;

/** A server that speaks first does so at once; one that waits for its client says nothing. */
const greetingTime = 300;

export async function talk(
  target: Target,
  endpoint: number,
  addresses: readonly string[],
  timeout: number,
  tell: Tell,
): Promise<void> {
  tell({ kind: 'begin', endpoint, step: 'connect' });
  const reached = await Promise.all(
    addresses.map(async (address) => {
      const { socket, connection } = await reach(address, target.port, endpoint, timeout);
      tell(connection);
      return socket;
    }),
  );
  const [socket, ...others] = reached.filter((each) => each !== undefined);
  for (const other of others) other.destroy();
  if (socket === undefined) return;
  const stream = target.tls ? await shakeHands(target, endpoint, socket, timeout, tell) : socket;
  if (stream === undefined) return;
  tell({ kind: 'begin', endpoint, step: 'words' });
  tell(await converse(target, endpoint, stream, socket.remoteAddress ?? '', timeout));
  stream.destroy();
}

interface Reached {
  readonly socket: Socket | undefined;
  readonly connection: Connection;
}

function reach(address: string, port: number, endpoint: number, timeout: number): Promise<Reached> {
  const started = performance.now();
  const socket = connectAddress(address, port);
  return new Promise((resolve) => {
    const settle = (error: string | null): void => {
      clearTimeout(timer);
      socket.removeAllListeners();
      // Whatever becomes of it later is seen by who uses it.
      socket.on('error', () => {});
      if (error !== null) socket.destroy();
      const milliseconds = performance.now() - started;
      resolve({
        socket: error === null ? socket : undefined,
        connection: { kind: 'connection', endpoint, address, error, milliseconds },
      });
    };
    const timer = setTimeout(() => settle('TIMEOUT'), timeout);
    socket.once('connect', () => settle(null));
    socket.once('error', ({ code }: NodeJS.ErrnoException) => settle(code ?? 'UNKNOWN'));
  });
}

async function shakeHands(
  target: Target,
  endpoint: number,
  socket: Socket,
  timeout: number,
  tell: Tell,
): Promise<TLSSocket | undefined> {
  tell({ kind: 'begin', endpoint, step: 'tls' });
  const { secured, error } = await handshake(target.host, socket, timeout);
  tell({ kind: 'tls', endpoint, ...describe(target.host, secured, error) });
  return secured;
}

interface Handshake {
  readonly secured: TLSSocket | undefined;
  readonly error: string | null;
}

function handshake(host: string, socket: Socket, timeout: number): Promise<Handshake> {
  // What the certificate is worth is told, and the conversation goes on all the same: nothing secret is said in it.
  const secured = connectTls({ socket, rejectUnauthorized: false, ...(isIP(host) ? {} : { servername: host }) });
  return new Promise((resolve) => {
    const settle = (error: string | null): void => {
      clearTimeout(timer);
      secured.removeAllListeners('close');
      if (error !== null) secured.destroy();
      resolve({ secured: error === null ? secured : undefined, error });
    };
    const timer = setTimeout(() => settle('TIMEOUT'), timeout);
    secured.once('secureConnect', () => settle(null));
    secured.on('error', ({ code, message }: NodeJS.ErrnoException) => settle(code ?? message));
    secured.once('close', () => settle('CLOSED'));
  });
}

function describe(
  host: string,
  secured: TLSSocket | undefined,
  error: string | null,
): Omit<TlsFound, 'kind' | 'endpoint'> {
  const certificate = secured?.getPeerCertificate();
  const known = certificate !== undefined && Object.keys(certificate).length > 0 ? certificate : undefined;
  return {
    error,
    version: secured?.getProtocol() ?? null,
    untrusted: secured === undefined || secured.authorized ? null : String(secured.authorizationError),
    names: known === undefined ? [] : namesOf(known),
    nameFits: known === undefined || checkServerIdentity(host, known) === undefined,
    from: known === undefined ? null : Date.parse(known.valid_from),
    until: known === undefined ? null : Date.parse(known.valid_to),
    now: Date.now(),
  };
}

function namesOf({ subjectaltname: alternatives, subject }: PeerCertificate): string[] {
  const names = (alternatives ?? '').split(', ').flatMap((entry) => /^(?:DNS|IP Address):(.+)$/.exec(entry)?.[1] ?? []);
  if (names.length > 0) return names;
  return [subject?.CN ?? []].flat();
}

type Heard = Omit<WordsFound, 'kind' | 'endpoint'>;

async function converse(
  target: Target,
  endpoint: number,
  stream: Socket,
  address: string,
  timeout: number,
): Promise<WordsFound> {
  const heard = await listen(target, stream, target.protocol === 'tcp' ? Math.min(greetingTime, timeout) : timeout);
  const puzzled = !target.tls && target.protocol === 'http' && heard.said === null;
  const speaksTls = puzzled ? await answersTls(target, address, timeout) : null;
  return { kind: 'words', endpoint, ...heard, speaksTls };
}

function listen(target: Target, stream: Socket, patience: number): Promise<Heard> {
  const question = firstWords(target);
  let bytes = Buffer.alloc(0);
  return new Promise((resolve) => {
    const settle = (error: string | null): void => {
      const words = understand(target.protocol, bytes, true);
      clearTimeout(timer);
      const { said = null, trouble = null, advertised = [] } = words ?? {};
      resolve({
        said,
        trouble,
        advertised: [...advertised],
        error: words === undefined ? error : null,
        speaksTls: null,
      });
    };
    const timer = setTimeout(() => settle('TIMEOUT'), patience);
    stream.on('data', (data: Buffer) => {
      bytes = Buffer.concat([bytes, data]);
      if (bytes.length > 100_000 || understand(target.protocol, bytes, false) !== undefined) settle(null);
    });
    stream.on('end', () => settle('CLOSED'));
    stream.on('error', ({ code }: NodeJS.ErrnoException) => settle(code ?? 'UNKNOWN'));
    if (question !== undefined) stream.write(question);
  });
}

async function answersTls({ host, port }: Target, address: string, timeout: number): Promise<boolean> {
  const { socket } = await reach(address, port, 0, timeout);
  if (socket === undefined) return false;
  const { secured } = await handshake(host, socket, timeout);
  secured?.destroy();
  return secured !== undefined;
}
