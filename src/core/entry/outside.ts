// --host-network: COMMAND stays in this machine's network, and no container is entered.
import type { EntryPlan } from './plan.ts';

export const staysOutside = ({ target }: Pick<EntryPlan, 'target'>): boolean => target.visible !== undefined;
