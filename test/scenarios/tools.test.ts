// What runs really start, by each way in: what the table of programs has for them, with the options that it has, and nothing else.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { needsOf, optionsOf, toolNames } from '../../src/core/tools/tool-table.ts';
import type { Need, Tool } from '../../src/core/tools/tool-table.ts';
import { required } from '../../src/core/tools/tools.ts';
import { kindsOfCallers, useCallers } from './callers.ts';
import type { Caller } from './callers.ts';
import { scenario } from './scenario.ts';
import type { RunOptions, Scenario } from './scenario.ts';

const project = 'ways';
const callers = useCallers(project);

interface Row {
  readonly words: readonly string[];
  /** What is asked for beside the way in. */
  readonly needs: readonly Need[];
  readonly lead?: readonly string[];
  readonly status?: number;
}

const command = ['web', '--', 'uname'];
const ofHostNetwork = (way: Caller['way']): readonly Need[] =>
  way === 'docker' ? ['run', 'view', 'outside', 'namespace'] : ['run', 'view', 'outside'];
/** One for each way in. */
const kinds = kindsOfCallers.filter(({ lead }) => lead.length === 0);
const rowsOf = ({ user, way, engine }: Caller): readonly Row[] => [
  ...(engine === 'shared' ? [{ words: ['--host-network', ...command], needs: ofHostNetwork(way) }] : []),
  { words: command, needs: ['run', 'view'] },
  { words: ['--resolver', 'host', ...command], needs: ['run'] },
  { words: ['--pid', ...command], needs: ['run', 'view', 'pid'] },
  { words: ['-u', user, ...command], needs: ['run', 'view', 'user', 'questions'] },
  { lead: ['nohup'], words: command, needs: ['run', 'view'] },
  {
    words: ['--timeout', '1', '--check', 'web', '192.0.2.1:1'],
    needs: ['run', 'view', 'rules', 'questions'],
    status: 1,
  },
];

const ofWay: Readonly<Record<Caller['way'], readonly Need[]>> = {
  root: [],
  rootless: ['rootless'],
  sudo: ['sudo', 'guarded'],
  doas: ['sudo', 'doas', 'guarded'],
  namespace: ['namespace'],
  'root-tunnel': ['tunnel'],
  tunnel: ['tunnel', 'namespace'],
  docker: ['sudo', 'doas', 'docker', 'guarded'],
};

/** Has `lead` stand in front of all that makes the caller who he is: it is root's. */
function behind(s: Scenario, caller: Caller, lead: readonly string[]): RunOptions {
  const options = callers.step(s, caller);
  return { ...options, through: (argv, cwd) => [...lead, ...(options.through?.(argv, cwd) ?? argv)] };
}

interface Start {
  readonly file: string;
  readonly words: readonly string[];
}

/** The programs that were started from netexec's own on. What the engine starts is none of its. */
async function trace(s: Scenario, caller: Caller, { words, lead = [], status = 0 }: Row): Promise<readonly Start[]> {
  const log = join(s.folder, 'trace');
  const strace = ['strace', '-f', '-qq', '-s', '300', '-e', 'trace=execve', '-e', 'signal=none', '-o', log];
  const run = await s.run([...lead, 'docker', 'netexec', ...words], behind(s, caller, strace));
  assert.equal(run.status, status, run.stderr);
  const starts = [
    ...readFileSync(log, 'utf8').matchAll(/ execve\("([^"]+)", \[(.*?)\], 0x.*(?: = 0|unfinished \.\.\.>)$/gm),
  ];
  const all = starts.map(([, file = '', argv = '']) => ({
    file,
    words: [...argv.matchAll(/"((?:[^"\\]|\\.)*)"/g)].map(([, word = '']) => word),
  }));
  return all.slice(all.findIndex(({ file }) => file.endsWith('/netexec/netexec')));
}

