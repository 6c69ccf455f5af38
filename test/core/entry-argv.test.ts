// The one command that carries a plan out: whatever the plan says, data stays data, and secrets stay off it.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import { describePlan } from '../../src/core/describe.ts';
import { entryArgv } from '../../src/core/entry-argv.ts';
import type { Lifelines } from '../../src/core/entry-argv.ts';
import { lifelinePaths } from '../../src/core/lifelines.ts';
import type { EntryPlan, HostFacts } from '../../src/core/plan.ts';
import { isOwnChild } from '../../src/core/ways.ts';
import { goldens } from '../goldens.ts';
import { host, idOf, joined, planOf, root } from './samples.ts';

const texts = {
  entry: 'ENTRY $(false)',
  stage: 'STAGE $(false) "\' \\ `false`',
  reader: 'READER',
  guard: 'GUARD $(false)',
  waiter: 'WAITER',
  launch: (words: readonly string[]) => ['--eval', 'LAUNCH', '--', ...words.map((word) => `:${word}`)],
};
/** As if netexec, process 99, had opened what the plan says at these. */
const numbers = { environment: 20, alive: 21, ready: 22, process: 23, network: 24, users: 25 };
const lifelines = (plan: EntryPlan): Lifelines => ({
  supervisor: 99,
  started: '4711',
  executable: '/usr/local/lib/docker/netexec/netexec',
  paths: lifelinePaths(plan, 99, Object.fromEntries(plan.lifelines.opened.map((each) => [each, numbers[each]]))),
});
const argvOf = (plan: EntryPlan): readonly string[] => entryArgv(plan, texts, lifelines(plan));

/** What the stage is told: the words between its own name and the `--` in front of COMMAND. */
function stageArguments(argv: readonly string[]): readonly string[] {
  const start = argv.indexOf('netexec', argv.indexOf(texts.stage)) + 1;
  return argv.slice(start, argv.indexOf('--', start));
}

const rootless: Partial<HostFacts> = { containerUsers: "caller's", elevators: [] };
const ofRoot = { numbers: [4711, 1], uid: 0, ptraceScope: 0 };
const asksForPassword: Partial<HostFacts> = {
  elevators: [{ name: 'sudo', program: '/usr/bin/sudo', refusal: 'a password is required' }],
};
const nobody = { uid: 65534, gid: 65534, groups: [65534] };
const oddEnvironment = { ...host.environment, 'BASH_FUNC_f%%': '() { :; }' };

const plans: Readonly<Record<string, () => EntryPlan>> = {
  'root.txt': () => planOf({}, root),
  'root-other-user.txt': () => planOf({}, { ...root, other: nobody }),
  'root-odd-environment.txt': () => planOf({}, { ...root, environment: oddEnvironment }),
  'root-resolver-host.txt': () => planOf({ resolver: 'host' }, root),
  'root-network.txt': () => planOf({ network: 'backend' }, root, {}, { pinned: 'shop_backend' }),
  'root-nscd.txt': () => planOf({}, { ...root, nscdFolders: ['/run/nscd', '/var/run/nscd'] }),
  'root-shared-network.txt': () => planOf({}, root, { networkMode: `container:${idOf('b')}` }),
  'rootless.txt': () => planOf({}, rootless),
  'rootless-capabilities.txt': () => planOf({ capabilities: ['net_raw'] }, rootless),
  'sudo.txt': () => planOf(),
  'sudo-capabilities.txt': () => planOf({ capabilities: ['net_raw', 'net_admin'] }),
  'sudo-ignored-signals.txt': () => planOf({}, { ignoredSignals: [1, 10] }),
  'sudo-asks.txt': () => planOf({ elevate: 'sudo' }, { ...asksForPassword, terminal: true }),
  'doas.txt': () => planOf({}, { elevators: [{ name: 'doas', program: '/usr/bin/doas', refusal: undefined }] }),
  'docker.txt': () => planOf({}, asksForPassword),
  'root-pid.txt': () => planOf({}, { ...root, processes: ofRoot }),
  'root-pid-resolver-host.txt': () => planOf({ resolver: 'host' }, { ...root, processes: ofRoot }),
  'root-pid-host.txt': () => planOf({}, { ...root, processes: { ...ofRoot, numbers: [4711] } }),
  'rootless-pid.txt': () => planOf({}, { ...rootless, processes: ofRoot }),
  'sudo-pid.txt': () => planOf({}, { processes: ofRoot }),
  'sudo-resolver-host.txt': () => planOf({ resolver: 'host' }),
  'sudo-unknown-limit.txt': () => planOf({}, { openFiles: undefined }),
};

