// Warns where COMMAND's environment leads it to a proxy on localhost, which in the container's network is another one.
import { hostname } from 'node:os';
import type { EntryPlan } from '../../core/entry/plan.ts';
import { isLocal, isServed, proxiesIn, proxyNote } from '../../core/entry/proxy-variables.ts';
import type { Reverse } from '../../core/relay/reverses.ts';
import { observeListeningSockets } from '../check/listening-sockets.ts';

/** @param reverses what will lead to this machine by the time that COMMAND starts */
export function withProxyNote(plan: EntryPlan, reverses: readonly Reverse[]): EntryPlan {
  // In the host's network localhost is what it was.
  if (plan.target.owner.networkMode === 'host') return plan;
  const local = proxiesIn(plan.environment).filter((each) => isLocal(each, hostname()));
  if (local.length === 0) return plan;
  const listeners = observeListeningSockets(plan.process.pid);
  const led = reverses.map(({ inside }) => inside);
  const dead = local.filter((each) => !isServed(each, listeners) && !led.includes(each.port ?? 0));
  if (dead.length === 0) return plan;
  const { service, container = 'this place' } = plan.context;
  return { ...plan, notes: [...plan.notes, proxyNote(dead, service ?? container, listeners !== undefined)] };
}
