// Looks for a netexec that intercepts a port of a container, by the processes of this machine: who may look at no rules, too.
import { readdirSync } from 'node:fs';
import type { Intercepted } from '../../core/check/check-facts.ts';
import { interceptorOf } from '../../core/relay/intercepts.ts';
import { attempt, readOrEmpty } from '../files/attempt.ts';
import { networkOfProcess } from '../observe/shared-network.ts';

/** @param pid a process of the container; 0: it does not run */
export function observeInterceptor(pid: number, port: number): Omit<Intercepted, 'container'> | undefined {
  const network = pid === 0 ? undefined : networkOfProcess(pid);
  if (network === undefined) return undefined;
  for (const name of attempt(() => readdirSync('/proc')) ?? []) {
    if (!/^\d+$/.test(name) || networkOfProcess(Number(name)) !== network || !isOutside(name)) continue;
    const found = interceptorOf(readOrEmpty(`/proc/${name}/cmdline`).split('\0').slice(0, -1));
    const intercept = found?.intercepts.find((each) => each.port === port);
    if (found !== undefined && intercept !== undefined) return { ...intercept, netexec: found.netexec };
  }
  return undefined;
}

/** Of a container's own processes none is asked for its words: they could name any process of this machine's, or never come. */
const isOutside = (process: string): boolean => /^NSpid:\s*\d+$/m.test(readOrEmpty(`/proc/${process}/status`));
