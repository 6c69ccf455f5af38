// What is said of ports beside where they lead.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { describeNesting } from '../../../../src/core/relay/local-port-text.ts';

test('a port that is opened within a network must be said to be open there', () => {
  const rest = ': the port is open there, not on this machine';
  const rows: readonly (readonly [env: Readonly<Record<string, string>>, said: string | undefined])[] = [
    [{}, undefined],
    [
      { NETEXEC_NETWORKS: 'shop_backend', NETEXEC_SERVICE: 'web', NETEXEC_CONTAINER: 'shop-web-1' },
      `you are in web's network${rest}`,
    ],
    [{ NETEXEC_NETWORKS: 'bridge', NETEXEC_CONTAINER: 'redis' }, `you are in redis's network${rest}`],
    [{ NETEXEC_NETWORKS: 'shop_backend,shop_cache' }, `you are on shop_backend,shop_cache${rest}`],
    [{ NETEXEC_NETWORKS: 'host', NETEXEC_SERVICE: 'web' }, undefined],
    [{ NETEXEC_SERVICE: 'web' }, undefined],
  ];
  for (const [env, said] of rows) assert.equal(describeNesting(env), said);
});
