// The programs that netexec asks: they end with it, with all that they have started, and in time.
import assert from 'node:assert/strict';
import { readdirSync, readlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { commandLineOf, descendantsOf, isAlive, isNetexec, processNumbered } from './command-process.ts';
import type { Process } from './command-process.ts';
import { installedPlugin } from './grounds.ts';
import { must, scenario } from './scenario.ts';
import type { Scenario } from './scenario.ts';

const project = 'command';

/** Compose follows it for ever. */
const endless = 'a: &a\n  <<: *a\nservices:\n  web: { image: x }\n';
/** It is busy with these for longer than netexec waits. */
const busying: readonly (readonly [title: string, text: string])[] = [
  ['that merges itself', endless],
  ['of aliases of aliases, nine of each', `${aliasesOfAliases(10)}services:\n  web: { x: *a9 }\n`],
  ['of 3 MB', `services:\n${Array.from({ length: 150_000 }, (_, index) => `  s${index}: {image: x}\n`).join('')}`],
];

function aliasesOfAliases(levels: number): string {
  const nine = (word: string): string => Array.from({ length: 9 }, () => word).join(', ');
  return Array.from(
    { length: levels },
    (_, level) => `a${level}: &a${level} [${nine(level === 0 ? 'x' : `*a${level - 1}`)}]\n`,
  ).join('');
}

function askers(folder: string): readonly Process[] {
  return readdirSync('/proc').flatMap((name) => {
    const line = /^\d+$/.test(name) ? commandLineOf({ pid: Number(name) }) : '';
    return /\0config\0--format\0json/.test(line) && folderOf(name) === folder ? [processNumbered(Number(name))] : [];
  });
}

function folderOf(process: string): string {
  try {
    return readlinkSync(`/proc/${process}/cwd`);
  } catch {
    // It has ended in this moment.
    return '';
  }
}

function projectOf(s: Scenario, text: string): string {
  writeFileSync(join(s.folder, 'compose.yaml'), text);
  return s.folder;
}

scenario('what netexec asks must end with netexec, however that ends', { project }, async (s) => {
  const cwd = projectOf(s, endless);
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGKILL'] as const) {
    await s.subtest(signal, async () => {
      const started = await s.start(['docker', 'netexec', 'nosuch', '--', 'true'], { cwd, input: '' });
      const asked = await s.eventually(() => {
        const found = askers(cwd);
        assert.ok(found.some((each) => /docker-compose\0/.test(commandLineOf(each))));
        return found;
      });
      s.t.after(() => asked.filter(isAlive).forEach(({ pid }) => process.kill(pid, 'SIGKILL')));
      process.kill(descendantsOf(started.pid).find(isNetexec)?.pid ?? assert.fail('no netexec'), signal);
      await s.eventually(() => assert.deepEqual(asked.filter(isAlive).map(commandLineOf), []), 5);
      await started.ended;
    });
  }
});

scenario('what does not answer in time must be ended with all that it has started', { project }, async (s) => {
  for (const [title, text] of busying) {
    await s.subtest(`a Compose file ${title}`, async () => {
      const cwd = projectOf(s, text);
      const run = await s.netexec(['nosuch', '--', 'true'], { cwd, timeout: 20_000 });
      assert.equal(run.status, 125);
      assert.match(run.stderr, /^netexec: [^]*^hint: /m);
      await s.eventually(() => assert.deepEqual(askers(cwd).map(commandLineOf), []), 5);
    });
  }
});

/** What the caller's shell may be limited to, and what netexec then says; a row that works says nothing. */
const limits: readonly (readonly [limit: string, stderr: RegExp])[] = [
  ['-n 16', /^netexec: the limit of open files is 16, and netexec needs 64$/m],
  ['-n 20', /^netexec: the limit of open files is 20, and netexec needs 64$/m],
  ['-n 30', /^netexec: the limit of open files is 30, and netexec needs 64$/m],
  ['-n 64', /^$/],
  ['-Sn 20', /^$/],
  ['-f 0', /^netexec: the limit of the size of files is 0, and netexec needs 65536$/m],
  ['-f 1000', /^$/],
  ['-v 1000000', /^$|^netexec: the limit of the address space is 1024000000, /],
  ['-v 2000000', /^$/],
  ['-d 200000', /^netexec: the limit of data is 204800000, /],
  ['-d 300000', /^$|^netexec: the limit of data is 307200000, /],
  ['-s 100', /^netexec: the limit of the stack is 102400, /],
  ['-s 240', /^netexec: the limit of the stack is 245760, /],
  ['-s 250', /^$/],
  ['-l 0', /^$/],
  ['-c 0', /^$/],
];

scenario("the caller's limits must leave COMMAND running with them, or be named", { project }, async (s) => {
  const plugin = join(await installedPlugin(), 'cli-plugins/docker-netexec');
  for (const [limit, stderr] of limits) {
    await s.subtest(limit, async () => {
      const option = limit.replace(/ .*/, '').replace('-S', '-');
      const words = ['bash', '-c', `ulimit ${limit} && exec "$@"`, 'bash'];
      const show = ['bash', '-c', `ulimit ${option}`];
      // docker itself may need more memory than that: a thread less is an end with a trace of its stacks.
      const netexec = [...(/^-[vd]/.test(limit) ? [plugin] : ['docker', 'netexec']), 'web', '--', ...show];
      const run = await s.run([...words, ...netexec]);
      assert.match(run.stderr, stderr);
      if (run.stderr !== '')
        return assert.deepEqual([run.status, run.stdout, /^hint: /m.test(run.stderr)], [125, '', true]);
      const outside = await must(s.run([...words, ...show]));
      assert.deepEqual([run.status, run.stdout], [0, outside.stdout]);
    });
  }
});
