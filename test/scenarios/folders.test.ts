// Which project is meant: by options, environment and .env, from its folder, below it, through links, after a move.
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { must, scenario } from './scenario.ts';
import type { RunOptions, Scenario } from './scenario.ts';

const project = 'folders';
const compose = ['services:', '  web:', '    image: netexec/busybox:1', '    pull_policy: never', ''].join('\n');

/** Which container `web` is with these options. */
async function mustBe(s: Scenario, container: string, options: readonly string[], given: RunOptions): Promise<void> {
  const run = await s.netexec([...options, 'web', '--', 'printenv', 'NETEXEC_CONTAINER'], given);
  assert.deepEqual([run.stdout, run.stderr, run.status], [container, '', 0]);
}

/** A folder below the scenario's own with these files. */
function makeFolder(s: Scenario, name: string, files: Readonly<Record<string, string>> = {}): string {
  const folder = join(s.folder, name);
  mkdirSync(folder, { recursive: true });
  for (const [file, text] of Object.entries(files)) writeFileSync(join(folder, file), text);
  return folder;
}

/** Containers of a project made from a folder, gone with the scenario. */
async function bringUp(s: Scenario, name: string, given: RunOptions): Promise<void> {
  const down = ['compose', '-p', name, 'down', '-v', '-t', '0'];
  await s.docker(down);
  s.t.after(() => s.docker(down));
  await must(s.compose(['-p', name, 'up', '-d', '--wait'], given));
}

scenario('the project must be found from elsewhere, by option, environment or .env', { project }, async (s) => {
  const elsewhere = makeFolder(s, 'elsewhere');
  const file = join(s.projectFolder, 'compose.yaml');
  const stranger = { 'compose.yaml': `name: netexec-test-stranger\n${compose}` };
  const named = { '.env': `COMPOSE_PROJECT_NAME=${s.projectName}\n` };
  const dotEnv = makeFolder(s, 'dot-env', { ...stranger, ...named });
  const dotEnvFile = makeFolder(s, 'dot-env-file', { '.env': `COMPOSE_FILE=${file}\n` });
  const override = join(makeFolder(s, 'override', { 'compose.yaml': compose }), 'compose.yaml');
  const foreign = makeFolder(s, 'foreign', { ...stranger, '.env': 'COMPOSE_PROJECT_NAME=netexec-test-stranger\n' });
  symlinkSync(s.projectFolder, join(s.folder, 'link'));
  const COMPOSE_PROJECT_NAME = s.projectName;
  const other = 'netexec-test-other';

  const rows: readonly (readonly [string, readonly string[], RunOptions])[] = [
    ['its own folder', [], {}],
    ['-p', ['-p', s.projectName], { cwd: elsewhere }],
    ['--project-name', [`--project-name=${s.projectName}`], { cwd: elsewhere }],
    ['-f', ['-f', file], { cwd: elsewhere }],
    ['-f, relative', ['-f', '../link/compose.yaml'], { cwd: elsewhere }],
    ['-f twice', ['-f', file, '-f', override], { cwd: elsewhere }],
    ['--project-directory', ['--project-directory', s.projectFolder], { cwd: elsewhere }],
    ['COMPOSE_FILE', [], { cwd: elsewhere, env: { COMPOSE_FILE: file } }],
    ['COMPOSE_FILE, two', [], { cwd: elsewhere, env: { COMPOSE_FILE: `${file}:${override}` } }],
    ['COMPOSE_PROJECT_NAME', [], { cwd: elsewhere, env: { COMPOSE_PROJECT_NAME } }],
    ['COMPOSE_PROJECT_NAME in .env', [], { cwd: dotEnv }],
    ['COMPOSE_PROJECT_NAME in .env, from below', [], { cwd: makeFolder(s, 'dot-env/below') }],
    ['COMPOSE_FILE in .env', [], { cwd: dotEnvFile }],
    ['-p before COMPOSE_PROJECT_NAME', ['-p', s.projectName], { env: { COMPOSE_PROJECT_NAME: other } }],
    ['COMPOSE_PROJECT_NAME before .env', [], { cwd: foreign, env: { COMPOSE_PROJECT_NAME } }],
    ['-f before COMPOSE_FILE', ['-f', file], { env: { COMPOSE_FILE: join(foreign, 'compose.yaml') } }],
  ];
  for (const [how, options, given] of rows) {
    await s.subtest(how, async () => {
      const { stdout } = await must(s.docker(['compose', ...options, 'ps', '--format', '{{.Name}}', 'web'], given));
      assert.ok(stdout.includes(`${s.projectName}-web-1`), `Compose itself finds ${stdout}`);
      await mustBe(s, `${s.projectName}-web-1`, options, given);
    });
  }
});

scenario('the project must be found from its folder, below it, and through links', { project }, async (s) => {
  const name = 'netexec-test-linked';
  // Only the containers know the project's name: nothing in the folder says it.
  const real = makeFolder(s, 'real', { 'compose.yaml': compose });
  const link = join(s.folder, 'link');
  symlinkSync(real, link);
  makeFolder(s, 'real/below/deep');
  // Compose notes on the containers the folder as the shell names it.
  await bringUp(s, name, { cwd: link, env: { PWD: link } });
  const { stdout } = await must(s.docker(['inspect', '--format', '{{json .Config.Labels}}', `${name}-web-1`]));
  assert.ok(stdout.includes(`"com.docker.compose.project.working_dir":"${link}"`), stdout);
  for (const folder of [real, link, join(real, 'below'), join(link, 'below/deep')]) {
    await s.subtest(folder.slice(s.folder.length + 1), async () => {
      await mustBe(s, `${name}-web-1`, [], { cwd: folder, env: { PWD: folder } });
      await mustBe(s, `${name}-web-1`, [], { cwd: folder });
    });
  }
});

scenario('the project must be found by its name when its folder has moved', { project }, async (s) => {
  // Compose takes the name from the folder's, in its own alphabet.
  const [folder, name] = ['.Netexec-Test moved!', 'netexec-testmoved'];
  const before = makeFolder(s, `before/${folder}`, { 'docker-compose.yml': compose });
  s.t.after(() => s.docker(['compose', '-p', name, 'down', '-v', '-t', '0']));
  await must(s.compose(['up', '-d', '--wait'], { cwd: before }));
  renameSync(makeFolder(s, 'before'), join(s.folder, 'after'));
  const after = join(s.folder, 'after', folder);
  assert.equal(readFileSync(join(after, 'docker-compose.yml'), 'utf8'), compose);
  await mustBe(s, `${name}-web-1`, [], { cwd: after });
});

scenario('two projects from one folder must be refused by name, and told apart by -p', { project }, async (s) => {
  const folder = makeFolder(s, 'twins', { 'compose.yaml': compose });
  const names = ['netexec-test-twin-a', 'netexec-test-twin-b'];
  for (const name of names) await bringUp(s, name, { cwd: folder });
  const run = await s.netexec(['web', '--', 'true'], { cwd: folder });
  assert.deepEqual([run.status, run.stdout], [125, '']);
  for (const name of names) assert.ok(run.stderr.includes(name), run.stderr);
  assert.match(run.stderr, /hint: .*-p /);
  for (const name of names) await mustBe(s, `${name}-web-1`, ['-p', name], { cwd: folder });
});
