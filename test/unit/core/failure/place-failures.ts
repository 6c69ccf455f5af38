// One or more of every way in which --on, --stand-in and --host-network fail.
import type { Failure } from '../../../../src/core/failure/failure.ts';
import type { HostNetworkFailure } from '../../../../src/core/failure/host-network-failure.ts';
import type { StandInFailure } from '../../../../src/core/failure/stand-in-failure.ts';

type Kinds = StandInFailure['kind'] | HostNetworkFailure['kind'] | 'network-not-made';
type Table = { readonly [Kind in Kinds]: readonly Extract<Failure, { kind: Kind }>[] };

export const placeFailures: Table = {
  'network-not-made': [
    { kind: 'network-not-made', network: 'shop_back', project: 'shop' },
    { kind: 'network-not-made', network: 'shop_back', project: 'shop', others: ['db', 'cache'] },
    { kind: 'network-not-made', network: 'shop_back', project: 'shop', others: [] },
  ],
  'network-not-here': [
    { kind: 'network-not-here', network: 'shop_back', driver: 'bridge', whose: 'a rootless engine', of: 'web' },
    { kind: 'network-not-here', network: 'shop_back', driver: 'bridge', whose: undefined, of: 'web' },
    { kind: 'network-not-here', network: 'shop_lan', driver: 'macvlan', whose: undefined, of: 'web' },
  ],
  'no-names': [{ kind: 'no-names', service: 'web' }],
  'stand-in-runs': [{ kind: 'stand-in-runs', service: 'web', containers: ['shop-web-1', 'shop-web-2'] }],
  'stand-in-taken': [{ kind: 'stand-in-taken', service: 'web', pid: '4711' }],
  'stand-in-of-stack': [{ kind: 'stand-in-of-stack', service: 'api' }],
  'stand-in-shares': [
    { kind: 'stand-in-shares', service: 'web', mode: 'service:vpn' },
    { kind: 'stand-in-shares', service: 'web', mode: 'host' },
  ],
  'stand-in-unread': [
    { kind: 'stand-in-unread', service: 'web', reason: undefined },
    { kind: 'stand-in-unread', service: 'web', reason: 'services.web must be a mapping' },
  ],
};
