// One or more of every way in which --forward fails.
import type { ForwardFailure } from '../../../../src/core/failure/failure.ts';

type Table = { readonly [Kind in ForwardFailure['kind']]: readonly Extract<ForwardFailure, { kind: Kind }>[] };

export const forwardFailures: Table = {
  'forward-invalid': (
    [
      ['5432:', 'form'],
      ['postgres', 'no-port'],
      ['70000', 'not-a-port'],
      ['5432:0', 'port-zero'],
      ['8000-8010', 'range'],
      ['53/udp', 'not-tcp'],
      ['::1:80:80', 'brackets'],
      ['a b:80', 'not-a-host'],
      ['web:8080:80', 'not-an-address'],
    ] as const
  ).map(([value, fault]) => ({ kind: 'forward-invalid', value, fault })),
  'forward-twice': [{ kind: 'forward-twice', local: 8080 }],
  'port-taken': [
    { kind: 'port-taken', place: '127.0.0.1:5432', holder: 'postgres (pid 4711)', free: '0:5432' },
    { kind: 'port-taken', place: '[::1]:5432', holder: undefined, free: '0:postgres:5432' },
  ],
  'port-refused': [{ kind: 'port-refused', place: '10.0.0.9:80', reason: 'this machine has no such address' }],
};
