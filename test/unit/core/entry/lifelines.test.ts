// What ties an entry to netexec: what is held open, who has it as which number, how it tells that COMMAND starts.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { describeLifelines } from '../../../../src/core/entry/describe-lifelines.ts';
import { lifelinePaths } from '../../../../src/core/entry/lifelines.ts';
import type { EntryPlan, HostFacts } from '../../../../src/core/entry/plan.ts';
import { goldens } from '../../../goldens.ts';
import { planOf, planOutside, root } from '../samples.ts';

const rootless: Partial<HostFacts> = { containerUsers: "caller's", elevators: [] };
const processes = { numbers: [4711, 1], uid: 0, ptraceScope: 0 };
const byFile = { serviceEnv: true };
const three = { descriptors: [3, 63] };
/** One that the stage would use for itself. */
const nine = { descriptors: [9] };

const intercepts = [{ port: 80, here: 3000 }];

const plans: Readonly<Record<string, () => EntryPlan>> = {
  'root.txt': () => planOf({}, { ...root, ...three }),
  'root-descriptor-9.txt': () => planOf({}, { ...root, ...nine }),
  'root-environment.txt': () => planOf(byFile, { ...root, ...three }),
  'root-pid.txt': () => planOf({}, { ...root, ...three, processes }),
  'root-intercept.txt': () => planOf({ intercepts }, { ...root, ...three }),
  'rootless-intercept.txt': () => planOf({ intercepts }, rootless),
  'sudo-intercept.txt': () => planOf({ intercepts }),
  'rootless.txt': () => planOf({}, { ...rootless, ...three }),
  'rootless-descriptor-9.txt': () => planOf({}, { ...rootless, ...nine }),
  'rootless-environment.txt': () => planOf(byFile, rootless),
  'rootless-pid.txt': () => planOf({}, { ...rootless, processes }),
  'rootless-own-network.txt': () => planOf({}, { ...rootless, ownNetwork: true }),
  'sudo.txt': () => planOf({}, three),
  'sudo-pid.txt': () => planOf({}, { processes }),
  'docker.txt': () => planOf({ elevate: 'docker' }, three),
  'root-outside.txt': () => planOutside({}, { ...root, ...three }),
  'namespace.txt': () => planOutside({ elevate: 'none' }, three),
  'sudo-outside.txt': () => planOutside({}, three),
  'docker-pid.txt': () => planOf({ elevate: 'docker' }, { processes }),
};

goldens(
  'lifelines',
  Object.fromEntries(Object.entries(plans).map(([name, make]) => [name, () => describeLifelines(make())])),
);

test('docs/life-of-a-run.md must show them as they are', () => {
  const page = readFileSync(join(import.meta.dirname, '../../../../docs/life-of-a-run.md'), 'utf8');
  for (const name of ['root.txt', 'sudo-pid.txt'])
    assert.ok(
      page.includes(
        describeLifelines(plans[name]?.() ?? planOf())
          .replaceAll(/^/gm, '    ')
          .trimEnd(),
      ),
      name,
    );
});

describe('whatever the plan,', () => {
  for (const [name, make] of Object.entries(plans)) {
    test(`the stage must find what netexec opens, and nothing else: ${name}`, () => {
      const plan = make();
      const { opened, handed, ready } = plan.lifelines;
      const paths = lifelinePaths(plan, 99, Object.fromEntries(opened.map((each, index) => [each, 20 + index])));
      for (const each of ['environment', 'ready', 'alive', 'users', 'held'] as const)
        assert.equal(paths[each] !== undefined, opened.includes(each), each);
      for (const path of Object.values(paths)) {
        const [, own] = /^\/proc\/self\/fd\/([789])$/.exec(path ?? '') ?? [];
        if (own !== undefined)
          assert.ok(
            handed.some(({ number }) => number === Number(own)),
            path,
          );
      }
      // One of the two, or nobody would know that COMMAND has started.
      assert.equal(opened.includes('ready'), ready === 'file');
      assert.equal(
        handed.some(({ holds }) => holds === 'pipe'),
        ready === 'pipe',
      );
    });
  }
});

test('a descriptor whose number the limit of open files leaves no room for must not be handed on', () => {
  const handed = (openFiles: string | undefined): readonly number[] =>
    planOf({}, { ...root, openFiles, descriptors: [3, 51, 52, 53] })
      .lifelines.handed.filter(({ holds }) => holds === 'caller')
      .map(({ number }) => number);
  assert.deepEqual(handed('64'), [3, 51, 52]);
  assert.deepEqual(handed('unlimited'), [3, 51, 52, 53]);
  assert.deepEqual(handed(undefined), [3, 51, 52, 53]);
});
