// While COMMAND runs: what the terminal sends reaches it without help; what is sent to netexec alone, or to docker, is handed on.
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { constants } from 'node:os';
import { isatty } from 'node:tty';

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
  const parent = process.ppid;
  let interrupted = 0;
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

  const disconnect = onDockerGone(() => {
    // Ctrl-C makes docker hang up as well when its output goes to a file. psql, say, lives through a Ctrl-C.
    setTimeout(() => {
      const byTerminal = terminal && !isatty(1) && Date.now() - interrupted <= 1000;
      if (byTerminal) whenOrphaned(parent, () => trySend('SIGTERM'));
      else trySend('SIGTERM');
    }, 50).unref();
  });
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
  for (const signal of signals) process.on(signal, listener);
  const disconnect = onDockerGone(() => listener('SIGTERM'));
  return () => {
    for (const signal of signals) process.off(signal, listener);
    disconnect();
  };
}

/** docker has said its last over the socket: that it has ended still shows, netexec having another parent then than before. */
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
function onDockerGone(listener: () => void): () => void {
  // Docker before 25 has none.
  const name = process.env['DOCKER_CLI_PLUGIN_SOCKET'];
  if (!name) return () => {};
  const socket = connect({ path: name.startsWith('@') ? `\0${name.slice(1)}` : name });
  socket.on('end', listener);
  socket.on('error', (error: NodeJS.ErrnoException) => {
    // Reset: docker was gone before it took the connection. Refused: it was told to end before this one asked.
    if (['ECONNRESET', 'ECONNREFUSED'].includes(error.code ?? '')) listener();
  });
  socket.resume().unref();
  return () => socket.destroy();
}

/** Whether this process has a terminal, which then sends it signals: the field tty_nr of proc(5). */
function hasTerminal(): boolean {
  const stat = readFileSync('/proc/self/stat', 'utf8');
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[4] !== '0';
}
