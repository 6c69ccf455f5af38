// Which project is meant, by whatever sets it: Compose and netexec are asked the same, and must answer the same.
import assert from 'node:assert/strict';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { bothComposes } from './composes.ts';
import type { Compose } from './composes.ts';
import { must, scenario } from './scenario.ts';
import type { Scenario } from './scenario.ts';

const project = 'folders';
/** What every name of these tests begins with: they are the names of projects on this engine. */
const own = 'netexec-test-set';
const plain = 'services: {web: {image: netexec/busybox:1}}\n';
const named = (name: string): string => `name: ${name}\n${plain}`;
const variable = 'COMPOSE_PROJECT_NAME';

interface Setting {
  /** Below the row's folder, which is called `netexec-test-set-top`. */
  readonly files: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
  readonly words?: readonly string[];
  readonly cwd?: string;
}

const rows: Readonly<Record<string, Setting>> = {
  'the folder': { files: { 'compose.yaml': plain } },
  'a folder below': { files: { 'compose.yaml': plain, 'below/deep/x': '' }, cwd: 'below/deep' },
  'a name': { files: { 'compose.yaml': named(`${own}-a`) } },
  'a name in capitals': { files: { 'compose.yaml': named(`"${own.toUpperCase()}-A"`) } },
  'a quoted name': { files: { 'compose.yaml': `'name': "${own}-a" # x\n${plain}` } },
  'a name at the end': { files: { 'compose.yaml': `${plain}name: ${own}-a` } },
  'a name by an alias': { files: { 'compose.yaml': `x-a: &a ${own}-a\nname: *a\n${plain}` } },
  'a name that is merged in': { files: { 'compose.yaml': `x-a: &a {name: ${own}-a}\n<<: *a\n${plain}` } },
  'a name in a list of pairs': { files: { 'compose.yaml': `{name: ${own}-a, services: {web: {image: x}}}\n` } },
  'a name that is only text': {
    files: { 'compose.yaml': `x-a: "\nname: ${own}-a\n "\n${plain}` },
  },
  'a name in the second of two documents': {
    files: { 'compose.yaml': `name: ${own}-a\n---\nname: ${own}-b\n${plain}` },
  },
  'a name behind a byte order mark': { files: { 'compose.yaml': `\uFEFF${named(`${own}-a`)}` } },
  'a name, with lines of Windows': { files: { 'compose.yaml': named(`${own}-a`).replaceAll('\n', '\r\n') } },
  'an empty name': { files: { 'compose.yaml': named('""') } },
  'a name that is a number': { files: { 'compose.yaml': named('7') } },
  'a name without a letter': { files: { 'compose.yaml': named('"..."') } },
  'a name with a default': { files: { 'compose.yaml': named(`${own}-\${STAGE:-a}`) } },
  'a name with a variable of the environment': {
    files: { 'compose.yaml': named(`${own}-\${STAGE:-a}`), '.env': 'STAGE=c\n' },
    env: { STAGE: 'b' },
  },
  'a name with a variable of .env': {
    files: { 'compose.yaml': named(`${own}-$STAGE`), '.env': 'STAGE=${X:-b}\n' },
  },
  'a name with a variable that is missing': { files: { 'compose.yaml': named(`"${own}\${STAGE:?which}"`) } },
  'a name that comes to nothing': { files: { 'compose.yaml': named('"${STAGE}"') } },
  'names in two files': {
    files: { 'a.yaml': named(`${own}-a`), 'b.yaml': named(`${own}-b`) },
    words: ['-f', 'b.yaml', '-f', 'a.yaml'],
  },
  'a name in an override': {
    files: { 'compose.yaml': named(`${own}-a`), 'compose.override.yaml': `name: ${own}-b\n` },
  },
  'a name in an included file': {
    files: { 'compose.yaml': `include: [a.yaml]\n${plain.replace('web', 'db')}`, 'a.yaml': named(`${own}-a`) },
  },
  'two files by default': { files: { 'compose.yml': named(`${own}-a`), 'docker-compose.yml': named(`${own}-b`) } },

  'a variable': { files: { 'compose.yaml': plain }, env: { [variable]: `${own}-a` } },
  'an empty variable before .env': {
    files: { 'compose.yaml': plain, '.env': `${variable}=${own}-a\n` },
    env: { [variable]: '' },
  },
  'a bad variable': { files: { 'compose.yaml': plain }, env: { [variable]: 'Bad Name' } },
  '.env': { files: { 'compose.yaml': named(`${own}-b`), '.env': `${variable}=${own}-a\n` } },
  '.env with variables': {
    files: {
      'compose.yaml': plain,
      'compose.dev.yaml': named(`${own}-b`),
      '.env': `STAGE=dev\n${variable}=${own}_\${STAGE:-x}\nCOMPOSE_FILE=compose.yaml:compose.\${STAGE}.yaml\n`,
    },
  },
  '.env with a byte order mark': { files: { 'compose.yaml': plain, '.env': `\uFEFF${variable}=${own}-a\r\n` } },
  '.env with export and quotes': {
    files: { 'compose.yaml': plain, '.env': `export ${variable} = "${own}-a" # x\n` },
  },
  '.env with a mistake': { files: { 'compose.yaml': plain, '.env': `X=\${Y:?no}\n${variable}=${own}-a\n` } },
  '.env that is a folder': { files: { 'compose.yaml': plain, '.env/x': '' } },
  '.env here and above': {
    files: { 'compose.yaml': plain, '.env': `${variable}=${own}-a\n`, 'below/.env': `${variable}=${own}-b\n` },
    cwd: 'below',
  },
  '.env here, none above': {
    files: { 'compose.yaml': named(`${own}-\${STAGE:-a}`), 'below/.env': 'STAGE=b\n' },
    cwd: 'below',
  },
  '.env above that names a file': {
    files: { 'compose.yaml': plain, '.env': 'COMPOSE_FILE=a.yaml\n', 'below/a.yaml': named(`${own}-a`) },
    cwd: 'below',
  },
  '.env forbidden': {
    files: { 'compose.yaml': plain, '.env': `${variable}=${own}-a\n` },
    env: { COMPOSE_DISABLE_ENV_FILE: 'true' },
  },
  '.env forbidden by a word that is none': {
    files: { 'compose.yaml': plain, '.env': `${variable}=${own}-a\n` },
    env: { COMPOSE_DISABLE_ENV_FILE: 'yes' },
  },
  '.env forbidden by itself': {
    files: { 'compose.yaml': named(`${own}-\${STAGE:-a}`), '.env': 'COMPOSE_DISABLE_ENV_FILE=1\nSTAGE=b\n' },
  },

  'an env file': {
    files: { 'compose.yaml': plain, '.env': `${variable}=${own}-a\n`, 'env/test.env': `${variable}=${own}-b\n` },
    env: { COMPOSE_ENV_FILES: 'env/test.env' },
  },
  'two env files': {
    files: {
      'compose.yaml': named(`${own}-\${TO:-a}`),
      'a.env': 'STAGE=b\n',
      'b.env': 'STAGE=c\nTO=$STAGE\n',
    },
    env: { COMPOSE_ENV_FILES: 'a.env,b.env' },
  },
  'env files with a comma too many': {
    files: { 'compose.yaml': plain, 'a.env': `${variable}=${own}-a\n` },
    env: { COMPOSE_ENV_FILES: 'a.env,' },
  },
  'an env file that is missing': { files: { 'compose.yaml': plain }, env: { COMPOSE_ENV_FILES: 'a.env' } },
  'an env file named by .env': {
    files: { 'compose.yaml': plain, '.env': 'COMPOSE_ENV_FILES=a.env\n', 'a.env': `${variable}=${own}-a\n` },
  },

  'a file': {
    files: { 'compose.yaml': plain, 'a.yaml': named(`${own}-a`) },
    words: ['-f', 'a.yaml'],
  },
  'a file in another folder': {
    files: { 'netexec-test-set-b/a.yaml': plain, '.env': `${variable}=${own}-a\n` },
    words: ['-f', 'netexec-test-set-b/a.yaml'],
  },
  'a file in another folder, with its .env': {
    files: { 'netexec-test-set-b/a.yaml': plain, 'netexec-test-set-b/.env': `${variable}=${own}-a\n` },
    words: ['-f', 'netexec-test-set-b/a.yaml'],
  },
  COMPOSE_FILE: { files: { 'a.yaml': named(`${own}-a`), 'compose.yaml': plain }, env: { COMPOSE_FILE: 'a.yaml' } },
  'COMPOSE_FILE in another folder, .env here and there': {
    files: {
      'compose.yaml': plain,
      '.env': `${variable}=${own}-a\n`,
      'netexec-test-set-b/a.yaml': plain,
      'netexec-test-set-b/.env': `${variable}=${own}-c\n`,
    },
    env: { COMPOSE_FILE: 'netexec-test-set-b/a.yaml' },
  },
  'COMPOSE_FILE with a separator of .env': {
    files: {
      'compose.yaml': plain,
      'a.yaml': named(`${own}-a`),
      '.env': 'COMPOSE_PATH_SEPARATOR=,\nCOMPOSE_FILE=compose.yaml,a.yaml\n',
    },
  },
  'COMPOSE_FILE, empty': { files: { 'compose.yaml': plain }, env: { COMPOSE_FILE: '' } },
  'COMPOSE_FILE with a colon too many': { files: { 'compose.yaml': plain }, env: { COMPOSE_FILE: 'compose.yaml:' } },

  '--project-directory': {
    files: { 'netexec-test-set-b/compose.yaml': plain, '.env': `${variable}=${own}-a\n` },
    words: ['--project-directory', 'netexec-test-set-b'],
  },
  '--project-directory below the file': {
    files: { 'compose.yaml': plain, 'netexec-test-set-b/x': '' },
    words: ['--project-directory', 'netexec-test-set-b'],
  },
  '--project-directory and -f': {
    files: { 'netexec-test-set-b/.env': 'STAGE=c\n', 'a.yaml': named(`${own}-$STAGE`) },
    words: ['-f', 'a.yaml', '--project-directory', 'netexec-test-set-b'],
  },
  '-p': { files: { 'compose.yaml': named(`${own}-b`) }, words: ['-p', `${own}-a`], env: { [variable]: `${own}-c` } },
  'a variable that Compose does not know': {
    files: { 'compose.yaml': plain, 'netexec-test-set-b/compose.yaml': plain },
    env: { COMPOSE_PROJECT_DIRECTORY: 'netexec-test-set-b' },
  },
};

