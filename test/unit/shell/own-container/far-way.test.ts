// How the way to a container ends: what of the container, its far end and the connection is told first.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FarWay } from '../../../../src/shell/own-container/far-way.ts';

// The build writes it into the executable.
Object.assign(globalThis, { NETEXEC_VERSION: '0.0.0' });
const { keepWay } = await import('../../../../src/shell/own-container/far-way.ts');

/** @param status the container's, which the engine tells before the connection is lost */
function endsWith(status: string, goesAlong: boolean) {
  const far = { ended: new Promise<void>(() => {}), close: () => {} } as FarWay['far'];
  const told: string[] = [];
  const way = keepWay(
    { far, name: 'web-1', ended: Promise.resolve(status), goesAlong },
    {
      open: () => assert.fail('it must not be opened again'),
      ended: (name, ended) => {
        told.push(`${name} ${ended}`);
        return false;
      },
      found: () => assert.fail('nothing was opened'),
    },
  );
  return { way, told };
}

test('a container of netexec’s own that ends with its input is lost with the connection, and not at its own will', async () => {
  const { way, told } = endsWith('0', true);
  assert.deepEqual(await way.over, { kind: 'own-container-lost', container: 'web-1' });
  assert.deepEqual(told, []);
  await assert.rejects(way.now());
});

test('any other end must be told with its status', async () => {
  for (const [status, goesAlong] of [
    ['137', true],
    ['0', false],
  ] as const) {
    const { way, told } = endsWith(status, goesAlong);
    assert.equal(await way.over, undefined);
    assert.deepEqual(told, [`web-1 ${status}`]);
  }
});
