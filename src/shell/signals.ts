// While COMMAND runs: what the terminal sends reaches it without help; what is sent to netexec alone, or to docker, is handed on.
import { readFileSync } from 'node:fs';
import { constants } from 'node:os';
import { isatty } from 'node:tty';
import { calledByDocker } from './caller-environment.ts';
import { UnixConnection } from './unix-connection.ts';

/**
 * @param send hands a signal on to COMMAND
 * @param sharesTerminal whether COMMAND is in netexec's process group
 * @param ignored signals, by number, that the caller has set to be ignored: neither netexec nor COMMAND heeds them
 * @returns what undoes it all
 */
export function forwardSignals(
  send: (signal: NodeJS.Signals) => void,
  ignored: readonly number[],
  sharesTerminal: boolean,
): () => void {
  const terminal = hasTerminal();
  const listeners = new Map<NodeJS.Signals, () => void>();
  const on = (signal: NodeJS.Signals, listener: () => void): void => {
    const heeded = ignored.includes(constants.signals[signal]) ? () => {} : listener;
    listeners.set(signal, heeded);
    process.on(signal, heeded);
  };
  const trySend = (signal: NodeJS.Signals): void => {
    try {
      send(signal);
    } catch {
      // It has ended in this moment.
    }
  };

  for (const signal of ['SIGINT', 'SIGQUIT'] as const) {
    on(signal, () => {
      interrupted = Date.now();
      // With a terminal COMMAND has had it too, where it is of the same process group.
      if (!terminal || !sharesTerminal) trySend(signal);
    });
  }
  for (const signal of ['SIGTERM', 'SIGHUP', 'SIGUSR1', 'SIGUSR2'] as const) on(signal, () => trySend(signal));

  const disconnect = onDockersEnd(() => trySend('SIGTERM'));
  return () => {
    for (const [signal, listener] of listeners) process.off(signal, listener);
    disconnect();
  };
}

/**
 * What asks netexec itself to end, whatever it is doing, for whoever would otherwise go on.
 * @returns what stops the listening
 */
export function onAskedToEnd(listener: (signal: NodeJS.Signals) => void): () => void {
  const signals = ['SIGINT', 'SIGQUIT', 'SIGTERM', 'SIGHUP'] as const;
  const heard = (signal: NodeJS.Signals): void => {
    if (signal === 'SIGINT' || signal === 'SIGQUIT') interrupted = Date.now();
    listener(signal);
  };
  for (const signal of signals) process.on(signal, heard);
  const disconnect = onDockersEnd(() => listener('SIGTERM'));
  return () => {
    for (const signal of signals) process.off(signal, heard);
    disconnect();
  };
}

/** When the terminal has last sent what interrupts. */
let interrupted = 0;

let dockersEnd: { readonly listeners: Set<() => void>; past: boolean } | undefined;

/** Heard once for all, however many COMMANDs there are in a call: docker says it once. */
function onDockersEnd(listener: () => void): () => void {
  dockersEnd ??= listenForDockersEnd();
  const { listeners, past } = dockersEnd;
  listeners.add(listener);
  if (past) setImmediate(() => listeners.has(listener) && listener());
  return () => listeners.delete(listener);
}

function listenForDockersEnd(): NonNullable<typeof dockersEnd> {
  const end = { listeners: new Set<() => void>(), past: false };
  const parent = process.ppid;
  const tell = (): void => {
    end.past = true;
    for (const listener of end.listeners) listener();
  };
  // docker before 25 hangs up on nobody: what is sent to it stays with it, and only its end can be seen.
  if (!process.env['DOCKER_CLI_PLUGIN_SOCKET'] && calledByDocker()) whenOrphaned(parent, tell);
  onHangUp(() => {
    // Ctrl-C makes docker hang up as well when its output goes to a file. psql, say, lives through a Ctrl-C.
    setTimeout(() => {
      const byTerminal = hasTerminal() && !isatty(1) && Date.now() - interrupted <= 1000;
      if (byTerminal) whenOrphaned(parent, tell);
      else tell();
    }, 50).unref();
  });
  return end;
}

/** docker's end, where the socket does not tell it: netexec has another parent then than before. */
function whenOrphaned(parent: number, listener: () => void): void {
  const watch = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(watch);
    listener();
  }, 200).unref();
}

/**
 * docker tells its plugins to end by closing a socket (docker/cli, cli-plugins/socket): a SIGTERM sent to docker is
 * told in no other way, and neither is docker's own death.
 */
function onHangUp(listener: () => void): void {
  const name = process.env['DOCKER_CLI_PLUGIN_SOCKET'];
  if (!name) return;
  const socket = new UnixConnection(name.startsWith('@') ? `\0${name.slice(1)}` : name);
  socket.on('close', listener);
  socket.on('error', (error: NodeJS.ErrnoException) => {
    // Refused: docker was told to end before this one asked. Reset: before it took the connection.
    if (error.code === 'ECONNREFUSED' || error.code === 'ECONNRESET') listener();
  });
  socket.unref();
}

/** Whether this process has a terminal, which then sends it signals: the field tty_nr of proc(5). */
function hasTerminal(): boolean {
  const stat = readFileSync('/proc/self/stat', 'utf8');
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[4] !== '0';
}
