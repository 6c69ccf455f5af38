// netexec as one executable, behind its launcher: nothing of the caller's folder or environment changes it, and all of it is COMMAND's.
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { withContainer } from './fake-container.ts';
import { isRoot, makePlace, run, usePlugin, useSingleFile } from './place.ts';
import type { Place } from './place.ts';

const needsRoot = { skip: isRoot ? false : 'needs root' };
const plugin = usePlugin();
const single = useSingleFile();

/** What leaves a mark where any of it runs. @returns its file */
function plant(place: Place): string {
  return place.write('mark.cjs', `require('node:fs').appendFileSync('${place.folder}/marked', 'x')`);
}

const marked = (place: Place): boolean => existsSync(join(place.folder, 'marked'));

/** What stands before the words of COMMAND. */
const words = ['netexec', '-p', 'shop', '--resolver', 'host', 'web', '--'];

describe('in the folder that it is called in', needsRoot, () => {
  const preload = (mark: string): string => `preload = ["${mark}"]\n[run]\nsilent = false\n`;
  const dotenv = (mark: string): string =>
    `BUN_OPTIONS=--preload=${mark}\nNODE_OPTIONS=--require=${mark}\nDOCKER_HOST=unix:///none\nNETEXEC_ELEVATE=bogus\n`;
  const files: Readonly<Record<string, (mark: string) => string>> = {
    'bunfig.toml': preload,
    '.bunfig.toml': preload,
    '.env': dotenv,
    '.env.local': dotenv,
    '.env.production': dotenv,
    'package.json': (mark) => JSON.stringify({ type: 'module', main: mark, imports: { '#x': mark }, preload: [mark] }),
    'tsconfig.json': (mark) => JSON.stringify({ compilerOptions: { paths: { '*': [mark] } } }),
    'node_modules/execa/index.js': (mark) => readFileSync(mark, 'utf8'),
    'node_modules/dockerode/index.js': (mark) => readFileSync(mark, 'utf8'),
  };
  for (const [name, text] of Object.entries(files))
    test(`${name} must change nothing`, async (context) => {
      const place = makePlace(context);
      await withContainer(place);
      place.env['DOCKER_CONFIG'] = plugin.config;
      const mark = plant(place);
      mkdirSync(join(place.cwd, 'node_modules/execa'), { recursive: true });
      mkdirSync(join(place.cwd, 'node_modules/dockerode'));
      place.write(join('work', name), text(mark));
      assert.ok(existsSync(join(place.cwd, name)));
      for (const command of [words, ['netexec', '-p', 'shop', '--list-names'], ['netexec', '--version']]) {
        const rest = command === words ? ['env'] : [];
        const { status, stdout, stderr } = await run(place, ['docker', ...command, ...rest]);
        assert.deepEqual([status, stderr, marked(place)], [0, '', false]);
        assert.doesNotMatch(stdout, /BUN_|NODE_OPTIONS|bogus/);
      }
    });
});

describe('a variable of the caller', needsRoot, () => {
  const rows: Readonly<Record<string, (mark: string, folder: string) => string>> = {
    BUN_OPTIONS: (mark) => `--preload=${mark}`,
    BUN_BE_BUN: () => '1',
    BUN_INSPECT: (_, own) => `unix://${own}/marked`,
    BUN_INSPECT_NOTIFY: (_, own) => `unix://${own}/marked`,
    BUN_INSPECT_PRELOAD: (mark) => mark,
    BUN_BYTECODE_ORDER_OUT: (_, own) => `${own}/marked`,
    BUN_JSC_dumpOptions: () => '1',
    BUN_JSC_logGC: () => '1',
    MIMALLOC_VERBOSE: () => '1',
    MIMALLOC_SHOW_STATS: () => '1',
    NODE_OPTIONS: (mark) => `--require=${mark}`,
    NODE_PATH: (_, own) => own,
    NODE_DEBUG: () => 'net,http,child_process',
    NODE_CHANNEL_FD: () => '2',
    NODE_TLS_REJECT_UNAUTHORIZED: () => '0',
    SSL_CERT_FILE: () => '/none',
    // oxlint-disable-next-line no-template-curly-in-string -- it is none of this file's
    NODE_ODD: () => '\nBUN_OPTIONS=x\n\'"`${NODE_ODD}$(false)\\ é\n',
  };
  for (const [name, value] of Object.entries(rows))
    for (const through of ['docker', 'its own file'])
      for (const odd of [{}, { 'BASH_FUNC_f%%': '() { :; }', PWD: '/elsewhere' }])
        test(`${name} must reach COMMAND and nothing else, through ${through}${'PWD' in odd ? ', by a file' : ''}`, async (context) => {
          const place = makePlace(context);
          await withContainer(place);
          const given = value(plant(place), place.folder);
          Object.assign(place.env, { [name]: given, DOCKER_CONFIG: plugin.config }, odd);
          const own = [plugin.file, ...words.slice(1)];
          if (through !== 'docker') delete place.env['DOCKER_CLI_PLUGIN_ORIGINAL_CLI_COMMAND'];
          const command = ['sh', '-c', `printenv ${name}; env | grep -c '^DOCKER_NETEXEC_'`];
          const { status, stdout, stderr } = await run(place, [
            ...(through === 'docker' ? ['docker', ...words] : own),
            ...command,
          ]);
          assert.deepEqual([status, stderr, marked(place)], [1, '', false]);
          assert.equal(stdout.replaceAll('TMP', place.folder), `${given}\n0\n`);
        });
});