/** COMMAND, and netexec's own, which is COMMAND's last step and the program of --check, too. */
const isOwn = ({ file }: Start): boolean => basename(file) === 'uname' || /\/netexec$|^\/proc\/self\/fd\//.test(file);

/** Its own, as far as they are long: the next program has its own. */
function longOptions({ words }: Start): readonly string[] {
  const [, ...own] = words;
  const end = own.findIndex((word) => word === '--' || word.startsWith('/'));
  return own
    .slice(0, end === -1 ? undefined : end)
    .flatMap((word) => /^--[a-z][\w-]*/.exec(word) ?? [])
    .filter((option) => option !== '--version');
}

scenario('a run must start what the table has for it, and nothing else', { project }, async (s) => {
  const seen = new Set<string>();
  for (const caller of kinds)
    for (const row of rowsOf(caller))
      await s.subtest(`${caller.name}: ${[...(row.lead ?? []), ...row.words].join(' ')}`, async () => {
        const needs: readonly Need[] = [...row.needs, ...ofWay[caller.way]];
        const starts = (await trace(s, caller, row)).filter((start) => !isOwn(start));
        for (const { file } of starts) seen.add(basename(file));
        const sign = row.needs.includes('outside') ? 'mount' : caller.way === 'docker' ? 'mkfifo' : 'nsenter';
        assert.ok(starts.some(({ file }) => basename(file) === sign));
        const strangers = starts.filter(
          ({ file }) => !needsOf(basename(file) as Tool).some((need) => needs.includes(need)),
        );
        assert.deepEqual(strangers, []);
        for (const start of starts.filter(({ file }) => basename(file) !== 'sh')) {
          const known = needs.flatMap((need) => optionsOf(basename(start.file) as Tool, need));
          const unknown = longOptions(start).filter((option) => !known.includes(option));
          assert.deepEqual(unknown, [], start.words.join(' '));
        }
      });
  await s.subtest('what a run is refused without must be started by one', () => {
    // Where /etc takes no overlay; while --pid has COMMAND waited for; for files that this project's services have not; for
    // a remote engine.
    const rare = ['umount', 'sleep', ...required.files, ...required.tunnel];
    const idle = Object.values(required)
      .flat()
      .filter((name) => !seen.has(name) && !rare.includes(name));
    assert.deepEqual(idle, []);
  });
});

/** In mounts of their own, a machine that has these programs alone: $1, a word each, docker among them. The rest is started there. */
const withThese = `
  mount -t tmpfs only /mnt
  mkdir -p /mnt/usr/bin /mnt/usr/sbin
  for tool in $1; do
    file=$(command -v "$tool")
    mkdir -p "/mnt\${file%/*}"
    cp -aL "$file" "/mnt$file"
  done
  shift
  mount --bind /mnt/usr/sbin /usr/sbin
  mount --bind /mnt/usr/bin /usr/bin
  exec "$@"
`;

scenario('a run must get by with the programs that the table has for it', { project }, async (s) => {
  for (const caller of kinds)
    for (const row of rowsOf(caller).filter(({ lead, needs }) => lead === undefined && !needs.includes('rules')))
      await s.subtest(`${caller.name}: ${row.words.join(' ')}`, async () => {
        const needs: readonly Need[] = [...row.needs, ...ofWay[caller.way]];
        const kept = toolNames.filter((name) => needsOf(name).some((need) => needs.includes(need)));
        const options = callers.step(s, caller);
        const machine = ['unshare', '--mount', '--propagation', 'private', 'sh', '-ec', withThese, 'sh'];
        const through: RunOptions['through'] = (argv, cwd) => {
          const whole = options.through?.(argv, cwd) ?? argv;
          const at = whole.indexOf('--') + 1;
          return [
            ...whole.slice(0, at),
            ...machine,
            [...new Set([...kept, 'docker', 'uname'])].join(' '),
            ...whole.slice(at),
          ];
        };
        const run = await s.netexec(row.words, { ...options, through });
        assert.deepEqual([run.status, run.stderr], [0, '']);
      });
});