/** Every project that a row may mean is there; none was made from the folder of a row. */
async function bringUpAll(s: Scenario): Promise<void> {
  const names = ['', '-top', '-a', '-b', '-c', '_dev', '-link'].map((end) => `${own}${end}`);
  const containers = names.map((name) => `${name}-web-1`);
  const remove = () => s.docker(['rm', '-f', ...containers]);
  await remove();
  s.t.after(remove);
  for (const name of names) {
    const labels = { project: name, service: 'web', 'container-number': '1', oneoff: 'False', 'config-hash': 'x' };
    const options = Object.entries(labels).flatMap(([label, value]) => [
      '--label',
      `com.docker.compose.${label}=${value}`,
    ]);
    await must(
      s.docker(['run', '-d', '--network', 'none', '--name', `${name}-web-1`, ...options, 'netexec/busybox:1']),
    );
  }
}

/** What Compose calls the project; undefined where it refuses. */
async function askCompose(s: Scenario, { env }: Compose, setting: Setting, cwd: string): Promise<string | undefined> {
  const words = ['compose', ...(setting.words ?? []), 'config', '--format', 'json'];
  const run = await s.docker(words, { env: { ...env, ...setting.env }, cwd });
  return run.status === 0 ? (JSON.parse(run.stdout) as { name: string }).name : undefined;
}

