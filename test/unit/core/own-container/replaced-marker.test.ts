// What --replace has left behind: told of where it still is stopped, and what tells of it removed where it is not.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { judgeMarkers } from '../../../../src/core/own-container/replaced-marker.ts';
import type { Told } from '../../../../src/core/own-container/replaced-marker.ts';

const marker = (id: string, supervisor: string, containers: readonly string[], state = 'created'): Told => ({
  id,
  name: id,
  state,
  replaced: { project: 'shop', supervisor, containers, created: 1 },
});
const container = (name: string, state: string): Told => ({ id: name, name, state });

describe('of what is there', () => {
  const all = ['running', 'paused', 'restarting', 'exited', 'created', 'dead'].map((each) => container(each, each));
  const rows: readonly (readonly [what: string, marker: Told, stopped: readonly string[], done: boolean])[] = [
    [
      'those that are stopped must be told',
      marker('m', 'ended', ['exited', 'running', 'dead']),
      ['exited', 'dead'],
      false,
    ],
    ['a marker whose containers all run must go', marker('m', 'ended', ['running', 'paused', 'restarting']), [], true],
    ['a marker whose containers are gone must go', marker('m', 'ended', ['gone']), [], true],
    ['nothing must be told of a netexec that runs', marker('m', 'runs', ['exited']), [], false],
    ['a container that runs must stay, whatever its labels', marker('m', 'ended', ['running'], 'running'), [], false],
    ['one that has run must stay, too', marker('m', 'ended', ['exited'], 'exited'), [], false],
  ];
  for (const [what, own, stopped, done] of rows)
    test(what, () =>
      assert.deepEqual(
        judgeMarkers([...all, own], ({ supervisor }) => supervisor === 'ended'),
        { stopped, done: done ? ['m'] : [] },
      ),
    );
});
