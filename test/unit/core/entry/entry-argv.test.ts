// The one command that carries a plan out: whatever the plan says, data stays data, and secrets stay off it.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import { describePlan } from '../../../../src/core/entry/describe-plan.ts';
import { entryArgv } from '../../../../src/core/entry/entry-argv.ts';
import type { EntryPlan, HostFacts } from '../../../../src/core/entry/plan.ts';
import { stageParts } from '../../../../src/core/entry/stage-parts.ts';
import { isOwnChild } from '../../../../src/core/ways/ways.ts';
import { changesIn } from '../../../changes.ts';
import { goldens } from '../../../goldens.ts';
import { lifelinesOf, nobody, plans } from './entry-plans.ts';
import { host, joined, planOf } from '../samples.ts';

const partText = (name: string): string => `${name} $(false) "' \\ \`false\`\n`;
/** Of a text that is made of these. */
const partsIn = (text: string): readonly string[] =>
  text.split('\n').flatMap((line) => (line === '' ? [] : line.slice(0, line.indexOf(' '))));
const texts = {
  entry: 'ENTRY $(false)',
  stage: Object.fromEntries(stageParts.map((name) => [name, partText(name)])),
  reader: 'READER',
  guard: 'GUARD $(false)',
  waiter: 'WAITER',
  interceptor: 'INTERCEPTOR $(false)',
  launch: (words: readonly string[]) => ['--eval', 'LAUNCH', '--', ...words.map((word) => `:${word}`)],
};
const argvOf = (plan: EntryPlan): readonly string[] => entryArgv(plan, texts, lifelinesOf(plan));
const isStage = (word: string): boolean => word.startsWith(partText('start'));
const stageOf = (argv: readonly string[]): string => argv.find(isStage) ?? '';

/** What the stage is told: the words between its own name and the `--` in front of COMMAND. */
function stageArguments(argv: readonly string[]): readonly string[] {
  const start = argv.indexOf('netexec', argv.findIndex(isStage)) + 1;
  return argv.slice(start, argv.indexOf('--', start));
}

/** A word a line; of the stage the names of its parts. */
const shown = (plan: EntryPlan): readonly string[] =>
  argvOf(plan).flatMap((word) => (isStage(word) ? partsIn(word) : [JSON.stringify(word)]));

/** What a plan's golden says the differences to: the plain plan of its way, and that to root's. */
function baseOf(name: string): string {
  const [way = ''] = name.split('-');
  if (way !== name) return way;
  return way === 'doas' || way === 'docker' ? 'sudo' : 'root';
}

/** All of root's, and what is otherwise in the others. */
function golden(name: string, plan: EntryPlan): string {
  const base = baseOf(name);
  const lines = base === name ? shown(plan) : changesIn(shown(plans[base]?.() ?? plan), shown(plan));
  return [...(base === name ? [] : [`as ${base}.txt, but`]), ...lines, ''].join('\n');
}

goldens(
  'entry-argv',
  Object.fromEntries(Object.entries(plans).map(([name, make]) => [`${name}.txt`, () => golden(name, make())])),
);

test("COMMAND's environment must not be named before sudo has gone", () => {
  const argv = argvOf(planOf());
  assert.deepEqual(argv.slice(0, 3), ['/usr/bin/sudo', '-n', '--']);
});

test('a part of the stage that has not been loaded must not be left out of what enters', () => {
  for (const name of ['start', 'prove', 'settings'] as const) {
    const stage = { ...texts.stage, [name]: undefined };
    assert.throws(() => entryArgv(planOf(), { ...texts, stage }, lifelinesOf(planOf())), new RegExp(name));
  }
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
        const stage = stageOf(argv);
        assert.equal(stage, partsIn(stage).map(partText).join(''));
        const before = argv.slice(0, argv.indexOf(stage) + 1);
        const run = before.filter((_, index) => before[index - 1] === '-c');
        assert.deepEqual(run, isOwnChild(made.way) ? [stage] : [texts.entry, stage]);
        assert.deepEqual(before.slice(-3), ['/usr/bin/sh', '-c', stage]);
        for (const each of stageArguments(argv)) assert.match(each, /^[a-z_]+=/);
      }),
    );
  });

  test('no value of a variable stands on the command line, or in the text of the plan', () => {
    fc.assert(
      fc.property(plan, (made) => {
        const told = [describePlan(made), ...argvOf(made)].join('\n');
        for (const [key, value] of Object.entries(made.environment)) {
          if (value.startsWith('secret<')) assert.ok(!told.includes(value), key);
        }
        assert.doesNotMatch(told, /secret</);
      }),
    );
  });
});
