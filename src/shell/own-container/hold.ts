// What runs in a container of netexec's own where the engine is another machine's: it waits for netexec's end, and tells whether
// anybody listens.
import { isLoopback } from '../../core/check/socket-tables.ts';
import { tcpPorts } from '../../core/own-container/stand-in-health.ts';
import { observeListeningSockets } from '../check/listening-sockets.ts';

/** In milliseconds. */
export const holding = { said: 10_000, silent: 300_000 };

/**
 * Its input ends with netexec, also by kill -9. Where the network between them is lost, nothing is said on it any more; nor is it
 * while netexec is stopped (Ctrl-Z).
 */
export function hold(): void {
  const end = (): void => process.exit(0);
  // As timeout(1) has it: what ends with its input ends well.
  const late = setTimeout(() => process.exit(124), holding.silent);
  process.stdin.on('data', () => late.refresh());
  process.stdin.on('end', end);
  process.stdin.on('error', end);
}

/**
 * Ends with status 0 where others reach one of them.
 * @param ports as `3000/tcp`; none: any will do
 */
export function listens(ports: readonly string[]): void {
  const wanted = tcpPorts(ports);
  const found = (observeListeningSockets(process.pid) ?? []).some(
    ({ address, port, transport }) =>
      transport === 'tcp' && !isLoopback(address) && (wanted.length === 0 || wanted.includes(port)),
  );
  process.exit(found ? 0 : 1);
}
