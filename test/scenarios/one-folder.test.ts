// Projects that share a folder, or have left it: what the files say comes before what the containers say.
import assert from 'node:assert/strict';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { must, scenario } from './scenario.ts';
import type { Run, Scenario } from './scenario.ts';

const project = 'folders';
const [dev, test, renamed] = ['netexec-test-one-dev', 'netexec-test-one-test', 'netexec-test-one-renamed'] as const;
const service = 'image: netexec/busybox:1, pull_policy: never';
const file = (name: string): string =>
  `name: ${name}\nservices:\n  web: {${service}}\n  dbg: {${service}, profiles: [debug]}\n`;

async function makeFolder(s: Scenario): Promise<string> {
  const folder = join(s.folder, 'one');
  mkdirSync(folder);
  for (const [name, text] of [
    ['dev.yaml', file(dev)],
    ['test.yaml', file(test)],
  ] as const)
    writeFileSync(join(folder, name), text);
  const down = async (): Promise<void> => {
    for (const name of [dev, test, renamed])
      await s.docker(['compose', '-p', name, 'down', '-v', '-t', '0'], { cwd: '/' });
  };
  await down();
  s.t.after(down);
  return folder;
}

const mustBe = (run: Run, name: string, ...said: readonly RegExp[]): void => {
  assert.deepEqual([run.stdout, run.status], [name, 0], run.stderr);
  if (said.length === 0) assert.equal(run.stderr, '');
  else assert.equal(run.stderr.split('\n').length, 1);
  for (const words of said) assert.match(run.stderr, words);
};

scenario('each of two files in one folder must lead to the project that it names', { project }, async (s) => {
  const cwd = await makeFolder(s);
  const which = ['web', '--', 'printenv', 'NETEXEC_PROJECT'];
  const up = (name: string) => must(s.docker(['compose', '-f', name, 'up', '-d', '--wait'], { cwd }));
  await up('dev.yaml');
  mustBe(await s.netexec(['-f', 'dev.yaml', ...which], { cwd }), dev);
  // What is named has no containers: those of the folder serve, and it is said.
  const said = new RegExp(`^netexec: warning: project "${test}" .* has no containers; using "${dev}", created from `);
  mustBe(await s.netexec(['-f', 'test.yaml', ...which], { cwd }), dev, said);
  for (const words of [
    ['--list-networks', '-q'],
    ['--list-names', '-q'],
    ['--list-names', '-q', 'web'],
    ['--check', 'web'],
  ]) {
    const report = await s.netexec(['-f', 'test.yaml', ...words], { cwd });
    assert.deepEqual([report.status, report.stderr.match(/using "/g)?.length], [0, 1], report.stderr);
    assert.match(report.stderr, said);
  }
  await up('test.yaml');
  mustBe(await s.netexec(['-f', 'dev.yaml', ...which], { cwd }), dev);
  mustBe(await s.netexec(['-f', 'test.yaml', ...which], { cwd }), test);
  mustBe(await s.netexec(['-f', 'dev.yaml', '-f', 'test.yaml', ...which], { cwd }), test);
  mustBe(await s.netexec(which, { cwd, env: { COMPOSE_FILE: 'test.yaml' } }), test);
  // Stopped, it is still the one that is meant.
  await must(s.docker(['compose', '-p', test, 'stop', '-t', '0'], { cwd }));
  const stopped = await s.netexec(['-f', 'test.yaml', ...which], { cwd });
  assert.deepEqual([stopped.status, stopped.stdout], [125, '']);
  assert.match(stopped.stderr, new RegExp(`^netexec: service "web" of project "${test}" is not running`));
});

scenario('a project whose file was given another name must be found, and the name be said', { project }, async (s) => {
  const cwd = await makeFolder(s);
  const which = ['web', '--', 'printenv', 'NETEXEC_PROJECT'];
  writeFileSync(join(cwd, 'compose.yaml'), file(dev));
  await must(s.docker(['compose', 'up', '-d', '--wait'], { cwd }));
  mustBe(await s.netexec(which, { cwd }), dev);
  writeFileSync(join(cwd, 'compose.yaml'), file(renamed));
  mustBe(await s.netexec(which, { cwd }), dev, new RegExp(`"${renamed}" .* no containers; using "${dev}"`));
  await must(s.docker(['compose', 'up', '-d', '--wait'], { cwd }));
  mustBe(await s.netexec(which, { cwd }), renamed);
  // A file that Compose cannot read may still say the name.
  writeFileSync(join(cwd, 'compose.yaml'), `name: ${dev}\nservices: [\n`);
  mustBe(await s.netexec(which, { cwd }), dev);
});

scenario('with -p a project must be found without its files, as docker compose exec does', { project }, async (s) => {
  const cwd = await makeFolder(s);
  await must(s.docker(['compose', '-f', 'dev.yaml', 'up', '-d', '--wait'], { cwd }));
  rmSync(join(cwd, 'dev.yaml'));
  for (const words of [['-f', 'dev.yaml'], ['-f', join(cwd, 'dev.yaml')], []]) {
    const options = ['-p', dev, ...words];
    await must(s.docker(['compose', ...options, 'exec', '-T', 'web', 'true'], { cwd: s.folder }));
    mustBe(await s.netexec([...options, 'web', '--', 'printenv', 'NETEXEC_PROJECT'], { cwd: s.folder }), dev);
  }
  // Compose would fetch it; the name is enough.
  const remote = ['-p', dev, '-f', 'oci://registry.invalid/shop:1', 'web', '--', 'printenv', 'NETEXEC_PROJECT'];
  mustBe(await s.netexec(remote, { cwd: s.folder }), dev);
});

scenario('a service behind a profile must have one answer, whoever asks for it', { project }, async (s) => {
  const cwd = await makeFolder(s);
  writeFileSync(join(cwd, 'compose.yaml'), file(dev));
  await must(s.docker(['compose', 'up', '-d', '--wait'], { cwd }));
  const answer = /it belongs to profile debug\nhint: start it: docker compose --profile debug up -d dbg$/;
  for (const words of [
    ['dbg', '--', 'true'],
    ['--list-names', 'dbg'],
    ['--check', 'dbg'],
    ['--check', 'dbg', 'web:80'],
  ]) {
    const run = await s.netexec(words, { cwd });
    assert.deepEqual([run.status, run.stdout], [125, ''], words.join(' '));
    assert.match(run.stderr, answer, words.join(' '));
  }
  const checked = await s.netexec(['--check', 'web', 'dbg:80'], { cwd });
  assert.match(checked.stdout, /belongs to profile debug\n\s+hint: start it: .*--profile debug up -d dbg$/);
  const offered = await s.standalone(['__complete', ''], { cwd });
  assert.match(offered.stdout, /^dbg\tin profile debug$/m);
  // What the hint says to type is what helps.
  await must(s.docker(['compose', '--profile', 'debug', 'up', '-d', 'dbg'], { cwd }));
  mustBe(await s.netexec(['dbg', '--', 'printenv', 'NETEXEC_SERVICE'], { cwd }), 'dbg');
});