scenario('the project must be the one that Compose finds, whatever it is set by', { project }, async (s) => {
  const composes = await bothComposes(s);
  await bringUpAll(s);
  const differ: string[] = [];
  for (const [index, [title, setting]] of Object.entries(rows).entries()) {
    const top = join(s.folder, `${index}`, `${own}-top`);
    for (const [file, text] of Object.entries(setting.files)) {
      mkdirSync(dirname(join(top, file)), { recursive: true });
      writeFileSync(join(top, file), text);
    }
    const cwd = join(top, setting.cwd ?? '.');
    const answers: (string | undefined)[] = [];
    for (const compose of composes) {
      await s.subtest(`${title}, by Compose ${compose.version}`, async () => {
        const expected = await askCompose(s, compose, setting, cwd);
        answers.push(expected);
        const env = { ...compose.env, ...setting.env };
        const run = await s.netexec([...(setting.words ?? []), '--dry-run', 'web', 'true'], { env, cwd });
        const found = /# service web of project (\S+), by /.exec(run.stdout)?.[1];
        assert.equal(found, expected, run.stderr);
        assert.deepEqual(
          [run.status, run.stderr === ''],
          expected === undefined ? [125, false] : [0, true],
          run.stderr,
        );
      });
    }
    if (answers[0] !== answers[1]) differ.push(title);
  }
  // The versions are known to differ: both of netexec's ways to read are tried.
  if (composes[0]?.version.startsWith('2.26')) assert.ok(differ.length >= 4, differ.join('; '));
});

scenario('the project must be the one that Compose finds through links', { project }, async (s) => {
  const composes = await bothComposes(s);
  await bringUpAll(s);
  const real = join(s.folder, `${own}-top`);
  mkdirSync(real);
  writeFileSync(join(real, 'compose.yaml'), plain);
  writeFileSync(join(real, 'named.yaml'), named(`${own}-a`));
  symlinkSync(real, join(s.folder, `${own}-link`));
  symlinkSync(join(real, 'named.yaml'), join(s.folder, 'compose.yaml'));
  for (const compose of composes) {
    for (const [cwd, env] of [
      [real, {}],
      [join(s.folder, `${own}-link`), { PWD: join(s.folder, `${own}-link`) }],
      [join(s.folder, `${own}-link`), {}],
      [s.folder, {}],
    ] as const) {
      const expected = await askCompose(s, compose, { files: {}, env }, cwd);
      const run = await must(
        s.netexec(['web', 'printenv', 'NETEXEC_PROJECT'], { env: { ...compose.env, ...env }, cwd }),
      );
      assert.deepEqual([run.stdout, run.stderr], [expected, '']);
    }
  }
});
