// What became of a connection, in words.
import type { Connection } from './findings.ts';
import { duration } from './judgement.ts';

/** @param timeout how long an answer was waited for, in seconds */
export function outcome({ error, milliseconds }: Connection, timeout: number): string {
  switch (error ?? '') {
    case 'ECONNREFUSED':
      return `refused after ${duration(milliseconds)}`;
    case 'TIMEOUT':
    case 'ETIMEDOUT':
      return `no answer within ${timeout} s`;
    case 'ECONNRESET':
      return `reset after ${duration(milliseconds)}`;
    case 'EHOSTUNREACH':
      return `turned away after ${duration(milliseconds)}`;
    case 'EADDRNOTAVAIL':
      return 'there is no address to connect from (EADDRNOTAVAIL)';
    case 'EACCES':
    case 'EPERM':
      return `a rule on this side forbids it (${error})`;
    case 'ENETUNREACH':
      return 'no route leads there';
    default:
      return error ?? 'connected';
  }
}
