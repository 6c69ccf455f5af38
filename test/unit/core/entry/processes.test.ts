// --pid: which processes COMMAND sees, and what is said to a tracer that the kernel will refuse.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { RunRequest } from '../../../../src/core/arguments/argv.ts';
import type { HostFacts } from '../../../../src/core/entry/plan.ts';
import { joinsProcesses } from '../../../../src/core/entry/processes.ts';
import type { ProcessFacts } from '../../../../src/core/entry/processes.ts';
import { planOf, root } from '../samples.ts';

const ofRoot: ProcessFacts = { numbers: [4711, 1], uid: 0, ptraceScope: 0 };
const ofCaller: ProcessFacts = { ...ofRoot, uid: 1000 };

describe("the container's first process", () => {
  type Row = readonly [name: string, numbers: readonly number[], own: boolean, endTogether: boolean, root: string];
  const rows: readonly Row[] = [
    ['is usually the first of its namespace', [4711, 1], true, true, '/proc/1/root'],
    ['that shares the namespace of another has a number of its own there', [4711, 7], true, false, '/proc/7/root'],
    ['may be in namespaces between', [4711, 33, 1], true, true, '/proc/1/root'],
    ["that is among this machine's keeps its number", [4711], false, false, '/proc/4711/root'],
    ['whose numbers cannot be seen is taken for the first', [], true, true, '/proc/1/root'],
  ];
  for (const [name, numbers, own, endTogether, path] of rows) {
    test(name, () => {
      const plan = planOf({}, { ...root, processes: { ...ofRoot, numbers } });
      assert.deepEqual(plan.processes, { own, endTogether, root: path });
      assert.equal(plan.environment['NETEXEC_ROOT'], path);
      // Where there is something between netexec and COMMAND, something has to signal COMMAND.
      assert.equal(joinsProcesses(plan), own);
    });
  }

  test('is nothing to a run without --pid', () => {
    const plan = planOf({}, root);
    assert.deepEqual([plan.processes, plan.environment['NETEXEC_ROOT']], [undefined, undefined]);
  });
});

describe('a tracer', () => {
  const rootless: Partial<HostFacts> = { containerUsers: "caller's", elevators: [] };
  const nobody = { uid: 65534, gid: 65534, groups: [65534] };
  const rows: readonly (readonly [name: string, HostFacts['processes'], Partial<HostFacts>, string[], RegExp?])[] = [
    [
      "of the caller's, of root's processes",
      ofRoot,
      {},
      [],
      /^strace: uid 1000 may not trace .* of uid 0: use -u root/,
    ],
    ["of the caller's, of its own", ofCaller, {}, []],
    ['with the capability', ofRoot, {}, ['sys_ptrace']],
    ['with another capability', ofRoot, {}, ['net_raw'], /--cap-add SYS_PTRACE/],
    ["of root's", ofRoot, root, []],
    ["of root's, of another's", { ...ofRoot, uid: 999 }, root, []],
    ["of another's", ofCaller, { other: nobody }, [], /uid 65534 may not trace processes of uid 1000/],
    ['where Yama lets parents trace only', { ...ofCaller, ptraceScope: 1 }, {}, [], /ptrace_scope is 1/],
    ['where Yama lets parents trace only, with the capability', { ...ofCaller, ptraceScope: 1 }, {}, ['sys_ptrace']],
    [
      "where Yama lets nobody trace, of root's",
      { ...ofRoot, ptraceScope: 3 },
      root,
      [],
      /tracing is disabled: .* is 3$/,
    ],
    ['in a user namespace of its own', ofCaller, rootless, [], /user namespace, .*: use --cap-add SYS_PTRACE/],
    ['in that of a rootless engine', ofCaller, rootless, ['sys_ptrace']],
    ['of processes that cannot be seen', { ...ofRoot, uid: undefined }, {}, []],
    ['without --pid', undefined, {}, []],
  ];
  for (const [name, processes, facts, capabilities, expected] of rows) {
    test(`${name} is ${expected === undefined ? 'not warned' : 'warned'}`, () => {
      assertNotes('strace', { capabilities }, { ...facts, processes }, expected);
    });
  }

  test('is known by the name of its file, and nothing else is warned', () => {
    const wanted = /may not trace/;
    for (const name of ['strace', 'gdb', 'ltrace', 'py-spy', 'lldb-19']) assertNotes(name, {}, withRoots, wanted);
    for (const name of ['ps', 'htop', 'straces', 'lsof']) assertNotes(name, {}, withRoots, undefined);
  });
});

const withRoots: Partial<HostFacts> = { processes: ofRoot };

function assertNotes(
  program: string,
  run: Partial<RunRequest>,
  facts: Partial<HostFacts>,
  expected: RegExp | undefined,
): void {
  const command = { file: `/usr/bin/${program}`, words: [program], cause: 'found on PATH' } as const;
  const { notes } = planOf(run, { ...facts, command });
  if (expected === undefined) return assert.deepEqual(notes, []);
  assert.equal(notes.length, 1);
  assert.match(notes[0] ?? '', expected);
}
