// No container is entered: --host-network, by which COMMAND stays in this machine's network, and a tunnel, whose network is its own.
import { isTunnel } from '../ways/ways.ts';
import type { EntryPlan } from './plan.ts';

export const staysOnHost = ({ target }: Pick<EntryPlan, 'target'>): boolean => target.visible !== undefined;

/** Whether a network is joined that is there. */
export const entersNetwork = (plan: Pick<EntryPlan, 'target' | 'way'>): boolean =>
  !staysOnHost(plan) && !isTunnel(plan.way);
