// --doctor: the programs that the caller's runs take, by the way in that is taken, and what else is missing.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { DoctorFacts, ToolFacts } from '../../../../src/core/doctor/doctor-facts.ts';
import { examineTools } from '../../../../src/core/doctor/doctor-tools.ts';
import type { Tool } from '../../../../src/core/tools/tool-table.ts';

type Ways = DoctorFacts['ways'];

/** Of these one is the way in, the other none. */
const by = (kind: 'root' | 'docker' | 'rootless'): Ways => [
  { kind, way: { kind, cause: '' }, reason: 'so' },
  { kind: 'doas', way: undefined, reason: 'it is not installed' },
];
const sudo: Ways = [
  { kind: 'root', way: undefined, reason: 'you are not root' },
  { kind: 'sudo', way: { kind: 'sudo', program: { file: '/usr/bin/sudo', asks: false }, cause: '' }, reason: 'so' },
];
const rowOf = (tool: ToolFacts, ways: Ways): readonly (string | undefined)[] =>
  examineTools({ tools: [tool], ways }).flatMap(({ mark, seen, hint }) => [mark, seen, hint ?? '']);
const found = (name: Tool, lacks: readonly string[] = []): ToolFacts => ({ name, file: `/bin/${name}`, lacks });
const missing = (name: Tool): ToolFacts => ({ name, file: undefined, lacks: [] });
const nowhere = 'not found in the system directories';

const rows: readonly (readonly [name: string, tool: ToolFacts, ways: Ways, row: readonly string[]])[] = [
  ['one of every run', found('nsenter'), [], ['good', '/bin/nsenter', '']],
  ['one of every run, missing', missing('nsenter'), [], ['bad', nowhere, 'install util-linux']],
  [
    'one of every run, missing on Debian',
    missing('mount'),
    [],
    ['bad', nowhere, 'install util-linux (Debian: apt install mount)'],
  ],
  [
    "BusyBox's",
    found('setpriv', ['--pdeathsig', '--clear-groups', '--dump']),
    [],
    [
      'bad',
      '/bin/setpriv lacks --pdeathsig, --clear-groups',
      'install the one from util-linux (Alpine: apk add setpriv)',
    ],
  ],
  ["one of sudo's way", found('setsid'), sudo, ['good', '/bin/setsid', '']],
  ["one of sudo's way, missing", missing('mkfifo'), sudo, ['bad', nowhere, 'install coreutils']],
  ["one of sudo's way, missing, to root", missing('mkfifo'), by('root'), []],
  ["one of the engine's way", found('stty'), by('docker'), ['good', '/bin/stty', '']],
  [
    "one of the engine's way, missing",
    missing('stty'),
    by('docker'),
    ['warning', `${nowhere}: COMMAND's terminal has a different size`, 'install coreutils'],
  ],
  ["one of the engine's way, to whoever has sudo", found('stty'), sudo, []],
  ["one of the engine's way, missing, to whoever has sudo", missing('stty'), sudo, []],
  ['one of --pid', found('sleep'), [], []],
  ['one of --pid, missing', missing('sleep'), [], ['warning', `${nowhere}: --pid needs it`, 'install coreutils']],
  [
    'an option of --pid, missing',
    found('nsenter', ['--no-fork', '--wd']),
    sudo,
    ['warning', '/bin/nsenter lacks --no-fork: --pid needs it', 'install the one from util-linux'],
  ],
  [
    'an option that one can do without, missing',
    found('unshare', ['--map-user']),
    by('rootless'),
    [
      'warning',
      '/bin/unshare lacks --map-user: COMMAND sees itself as root, without root privileges',
      'install the one from util-linux',
    ],
  ],
  [
    "one of root's --check, missing",
    missing('nft'),
    by('root'),
    ['plain', `${nowhere}: --check does not see nftables rules`, 'install nftables'],
  ],
  ["one of root's --check, missing, to others", missing('nft'), sudo, []],
  ['one with a row of its own', found('docker'), by('docker'), []],
  ['one of --uninstall, missing', missing('rmdir'), by('root'), []],
];

describe('of the programs that netexec starts', () => {
  for (const [name, tool, ways, row] of rows)
    test(`${name}: ${row.length === 0 ? 'nothing must be said' : 'that must be said'}`, () =>
      assert.deepEqual(rowOf(tool, ways), row));
});
