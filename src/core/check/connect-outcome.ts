// What became of a connection, in words.
import type { Connection } from './findings.ts';
import { duration } from './judgement.ts';

/** @param timeout how long an answer was waited for, in seconds */
export function outcome({ error, milliseconds }: Connection, timeout: number): string {
  switch (error ?? '') {
    case 'ECONNREFUSED':
      return `connection refused after ${duration(milliseconds)}`;
    case 'TIMEOUT':
    case 'ETIMEDOUT':
      return `no answer within ${timeout} s`;
    case 'ECONNRESET':
      return `connection reset after ${duration(milliseconds)}`;
    case 'EHOSTUNREACH':
      return `host unreachable after ${duration(milliseconds)}`;
    case 'EADDRNOTAVAIL':
      return 'no local address to connect from (EADDRNOTAVAIL)';
    case 'EACCES':
    case 'EPERM':
      return `a local firewall rule rejects it (${error})`;
    case 'ENETUNREACH':
      return 'no route to it';
    default:
      return error ?? 'connected';
  }
}
