// What the engine's events mean for the network that COMMAND is in.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { readEvent } from '../../../../src/core/engine/network-events.ts';
import type { NetworkEvent } from '../../../../src/core/engine/network-events.ts';
import { container, idOf, targetOf } from '../samples.ts';

const sharer = { ...targetOf(container), owner: { ...container, id: idOf('b'), name: 'shop-db-1' } };

const line = (Type: string, Action: string, ID: string, Attributes?: object | null): string =>
  JSON.stringify({ Type, Action, Actor: { ID, Attributes }, scope: 'local', timeNano: 1 });
const die = (id: string, exitCode?: string): string =>
  line('container', 'die', id, { name: 'x', ...(exitCode === undefined ? {} : { exitCode }) });

const ended = (name: string, status: number | undefined): NetworkEvent => ({
  kind: 'container-ended',
  container: name,
  status,
});

describe('an event', () => {
  const own = idOf('a');
  const rows: readonly (readonly [string, string, NetworkEvent | undefined])[] = [
    ['of the container that ends', die(own, '137'), ended('shop-web-1', 137)],
    ['without a status', die(own), ended('shop-web-1', undefined)],
    ['of the owner of the network that ends', die(idOf('b'), '0'), ended('shop-db-1', 0)],
    ['of another container', die(idOf('c'), '1'), undefined],
    ['of the container that starts', line('container', 'start', own, {}), undefined],
    ['of an image', line('image', 'die', own, {}), undefined],
    ['without attributes', line('network', 'disconnect', 'n1', null), undefined],
    [
      'of a network that is left',
      line('network', 'disconnect', 'n1', { container: own, name: 'shop_backend' }),
      { kind: 'network-changed', container: 'shop-web-1', network: 'shop_backend', joined: false },
    ],
    [
      'of a network without a name that is joined',
      line('network', 'connect', 'n1', { container: own }),
      { kind: 'network-changed', container: 'shop-web-1', network: 'n1', joined: true },
    ],
    ['of a network that another leaves', line('network', 'disconnect', 'n1', { container: idOf('c') }), undefined],
    ['of a network that is made', line('network', 'create', 'n1', { container: own }), undefined],
    // Podman 5.4.2, and 4.3.1, which tells of no network.
    [
      'of a network that is left, by Podman',
      line('network', 'disconnect', own, { name: 'shop-web-1', network: 'shop_backend', podId: '' }),
      { kind: 'network-changed', container: 'shop-web-1', network: 'shop_backend', joined: false },
    ],
    ['of a network that Podman does not name', line('network', 'connect', own, { name: 'shop-web-1' }), undefined],
    [
      'of a container with a label "container"',
      line('container', 'die', own, { container: idOf('c'), exitCode: '1' }),
      ended('shop-web-1', 1),
    ],
    ['that is no JSON', '{', undefined],
    ['of another shape', '{"Type":"container"}', undefined],
    ['that is nothing', 'null', undefined],
  ];
  for (const [name, text, expected] of rows) {
    test(name, () => assert.deepEqual(readEvent(text, sharer), expected));
  }
});
