// A hint's line, typed as it stands where the call was typed, must start what was asked for, and nothing of another's.
import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { must, scenario } from './scenario.ts';
import type { RunOptions, Scenario } from './scenario.ts';

const own = 'netexec-test-hint';
const file = (name: string): string => `name: ${own}-${name}
services:
  web:
    {image: netexec/busybox:1, pull_policy: never, init: true, network_mode: none, command: sleep infinity, labels: {file: ${name}}}
  dbg: {extends: web, profiles: [debug]}
`;

interface Hint {
  /** What stands in front of SERVICE, or of `netexec`. */
  readonly words?: readonly string[];
  readonly docker?: readonly string[];
  readonly env?: RunOptions['env'];
  readonly service?: string;
  /** The project that must then run, and by which file; nothing else. */
  readonly starts: string;
}

const rows: Readonly<Record<string, Hint>> = {
  'nothing but the folder': { starts: `${own}-here by here` },
  'another file': { words: ['-f', 'test.yaml'], starts: `${own}-test by test` },
  "another folder's file": { words: ['-f', '../the other/compose.yaml'], starts: `${own}-other by other` },
  'another folder': { words: ['--project-directory', '../the other'], starts: `${own}-other by other` },
  'a name': { words: ['-p', `${own}-named`], starts: `${own}-named by here` },
  'a file and a name': { words: ['-f', 'test.yaml', '-p', `${own}-named`], starts: `${own}-named by test` },
  'a variable': { env: { COMPOSE_FILE: 'test.yaml' }, starts: `${own}-test by test` },
  'a service behind a profile': { words: ['-f', 'test.yaml'], service: 'dbg', starts: `${own}-test by test` },
  'a context': { docker: ['--context', 'default'], words: ['-f', 'test.yaml'], starts: `${own}-test by test` },
};

scenario('a line to start something must be right as it stands', { project: 'folders' }, async (s) => {
  const cwd = makeFolders(s);
  for (const [given, { words = [], docker = [], env = {}, service = 'web', starts }] of Object.entries(rows)) {
    await s.subtest(given, async () => {
      const step = { cwd, env, timeout: 120_000 };
      const run = await s.docker([...docker, 'netexec', ...words, service, 'true'], step);
      assert.equal(run.status, 125, run.stderr);
      const line = /start it: (docker [^;\n]*)/.exec(run.stderr)?.[1];
      assert.ok(line !== undefined, run.stderr);
      await must(s.run(['sh', '-c', line], step));
      const [project = ''] = starts.split(' ');
      try {
        assert.deepEqual(await running(s), [starts], line);
      } finally {
        await s.compose(['-p', project, 'down', '-t', '0'], { cwd: '/', timeout: 120_000 });
      }
    });
  }
});

/** Two folders, each with a Compose file, one of them with two. @returns the folder in which everything is typed */
function makeFolders(s: Scenario): string {
  const [here, other] = [join(s.folder, 'here'), join(s.folder, 'the other')];
  for (const folder of [here, other]) mkdirSync(folder);
  writeFileSync(join(here, 'compose.yaml'), file('here'));
  writeFileSync(join(here, 'test.yaml'), file('test'));
  writeFileSync(join(other, 'compose.yaml'), file('other'));
  return here;
}

async function running(s: Scenario): Promise<readonly string[]> {
  const format = '{{.Label "com.docker.compose.project"}} by {{.Label "file"}}';
  const { stdout } = await must(s.docker(['ps', '--filter', `name=${own}`, '--format', format]));
  return [...new Set(stdout.split('\n').filter((name) => name !== ''))].toSorted();
}
