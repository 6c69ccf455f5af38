// The container by which the engine is the way in: what it is made of, and which streams the engine carries.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { helperContainer, planStreams } from '../../../../src/core/engine/helper-specification.ts';
import type { Descriptor, HelperFacts, Streams } from '../../../../src/core/engine/helper-specification.ts';
import { goldens } from '../../../goldens.ts';

const facts: HelperFacts = {
  image: 'sha256:1234',
  target: '5678',
  argv: ['/usr/bin/nsenter', '--target=99', '--', 'true'],
  supervisor: '99 4711',
  capabilities: [],
  streams: { terminal: false, reopened: ['/proc/99/fd/0', undefined, '/proc/99/fd/2'] },
  folders: ['/usr', '/lib64'],
  oomScore: 0,
  runtime: 'runc',
  limits: [
    { name: 'stack', soft: '8388608', hard: 'unlimited' },
    { name: 'as', soft: '1', hard: '2' },
  ],
};
const text = (given: Partial<HelperFacts>): string =>
  `${JSON.stringify(helperContainer({ ...facts, ...given }), undefined, 1)}\n`;

goldens('helper-specification', {
  'streams.json': () => text({}),
  'terminal.json': () => text({ streams: { terminal: true, reopened: [undefined, undefined, undefined] } }),
  'capabilities.json': () => text({ capabilities: ['net_raw', 'sys_time'] }),
});

describe('of the streams', () => {
  const own = (...numbers: readonly number[]): Streams['reopened'] => {
    const path = (number: number): string | undefined =>
      numbers.includes(number) ? `/proc/99/fd/${number}` : undefined;
    return [path(0), path(1), path(2)];
  };
  const rows: readonly (readonly [string, [Descriptor, Descriptor, Descriptor], Streams])[] = [
    ['a terminal is one of the engine', ['terminal', 'terminal', 'terminal'], { terminal: true, reopened: own() }],
    ['a terminal takes errors to a file, too', ['terminal', 'terminal', 'other'], { terminal: true, reopened: own() }],
    [
      'errors to a pipe stay apart from a terminal',
      ['terminal', 'terminal', 'pipe'],
      { terminal: true, reopened: own(2) },
    ],
    [
      'a terminal at one end is the caller own',
      ['terminal', 'pipe', 'terminal'],
      { terminal: false, reopened: own(0, 1, 2) },
    ],
    ['a terminal at the other end, too', ['pipe', 'terminal', 'terminal'], { terminal: false, reopened: own(0, 1, 2) }],
    ['pipes are the caller own', ['pipe', 'pipe', 'pipe'], { terminal: false, reopened: own(0, 1, 2) }],
    ['files and sockets are carried', ['other', 'other', 'other'], { terminal: false, reopened: own() }],
    ['each goes its way', ['device', 'other', 'pipe'], { terminal: false, reopened: own(0, 2) }],
  ];
  for (const [name, descriptors, expected] of rows) {
    test(name, () =>
      assert.deepEqual(
        planStreams(descriptors, (number) => `/proc/99/fd/${number}`),
        expected,
      ),
    );
  }
});
