// Looks for a netexec that intercepts a port of a container, by the processes of this machine: who may look at no rules, too.
import { readdirSync, statSync } from 'node:fs';
import type { Intercepted } from '../../core/check/check-facts.ts';
import { interceptorOf } from '../../core/relay/intercepts.ts';
import { attempt, readOrEmpty } from '../files/attempt.ts';

/** @param pid a process of the container; 0: it does not run */
export function observeInterceptor(pid: number, port: number): Omit<Intercepted, 'container'> | undefined {
  const network = pid === 0 ? undefined : networkOf(String(pid));
  if (network === undefined) return undefined;
  for (const process of attempt(() => readdirSync('/proc')) ?? []) {
    if (!/^\d+$/.test(process) || networkOf(process) !== network || !isOutside(process)) continue;
    const found = interceptorOf(readOrEmpty(`/proc/${process}/cmdline`).split('\0').slice(0, -1));
    const intercept = found?.intercepts.find((each) => each.port === port);
    if (found !== undefined && intercept !== undefined) return { ...intercept, netexec: found.netexec };
  }
  return undefined;
}

/** Its tables are files of their own, which anybody may tell from another's; of the network itself only its owner. */
const networkOf = (process: string): number | undefined => attempt(() => statSync(`/proc/${process}/net/dev`).ino);

/** Of a container's own processes none is asked for its words: they could name any process of this machine's, or never come. */
const isOutside = (process: string): boolean => /^NSpid:\s*\d+$/m.test(readOrEmpty(`/proc/${process}/status`));