goldens(
  'entry-argv',
  Object.fromEntries(
    Object.entries(plans).map(([name, make]) => [
      name,
      () =>
        argvOf(make())
          .map((word) => `${JSON.stringify(word)}\n`)
          .join(''),
    ]),
  ),
);

describe('the stage', () => {
  const stage = readFileSync(join(import.meta.dirname, '../../src/shell/stage.sh'), 'utf8');
  const known = [...stage.matchAll(/^ +(\w+)=\*\) netexec_(\w+)=\$netexec_value ;;/gm)].map(
    ([, pattern = '', variable]) => {
      assert.equal(pattern, variable);
      return pattern;
    },
  );

  for (const [name, make] of Object.entries(plans)) {
    test(`must know each name that it is told, and be told each that it knows: ${name}`, () => {
      const told = stageArguments(argvOf(make())).map((word) => word.replace(/=.*$/s, ''));
      assert.deepEqual(told.toSorted(), known.toSorted());
    });
  }

  test('must use what it is told', () => {
    for (const name of known) assert.match(stage, new RegExp(`\\$\\{?netexec_${name}\\b`), name);
  });

  test("must not name COMMAND's environment before sudo has gone", () => {
    const argv = argvOf(planOf());
    assert.deepEqual(argv.slice(0, 3), ['/usr/bin/sudo', '-n', '--']);
  });
});

describe('whatever the words, names and folders are,', () => {
  const word = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('--', '-c', '', '$(false)', "'", '\n', 'stage'));
  const secret = fc.string({ minLength: 1, maxLength: 20 }).map((text) => `secret<${text}>`);
  const name = fc.string({ minLength: 1, maxLength: 8 }).map((text) => text.replaceAll(/[=\0]/g, '_'));
  const variables = fc.dictionary(name, secret, { noNullPrototype: true });
  const facts = fc.record({
    caller: fc.constantFrom({ uid: 0, gid: 0, groups: [0] }, host.caller),
    other: fc.option(fc.constant(nobody), { nil: undefined }),
    environment: variables,
    openFiles: fc.option(fc.constant('1024'), { nil: undefined }),
    hostName: word,
    nsswitch: fc.option(word, { nil: undefined }),
    nscdFolders: fc.constantFrom<string[][]>([], ['/run/nscd']),
    command: fc
      .tuple(word, fc.array(word))
      .map(([first, others]): HostFacts['command'] => ({ file: first, words: [first, ...others], cause: 'x' })),
  });
  const settings = fc.array(fc.tuple(name, secret).map(([key, value]) => `${key}=${value}`));
  const requested = fc.record({
    serviceEnv: fc.boolean(),
    env: settings,
    workdir: fc.option(word, { nil: undefined }),
    resolver: fc.constantFrom('private' as const, 'host' as const),
  });
  const plan = fc
    .tuple(requested, facts, fc.record({ name: word, endpoints: fc.array(word.map(joined)), environment: settings }))
    .map(([run, seen, target]) => planOf(run, seen, target));

  test("the program started is one of the fixed ones, and COMMAND's words end the line: as they are, or each behind a colon for the last step", () => {
    fc.assert(
      fc.property(plan, (made) => {
        const argv = argvOf(made);
        assert.ok(['/usr/bin/sudo', '/usr/bin/setpriv'].includes(argv[0] ?? ''));
        const { words: own } = made.command;
        const words = made.carriage.kind === 'inherit' ? own : own.slice(1).map((each) => `:${each}`);
        assert.deepEqual(argv.slice(argv.length - words.length), words);
      }),
    );
  });

  test('the texts are handed over unchanged, each behind its -c, and the stage with arguments of the form name=value', () => {
    fc.assert(
      fc.property(plan, (made) => {
        const argv = argvOf(made);
        const before = argv.slice(0, argv.indexOf(texts.stage) + 1);
        const run = before.filter((_, index) => before[index - 1] === '-c');
        assert.deepEqual(run, isOwnChild(made.way) ? [texts.stage] : [texts.entry, texts.stage]);
        assert.deepEqual(before.slice(-3), ['/usr/bin/sh', '-c', texts.stage]);
        for (const each of stageArguments(argv)) assert.match(each, /^[a-z_]+=/);
      }),
    );
  });

  test('no value of a variable stands on the command line, or in the text of the plan', () => {
    fc.assert(
      fc.property(plan, (made) => {
        const shown = [describePlan(made), ...argvOf(made)].join('\n');
        for (const [key, value] of Object.entries(made.environment)) {
          if (value.startsWith('secret<')) assert.ok(!shown.includes(value), key);
        }
        assert.doesNotMatch(shown, /secret</);
      }),
    );
  });
});
