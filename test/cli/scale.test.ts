// A project of 200 services on 10 networks: how much the engine is asked, and how much of it at once.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { fakeProject } from '../unit/core/fake-project.ts';
import { fakeEngine } from '../fake-engine.ts';
import type { FakeEngine, Wishes } from '../fake-engine.ts';
import type { Json } from '../recordings.ts';
import { startContainer } from './fake-container.ts';
import { isRoot, makePlace, run, usePlugin } from './place.ts';
import type { Place } from './place.ts';

const plugin = usePlugin();

const services = 200;
const networks = 10;
const list = 'GET /containers/json';
const networkList = 'GET /networks';

/** Service N is on the networks N and N+1, counted around, so that each network has 40 containers. */
function largeProject() {
  const project = fakeProject('shop');
  for (let index = 0; index < networks; index++) project.network(`net${index}`);
  for (let index = 0; index < services; index++) {
    const [one, other] = [`net${index % networks}`, `net${(index + 1) % networks}`];
    project.service(`service${index}`, { networks: { [one]: {}, [other]: {} } });
  }
  return project.recording();
}

async function withLargeProject(place: Place, wishes: Wishes = {}, entered?: string): Promise<FakeEngine> {
  const recording = largeProject();
  const container = recording.containers[entered ?? ''];
  if (container !== undefined) {
    container['State'] = { ...(container['State'] as Json), Pid: await startContainer(place, String(container['Id'])) };
  }
  const engine = await fakeEngine(recording, place.socket, wishes);
  place.cleanUp(() => engine.close());
  return engine;
}

const isInspect = (request: string): boolean => /^GET \/containers\/[0-9a-f]{64}\/json$/.test(request);

/** How often each was asked; every container counts as the same. */
function counted({ requests }: FakeEngine): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const request of requests) {
    const key = isInspect(request) ? 'inspect' : request;
    counts[key] = (counts[key] ?? 0) + 1;
  }
  return counts;
}

/** Holds answers back until no more requests come, so that all are counted that the plugin sends at once. */
function crowd() {
  let open: (() => void)[] = [];
  let most = 0;
  let quiet: NodeJS.Timeout | undefined;
  const release = (): void => {
    most = Math.max(most, open.length);
    for (const answer of open) answer();
    open = [];
  };
  return {
    hold: (request: string): Promise<void> => {
      if (!isInspect(request)) return Promise.resolve();
      clearTimeout(quiet);
      quiet = setTimeout(release, 50);
      return new Promise((resolve) => open.push(resolve));
    },
    most: () => most,
  };
}

describe('a report of it', () => {
  test('must ask once for each container, and for several at once, but no more than eight', async (context) => {
    const place = makePlace(context);
    const { hold, most } = crowd();
    const engine = await withLargeProject(place, { hold });
    const { status, stdout, stderr } = await run(place, [plugin.file, 'netexec', '-p', 'shop', '--list-names', '-q']);
    assert.deepEqual([status, stderr], [0, '']);
    // Its service, its container and its id, on two networks each.
    assert.equal(stdout.trimEnd().split('\n').length, services * 2 * 3);
    assert.ok(most() > 1 && most() <= 8, `${most()} at once`);
    assert.equal(new Set(engine.requests.filter(isInspect)).size, services);
    assert.deepEqual(counted(engine), { [list]: 1, [networkList]: 1, inspect: services });
  });

  test('of its networks must ask for no container', async (context) => {
    const place = makePlace(context);
    const engine = await withLargeProject(place);
    const { status, stdout } = await run(place, [plugin.file, 'netexec', '-p', 'shop', '--list-networks', '-q']);
    assert.equal(status, 0);
    assert.equal(stdout.trimEnd().split('\n').length, networks);
    assert.deepEqual(counted(engine), { [list]: 1, [networkList]: 1 });
  });

  test('of one service must ask for no container that is on other networks', async (context) => {
    const place = makePlace(context);
    const engine = await withLargeProject(place);
    const { status, stdout } = await run(place, [
      plugin.file,
      'netexec',
      '-p',
      'shop',
      '--list-names',
      '-q',
      'service0',
    ]);
    assert.equal(status, 0);
    // On either of two networks: a service in ten is on both.
    assert.equal(new Set(engine.requests.filter(isInspect)).size, 60);
    // Whoever is on both is also to be had by the second.
    assert.equal(stdout.trimEnd().split('\n').length, 80 * 3);
  });
});

describe('a run in it', () => {
  for (const words of [[], ['--network', 'net1'], ['--resolver', 'host']]) {
    test(`must ask for one list and one container${words.map((word) => ` ${word}`).join('')}`, async (context) => {
      const place = makePlace(context);
      const engine = await withLargeProject(place, {}, 'shop-service0-1');
      const called = [plugin.file, 'netexec', '--dry-run', '-p', 'shop', ...words, 'service0', 'true'];
      const { status, stderr } = await run(place, called);
      assert.deepEqual([status, stderr], [0, '']);
      assert.deepEqual(counted(engine), { [list]: 1, inspect: 1 });
    });
  }

  test(
    'must write a file for each network of the service, and no other',
    { skip: isRoot ? false : 'needs root' },
    async (context) => {
      const place = makePlace(context);
      place.env['XDG_RUNTIME_DIR'] = place.write('runtime/.keep', '').replace('/.keep', '');
      const engine = await withLargeProject(place, {}, 'shop-service0-1');
      const script = 'cd "${HOSTALIASES%/*}" && ls && grep -vc "#" shop_net0.hostaliases shop_net1.hostaliases';
      const outcome = await run(place, [plugin.file, 'netexec', '-p', 'shop', 'service0', '--', 'sh', '-c', script]);
      assert.deepEqual(outcome, {
        status: 0,
        stdout: [
          'shop-service0-1.joined.hostaliases',
          'shop_net0.hostaliases',
          'shop_net1.hostaliases',
          // 40 containers, three names each.
          'shop_net0.hostaliases:120',
          'shop_net1.hostaliases:120',
          '',
        ].join('\n'),
        stderr: '',
      });
      assert.deepEqual(counted(engine), { [list]: 1, inspect: 1 });
    },
  );
});
