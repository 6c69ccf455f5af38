// One or more of every way in which --forward, --proxy, --reverse and --intercept fail, here and elsewhere.
import type { FarEndFailure } from '../../../../src/core/failure/far-end-failure.ts';
import type { PortFailure } from '../../../../src/core/failure/port-failure.ts';

type Failures = PortFailure | FarEndFailure;
type Table = { readonly [Kind in Failures['kind']]: readonly Extract<Failures, { kind: Kind }>[] };

export const portFailures: Table = {
  'far-end-unmade': [{ kind: 'far-end-unmade', reason: 'no space left on device' }],
  'far-end-silent': [{ kind: 'far-end-silent' }],
  'far-end-foreign': [
    {
      kind: 'far-end-foreign',
      there: 'linux/arm64',
      here: 'linux/x64',
      folder: '/home/me/.cache/docker-netexec/1.0.0',
    },
    { kind: 'far-end-foreign', there: 'linux/arm64', here: 'linux/x64', folder: undefined },
    { kind: 'far-end-foreign', there: 'windows/x64', here: 'linux/x64', folder: undefined },
  ],
  'relay-unusable': [
    { kind: 'relay-unusable', file: '/x', reason: 'it is not an executable of netexec for linux/arm64' },
  ],
  'far-libraries-missing': [
    { kind: 'far-libraries-missing', container: 'shop-web-1', loaders: ['/lib/ld-linux-aarch64.so.1'] },
    { kind: 'far-libraries-missing', container: '', loaders: ['/lib/ld-linux-aarch64.so.1'] },
  ],
  'not-by-tunnel': [
    {
      kind: 'not-by-tunnel',
      what: '--pid',
      why: "it connects to the container's network, not to its processes",
    },
  ],
  'own-container-lost': [{ kind: 'own-container-lost', container: 'docker-netexec-1-2-1' }],
  'only-here': [{ kind: 'only-here', what: '--resolver host', host: 'tcp://far:2376' }],
  'pinned-by-podman': [
    { kind: 'pinned-by-podman', hasCommands: true },
    { kind: 'pinned-by-podman', hasCommands: false },
  ],
  'port-invalid': (
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
      ['5432', 'no-host'],
      ['1080:', 'form', '--proxy'],
      ['web', 'no-port', '--proxy'],
      ['70000', 'not-a-port', '--proxy'],
      ['1080-1090', 'range', '--proxy'],
      ['::1:1080', 'brackets', '--proxy'],
      ['web:1080', 'not-an-address', '--proxy'],
      ['5432:', 'form', '--reverse'],
      ['postgres', 'no-port', '--reverse'],
      ['70000', 'not-a-port', '--reverse'],
      ['5432:0', 'port-zero', '--reverse'],
      ['8000-8010', 'range', '--reverse'],
      ['53/udp', 'not-tcp', '--reverse'],
      ['::1:80:80', 'brackets', '--reverse'],
      ['a b:80', 'not-a-host', '--reverse'],
      ['0:80', 'inside-zero', '--reverse'],
      ['80:', 'form', '--intercept'],
      ['web', 'no-port', '--intercept'],
      ['70000:3000', 'not-a-port', '--intercept'],
      ['0:3000', 'port-zero', '--intercept'],
      ['80-81:3000', 'range', '--intercept'],
      ['53:5353/udp', 'not-tcp', '--intercept'],
      ['80', 'same-port', '--intercept'],
    ] as const
  ).map(([value, fault, flag = '--forward']) => ({ kind: 'port-invalid', flag, value, fault })),
  'port-twice': [{ kind: 'port-twice', local: 8080 }],
  'ports-too-many': [{ kind: 'ports-too-many', count: 101, most: 100 }],
  'port-taken': [
    {
      kind: 'port-taken',
      place: '127.0.0.1:5432',
      holder: 'postgres (pid 4711)',
      localPort: { kind: 'forward', address: undefined, local: 5432, host: 'db', port: 5432 },
      free: 15_432,
    },
    {
      kind: 'port-taken',
      place: '[::1]:1080',
      holder: undefined,
      localPort: { kind: 'proxy', address: '::1', local: 1080 },
      free: 0,
    },
  ],
  'port-refused': [{ kind: 'port-refused', place: '10.0.0.9:80', reason: 'this machine has no such address' }],
  'handover-failed': [
    { kind: 'handover-failed', error: 'EMFILE' },
    { kind: 'handover-failed', error: 'EPERM' },
  ],
  'reverse-twice': [{ kind: 'reverse-twice', inside: 9003 }],
  'ports-in-circle': [{ kind: 'ports-in-circle', inside: 9003, port: 9000 }],
  'intercept-twice': [{ kind: 'intercept-twice', port: 80 }],
  'intercept-own': [
    { kind: 'intercept-own', service: 'web', gone: false },
    { kind: 'intercept-own', service: 'web', gone: true },
  ],
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
