// One or more of every way in which a service of a Swarm stack cannot be entered from a node.
import type { StackFailure } from '../../../../src/core/failure/stack-failure.ts';

type Table = { readonly [Kind in StackFailure['kind']]: readonly Extract<StackFailure, { kind: Kind }>[] };

const first = { name: 'shop_web.1', node: 'alpha', address: '192.0.2.7', context: undefined };
const second = { name: 'shop_web.2', node: 'beta', address: '', context: undefined };
const web = { kind: 'task-elsewhere', stack: 'shop', service: 'web', attachable: undefined } as const;
const none = { kind: 'no-running-task', stack: 'shop', name: 'shop_web' } as const;

export const stackFailures: Table = {
  'task-elsewhere': [
    { ...web, tasks: [first] },
    { ...web, tasks: [first, { ...second, context: 'on-beta' }], attachable: 'back' },
    { ...web, tasks: [second], stack: undefined, attachable: 'shared' },
  ],
  'no-running-task': [
    { ...none, wanted: 1, trouble: 'pending: no suitable node (scheduling constraints not satisfied on 1 node)' },
    { ...none, wanted: 1, trouble: undefined },
    { ...none, wanted: 0, trouble: undefined },
  ],
  'no-manager': [
    { kind: 'no-manager', service: 'web', stack: 'shop' },
    { kind: 'no-manager', service: 'shop_web', stack: undefined },
  ],
  'not-attachable': [{ kind: 'not-attachable', network: 'shop_closed', key: 'closed', project: 'shop' }],
};
