// The host matrix, called by root, on the engine that everybody has.
import { hostMatrix } from './host-matrix.ts';
import { ownMachine } from './machine.ts';

hostMatrix({ name: 'root', machine: (s) => ownMachine(s, { network: true }), lead: [], options: () => ({}) });