describe('words and variables', needsRoot, () => {
  for (const word of [
    '--env-file=.env',
    '--env-file-if-exists=x',
    '--experimental-config-file=x',
    '--inspect',
    '-p',
    '--preload=x',
    'docker-netexec:probe',
  ])
    test(`${word} must be COMMAND's`, async (context) => {
      const place = makePlace(context);
      await withContainer(place);
      place.env['DOCKER_CONFIG'] = plugin.config;
      const { status, stdout, stderr } = await run(place, ['docker', ...words, 'echo', 'one', word, '--', word]);
      assert.deepEqual([status, stdout, stderr], [0, `one ${word} -- ${word}\n`, '']);
    });

  test('must reach COMMAND byte by byte, also those that are not UTF-8', async (context) => {
    const place = makePlace(context);
    await withContainer(place);
    place.env['DOCKER_CONFIG'] = plugin.config;
    const own = plugin.file;
    const script = `
      word=$(printf 'a\\377\\303 \\303\\244 \\355\\240\\200'); export variable="$word"
      show='printf %s "$1" "$variable" "$0" | od -An -v -tx1 | tr -d " \\n"'
      mkdir "$word"; cp /bin/sh "$word/sh"
      docker ${words.join(' ')} sh -c "$show" "$word" "$word"; echo
      docker ${words.join(' ')} "./$word/sh" -c "$show" "$word" "$word"; echo
      env -u DOCKER_CLI_PLUGIN_ORIGINAL_CLI_COMMAND ${own} ${words.slice(1).join(' ')} sh -c "$show" "$word" "$word"; echo`;
    const { status, stdout, stderr } = await run(place, ['bash', '-c', script]);
    const hex = '61ffc320c3a420eda080'.repeat(3);
    assert.deepEqual([status, stderr, stdout], [0, '', `${hex}\n`.repeat(3)]);
  });
});

test('a folder that was deleted must be no hindrance, by inheritance or by a file', needsRoot, async (context) => {
  const place = makePlace(context);
  await withContainer(place);
  place.env['DOCKER_CONFIG'] = plugin.config;
  const line = `mkdir gone; cd gone; rmdir "$PWD"
    docker ${words.join(' ')} readlink /proc/self/cwd
    env a.b=c docker ${words.join(' ')} readlink /proc/self/cwd`;
  const { status, stdout, stderr } = await run(place, ['bash', '-c', line]);
  assert.deepEqual([status, stdout.match(/gone \(deleted\)$/gm)?.length], [0, 2]);
  assert.match(stderr, /^(.*getcwd.*\n?)*$/);
});

test(
  "a folder that was deleted, and that is not COMMAND's user's to enter, must be named",
  needsRoot,
  async (context) => {
    const place = makePlace(context);
    await withContainer(place);
    place.env['DOCKER_CONFIG'] = plugin.config;
    const line = `mkdir -m 700 gone; cd gone; rmdir "$PWD"; env a.b=c docker netexec -u 65534 ${words.slice(1).join(' ')} pwd`;
    const { status, stdout, stderr } = await run(place, ['bash', '-c', line]);
    assert.deepEqual([status, stdout], [125, '']);
    assert.match(stderr, /^netexec: the current directory was deleted, and .*\nhint: use --workdir /m);
  },
);

describe('a limit of the caller', needsRoot, () => {
  // By a file the last step calls the C library, for which the runtime wants room in the address space.
  const rows: readonly (readonly [limit: string, stderr: string])[] = [
    ['-d 320000', ''],
    ['-v 1000000', ''],
    ['-s 260', ''],
    ['-Sn 20', ''],
    ['-d 200000', 'data is 204800000, and netexec needs 300000000'],
    ['-s 100', 'the stack is 102400, and netexec needs 256000'],
    ['-n 20', 'open files is 20, and netexec needs 64'],
  ];
  for (const [limit, stderr] of rows)
    for (const variable of ['x=y', 'x.y=z'])
      test(`${limit} must ${stderr === '' ? 'be left to COMMAND' : 'be named'}, with ${variable}`, async (context) => {
        const place = makePlace(context);
        await withContainer(place);
        place.env['DOCKER_CONFIG'] = plugin.config;
        const option = limit.replace(/ .*/, '');
        const show = `ulimit ${option}; printenv ${variable.replace(/=.*/, '')}`;
        const line = `ulimit ${limit}; exec env ${variable} docker ${words.join(' ')} bash -c '${show}'`;
        const outcome = await run(place, ['bash', '-c', line]);
        const left = `${limit.replace(/.* /, '')}\n${variable.replace(/.*=/, '')}\n`;
        if (stderr === '') assert.deepEqual(outcome, { status: 0, stdout: left, stderr: '' });
        else
          assert.deepEqual(
            [outcome.status, outcome.stdout, outcome.stderr.split('\n')[0]],
            [125, '', `netexec: the limit of ${stderr}`],
          );
      });
});

// An engine that nohup has started has its containers ignore SIGHUP now and then.
for (const [told, ignored] of [
  ['', '0000000000000000'],
  ['1,2', '0000000000000003'],
] as const)
  test(`COMMAND must ignore the caller's signals (${told}), and none of the last step's own`, async (context) => {
    const place = makePlace(context);
    const step = ['', '', told, '/usr/bin/grep', 'grep', '^SigIgn', '/proc/self/status'].map((word) => `':${word}'`);
    const line = `trap '' HUP INT QUIT TERM; exec 7</dev/null 8</dev/null "$0" docker-netexec:launch ${step.join(' ')}`;
    const outcome = await run(place, ['bash', '-c', line, single.file]);
    assert.deepEqual(outcome, { status: 0, stdout: `SigIgn:\t${ignored}\n`, stderr: '' });
  });
