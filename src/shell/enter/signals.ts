// What is sent to netexec alone, and docker's end, told to whoever decides what comes of it.
import { constants } from 'node:os';
import { isatty } from 'node:tty';
import type { Event } from '../../core/entry/lifecycle.ts';
import { calledByDocker } from '../observe/caller-environment.ts';
import { UnixConnection } from '../engine/unix-connection.ts';
import { hasTerminal } from '../terminal/foreground.ts';

const passedOn = ['SIGINT', 'SIGQUIT', 'SIGTERM', 'SIGHUP', 'SIGUSR1', 'SIGUSR2'] as const;

/**
 * Once a run, however often it starts COMMAND: docker tells once that it ends.
 * @param ignored signals, by number, that the caller has set to be ignored
 * @returns what gives the signals back to the runtime
 */
export function listenForSignals(ignored: readonly number[], tell: (event: Event) => void): () => void {
  const terminal = hasTerminal();
  let interrupted = 0;
  const listeners = passedOn.map((signal) => {
    const interrupts = signal === 'SIGINT' || signal === 'SIGQUIT';
    const listener = (): void => {
      if (interrupts) interrupted = Date.now();
      tell({ kind: 'signal', signal, shared: interrupts && terminal });
    };
    return [signal, ignored.includes(constants.signals[signal]) ? () => {} : listener] as const;
  });
  for (const [signal, listener] of listeners) process.on(signal, listener);
  const stopListening = onDockersEnd(
    () => terminal && Date.now() - interrupted <= 1000,
    () => tell({ kind: 'docker-ended' }),
  );
  return () => {
    for (const [signal, listener] of listeners) process.off(signal, listener);
    stopListening();
  };
}

/** By what netexec is told to end, where nothing of a run is under way: `status` is its own then. */
export function endOfCall(ignored: readonly number[]): { readonly status: Promise<number>; readonly stop: () => void } {
  let stop = (): void => {};
  const status = new Promise<number>((resolve) => {
    stop = listenForSignals(ignored, (event) => {
      if (event.kind === 'docker-ended') resolve(128 + constants.signals.SIGTERM);
      else if (event.kind === 'signal' && !event.signal.startsWith('SIGUSR'))
        resolve(128 + constants.signals[event.signal]);
    });
  });
  return { status, stop };
}

/** @param isInterrupted whether the terminal has just sent what interrupts */
function onDockersEnd(isInterrupted: () => boolean, listener: () => void): () => void {
  const parent = process.ppid;
  // docker before 25 hangs up on nobody: what is sent to it stays with it, and only its end can be seen.
  if (!process.env['DOCKER_CLI_PLUGIN_SOCKET'] && calledByDocker()) whenOrphaned(parent, listener);
  return onHangUp(() => {
    // Ctrl-C makes docker hang up as well when its output goes to a file. psql, say, lives through a Ctrl-C.
    setTimeout(() => {
      if (isInterrupted() && !isatty(1)) whenOrphaned(parent, listener);
      else listener();
    }, 50).unref();
  });
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
function onHangUp(listener: () => void): () => void {
  const name = process.env['DOCKER_CLI_PLUGIN_SOCKET'];
  if (!name) return () => {};
  const socket = new UnixConnection(name.startsWith('@') ? `\0${name.slice(1)}` : name);
  socket.on('close', listener);
  socket.on('error', (error: NodeJS.ErrnoException) => {
    // Refused: docker was told to end before this one asked. Reset: before it took the connection.
    if (error.code === 'ECONNREFUSED' || error.code === 'ECONNRESET') listener();
  });
  socket.unref();
  return () => {
    socket.off('close', listener);
    socket.destroy();
  };
}
