// --stand-in: what the engine is told of a service's stand-in, from what `docker compose config` says, and what is refused.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import type { Failure } from '../../../../src/core/failure/failure.ts';
import type { Network } from '../../../../src/core/engine/networks.ts';
import { ownContainerBody } from '../../../../src/core/own-container/own-container.ts';
import { planStandIn, readBindings, readComposeConfig } from '../../../../src/core/own-container/stand-in.ts';
import type { StandInFacts, StandInPlan } from '../../../../src/core/own-container/stand-in.ts';
import { goldens } from '../../../goldens.ts';
import { listed } from '../samples.ts';

/** Recorded of Compose 2.40, and a dollar in a value: it is written twice. */
const config = readComposeConfig(
  readFileSync(join(import.meta.dirname, '../../../fixtures/compose-config.json'), 'utf8'),
);

const network = (name: string): Network => ({
  id: `${name}-id`,
  name,
  driver: 'bridge',
  subnets: [],
  gateway: undefined,
  internal: false,
  ipv6: false,
  compose: undefined,
});

const facts = (given: Partial<StandInFacts> = {}): StandInFacts => ({
  project: 'shop',
  service: 'web',
  config: config ?? assert.fail(),
  hash: 'fc22',
  image: 'sha256:abcd',
  folder: '/src/shop',
  files: ['/src/shop/compose.yaml', '/src/shop/compose.override.yaml'],
  networks: [network('shop_cache'), network('shop_backend')],
  containers: [],
  published: {},
  taken: undefined,
  volumes: ['shop_data'],
  ...given,
});

function planOf(given: Partial<StandInFacts> = {}, replace = false): StandInPlan {
  const plan = planStandIn(facts(given), replace);
  return plan.ok ? plan.value : assert.fail(plan.failure.kind);
}

const place = {
  image: 'sha256:1234',
  holder: { sh: '/usr/bin/sh', folders: ['/usr'] },
  supervisor: '99 4711',
  runtime: 'runc',
};
const told = (plan: StandInPlan): string => {
  const further = plan.networks.slice(1).map(({ id, endpoint }) => ({ network: id, endpoint }));
  return `${JSON.stringify({ name: plan.name, ...ownContainerBody(plan, place), further }, undefined, 1)}\n`;
};

goldens('stand-in', {
  'web.json': () => told(planOf()),
  'client.json': () => told(planOf({ service: 'client', hash: undefined, image: undefined, folder: undefined })),
  'replaced.json': () => told(planOf({ containers: [listed('shop-web-1')] }, true)),
});

test('its variables must be those of the files, without the ones that have no value', () => {
  assert.deepEqual(planOf().environment, ['A=b', 'D=1', 'PRICE=$5']);
});

describe('a service with containers', () => {
  const running = listed('shop-web-1');
  const exited = listed('shop-web-2', { state: 'exited' });
  test('must have those replaced that run, and keep its name', () => {
    const { called, name, replaces } = planOf({ containers: [running, exited] }, true);
    assert.deepEqual([called, name, replaces], ['shop-web-1', undefined, [running]]);
  });
  test('must leave the ports that the engine had chosen as they are', () => {
    const json = {
      NetworkSettings: {
        Ports: {
          '3000/tcp': [
            { HostIp: '0.0.0.0', HostPort: '49153' },
            { HostIp: '::', HostPort: '49154' },
          ],
          '80/tcp': [{ HostIp: '127.0.0.1', HostPort: '1' }],
          '9000/udp': null,
        },
      },
    };
    const { hostConfig } = planOf({ containers: [running], published: readBindings(json) }, true);
    const { '3000/tcp': chosen, '80/tcp': fixed } = (hostConfig?.['PortBindings'] ?? {}) as Record<string, unknown>;
    assert.deepEqual(chosen, [{ HostIp: '', HostPort: '49153' }]);
    assert.deepEqual(fixed, [{ HostIp: '127.0.0.1', HostPort: '8080' }]);
    assert.deepEqual(readBindings({}), {});
  });
  test('that do not run may be stood in for', () => {
    const { called, name, replaces } = planOf({ containers: [exited] });
    assert.deepEqual([called, name, replaces], ['shop-web-2', undefined, []]);
  });
  test('must not be two of them to Compose, which would remove one', () => {
    assert.ok(!told(planOf({ containers: [exited] })).includes('com.docker.compose.service'));
    assert.ok(told(planOf()).includes('com.docker.compose.service'));
  });
});

describe('it must be refused', () => {
  const web = { service: 'web' } as const;
  const rows: readonly (readonly [title: string, given: Partial<StandInFacts>, replace: boolean, expected: Failure])[] =
    [
      [
        'for a service that is not declared',
        { service: 'wbe' },
        false,
        {
          kind: 'service-unknown',
          project: 'shop',
          service: 'wbe',
          services: ['client', 'db', 'lonely', 'sidecar', 'web'],
          alsoIn: [],
        },
      ],
      [
        'where it runs',
        { containers: [listed('shop-web-1'), listed('shop-web-2', { state: 'restarting' })] },
        false,
        { kind: 'stand-in-runs', ...web, containers: ['shop-web-1', 'shop-web-2'] },
      ],
      ['where there is another', { taken: '4711' }, true, { kind: 'stand-in-taken', ...web, pid: '4711' }],
      [
        "in another's network",
        { service: 'sidecar' },
        true,
        { kind: 'stand-in-shares', service: 'sidecar', mode: 'service:web' },
      ],
      ['in none', { service: 'lonely' }, true, { kind: 'stand-in-shares', service: 'lonely', mode: 'none' }],
      [
        'without a network, which those that do not need it bring',
        { networks: [network('shop_cache')] },
        false,
        { kind: 'network-not-made', network: 'shop_backend', project: 'shop', others: ['db'] },
      ],
      [
        'without a network that no other has',
        { networks: [network('shop_backend')] },
        false,
        { kind: 'network-not-made', network: 'shop_cache', project: 'shop', others: [] },
      ],
    ];
  for (const [title, given, replace, expected] of rows)
    test(title, () => assert.deepEqual(planStandIn(facts(given), replace), { ok: false, failure: expected }));
});

test('what is no configuration must be told from one', () => {
  for (const text of ['', 'null', '[]', '{}', '{"services": {"web": {"ports": 5}}}'])
    assert.equal(readComposeConfig(text), undefined, text);
});
