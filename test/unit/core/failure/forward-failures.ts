// One or more of every way in which --forward fails.
import type { ForwardFailure } from '../../../../src/core/failure/forward-failure.ts';

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
  ).flatMap(([value, fault]) => [
    { kind: 'forward-invalid', flag: '--forward', value, fault },
    ...(fault === 'not-an-address' ? [] : [{ kind: 'forward-invalid', flag: '--reverse', value, fault } as const]),
    ...(fault === 'port-zero'
      ? [{ kind: 'forward-invalid', flag: '--reverse', value: '0:80', fault: 'inside-zero' } as const]
      : []),
  ]),
  'forward-twice': [{ kind: 'forward-twice', local: 8080 }],
  'port-taken': [
    { kind: 'port-taken', place: '127.0.0.1:5432', holder: 'postgres (pid 4711)', free: '0:5432' },
    { kind: 'port-taken', place: '[::1]:5432', holder: undefined, free: '0:postgres:5432' },
  ],
  'port-refused': [{ kind: 'port-refused', place: '10.0.0.9:80', reason: 'this machine has no such address' }],
  'reverse-twice': [{ kind: 'reverse-twice', inside: 9003 }],
  'ports-in-circle': [{ kind: 'ports-in-circle', inside: 9003, port: 9000 }],
  'network-is-own': [{ kind: 'network-is-own', service: 'web', port: 9003 }],
  'reverse-refused': (
    [
      ['EADDRINUSE', 9003, 'php (pid 4711)'],
      ['EADDRINUSE', 60_000, undefined],
      ['EACCES', 80, undefined],
      ['EPERM', 9003, undefined],
    ] as const
  ).map(([error, inside, holder]) => ({
    kind: 'reverse-refused',
    place: `localhost:${inside} in web`,
    inside,
    leadsTo: inside === 80 ? 'proxy.example:3128' : `${inside}`,
    error,
    holder,
  })),
};
