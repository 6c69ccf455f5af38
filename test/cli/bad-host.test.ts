// The container is there, but this machine, its caller or COMMAND is not as it must be.
import { chmodSync } from 'node:fs';
import { packageOf } from '../../src/core/tools/tool-table.ts';
import { required } from '../../src/core/tools/tools.ts';
import { withContainer, withLostImage, withOddRuntime } from './fake-container.ts';
import { asOrdinaryUser, inOwn, systemPath, usePlugin } from './place.ts';
import type { Place } from './place.ts';
import { refusals } from './refusals.ts';

const plugin = usePlugin();
const web = ['-p', 'shop', 'web'];
const trustedPath = '/usr/sbin:/usr/bin:/sbin:/bin:/usr/local/sbin:/usr/local/bin:/run/current-system/sw/bin';

/** An empty file that nobody can run stands for the program, wherever it is found. */
const without =
  (programs: string, after: readonly string[] = []) =>
  async (place: Place): Promise<void> => {
    await withContainer(place);
    const empty = place.write('empty', '');
    chmodSync(empty, 0o644);
    const script = `for folder in $(echo "$2" | tr : ' '); do
      for program in $1; do
        [ ! -e "$folder/$program" ] || mount --bind "$3" "$folder/$program" 2>/dev/null || exit
      done
    done
    shift 3
    exec "$@"`;
    place.wrapper = [...inOwn('--mount'), 'sh', '-c', script, 'sh', programs, trustedPath, empty, ...after];
  };

/** The options of a run for which a program is looked for; of --host-network a scenario does. */
const asking: Readonly<Record<Exclude<keyof typeof required, 'outside'>, readonly string[]>> = {
  run: ['--resolver', 'host'],
  view: [],
  files: ['--service-files'],
  pid: ['--resolver', 'host', '--pid'],
  guarded: ['--resolver', 'host', '--elevate', 'docker'],
  intercept: ['--resolver', 'host', '--intercept', '80:3000'],
  tunnel: ['--elevate', 'tunnel'],
};
/** netexec is started by the one, and the machine made by the other. */
const ofTheTest = ['sh', 'mount'];

const ofThisMachine = 'hint: --workdir takes a directory on this machine, not in the container';

refusals(
  plugin,
  'a machine',
  Object.entries(asking).flatMap(([need, options]) =>
    required[need as keyof typeof required]
      .filter((program) => !ofTheTest.includes(program))
      .map((program) => ({
        name: ['without', program, ...options].join(' '),
        words: [...options, ...web, 'true'],
        prepare: without(program),
        says: [
          `netexec: program "${program}" not found: searched ${trustedPath}`,
          `hint: install ${packageOf(program)}`,
        ],
      })),
  ),
);

const noUser = (user: string): readonly string[] => [
  `netexec: this machine has no user "${user}"`,
  'hint: --user takes a user of the host, not of the container',
];
const noGroup = (group: string): readonly string[] => [
  `netexec: this machine has no group "${group}"`,
  'hint: --user takes a group of the host, not of the container',
];

refusals(
  plugin,
  '--user',
  (
    [
      ['no-such-user', noUser('no-such-user')],
      ['no-such-user:root', noUser('no-such-user')],
      ['', noUser('')],
      ['--help', noUser('--help')],
      ['-1', noUser('-1')],
      // The number that means "no change" to the kernel.
      ['4294967295', noUser('4294967295')],
      ['root:no-such-group', noGroup('no-such-group')],
      ['root:', noGroup('')],
    ] as const
  ).map(([user, says]) => ({
    name: user,
    words: ['-u', user, ...web, 'true'],
    prepare: withContainer,
    says,
  })),
);

const withTool =
  (text: string, mode: number) =>
  async (place: Place): Promise<void> => {
    chmodSync(place.write('work/tool', text), mode);
    await withContainer(place);
  };
const withPath = (path: (place: Place) => string | undefined) => async (place: Place) => {
  const { PATH: _path, ...env } = place.env;
  const set = path(place);
  place.env = set === undefined ? env : { ...env, PATH: set };
  place.write('bin/tool', '');
  await withContainer(place);
};
const notFound = (command: string, path: string): readonly string[] => [
  `netexec: ${command}: command not found on this machine's PATH`,
  `hint: COMMAND must be a program on this machine, not in the container; PATH is ${path}`,
];

refusals(plugin, 'COMMAND', [
  {
    name: 'is not on PATH',
    words: [...web, 'no-such-program', 'x'],
    prepare: withContainer,
    status: 127,
    says: notFound('no-such-program', systemPath),
  },
  {
    name: 'is not on an empty PATH',
    words: [...web, 'true'],
    prepare: withPath(() => ''),
    status: 127,
    says: notFound('true', ''),
  },
  {
    name: 'is not where programs are without a PATH',
    words: [...web, 'no-such-program'],
    prepare: withPath(() => undefined),
    status: 127,
    says: notFound('no-such-program', '/bin:/usr/bin'),
  },
  {
    name: 'is not where it is said to be',
    words: [...web, './none'],
    prepare: withContainer,
    status: 127,
    says: ['netexec: ./none: command not found'],
  },
  {
    name: 'is a file that nobody may run',
    words: [...web, './tool'],
    prepare: withTool('', 0o644),
    status: 126,
    says: ['netexec: cannot run TMP/work/tool: it is not executable'],
  },
  {
    name: 'is such a file on PATH',
    words: [...web, 'tool'],
    prepare: withPath(({ folder }) => `/none:${folder}/bin`),
    status: 126,
    says: ['netexec: cannot run TMP/bin/tool: it is not executable'],
  },
  {
    name: 'is a folder',
    words: [...web, '/etc'],
    prepare: withContainer,
    status: 126,
    says: ['netexec: cannot run /etc: it is a directory'],
  },
  {
    name: 'is a file that the caller may not run',
    words: [...web, './tool'],
    prepare: async (place) => {
      await withTool('#!/bin/sh\n', 0o700)(place);
      place.wrapper = asOrdinaryUser;
    },
    status: 126,
    says: ['netexec: cannot run TMP/work/tool: it is not executable'],
    needsRoot: true,
  },
  {
    name: 'wants an interpreter that is missing',
    words: ['--resolver', 'host', ...web, './tool'],
    prepare: withTool('#!/none/interpreter\n', 0o755),
    status: 127,
    says: ['setpriv: failed to execute ./tool: No such file or directory'],
    needsRoot: true,
  },
]);

refusals(plugin, '--workdir', [
  {
    name: 'is missing',
    words: ['-w', 'none', ...web, 'true'],
    prepare: withContainer,
    says: ['netexec: --workdir none: no such directory', ofThisMachine],
  },
  {
    name: 'is a file',
    words: ['-w', '/etc/passwd', ...web, 'true'],
    prepare: withContainer,
    says: ['netexec: --workdir /etc/passwd: not a directory', ofThisMachine],
  },
]);

/** The caller is an ordinary user, whom sudo does not know. */
const ordinary =
  (env: Readonly<Record<string, string>> = {}) =>
  async (place: Place): Promise<void> => {
    await withContainer(place);
    Object.assign(place.env, env);
    place.wrapper = asOrdinaryUser;
  };
const noPrivilege = (...reasons: readonly string[]): string =>
  ['netexec: entering a network needs privilege, and none is available:', ...reasons].join('\n  ');
const refusedByNone = [
  noPrivilege('root: you are not root', 'rootless: the engine is not your own'),
  'hint: without --elevate none, netexec uses the first way that works',
];
const sudoHint = 'hint: without --elevate sudo, netexec uses the first way that works';

refusals(plugin, 'an ordinary user', [
  {
    name: 'with --elevate none',
    words: ['--elevate', 'none', ...web, 'true'],
    prepare: ordinary(),
    says: refusedByNone,
    needsRoot: true,
  },
  {
    name: 'with NETEXEC_ELEVATE=none',
    words: [...web, 'true'],
    prepare: ordinary({ NETEXEC_ELEVATE: 'none' }),
    says: refusedByNone,
    needsRoot: true,
  },
  {
    name: 'without sudo and doas',
    words: ['--elevate', 'sudo', ...web, 'true'],
    prepare: without('sudo doas', asOrdinaryUser),
    says: [noPrivilege('sudo: it is not installed', 'doas: it is not installed'), sudoHint],
    needsRoot: true,
  },
  {
    name: 'whom sudo asks for a password, without a terminal',
    words: ['--elevate', 'sudo', ...web, 'true'],
    prepare: without('doas', ['setsid', ...asOrdinaryUser]),
    says: [
      noPrivilege('sudo: a password is required, and there is no terminal to ask on', 'doas: it is not installed'),
      sudoHint,
    ],
    needsRoot: true,
  },
  {
    name: 'of an engine that makes no containers',
    words: ['--elevate', 'docker', '--resolver', 'host', ...web, 'true'],
    prepare: ordinary(),
    says: ['netexec: the engine answered POST /images/load with status 404: page not found'],
    needsRoot: true,
  },
  {
    name: 'of an engine whose runtime starts no containers',
    words: ['--elevate', 'docker', '--resolver', 'host', ...web, 'true'],
    prepare: (place: Place) => withContainer(place, 'shop-web-1', withOddRuntime()),
    says: [
      'netexec: the engine\'s default runtime, "odd", cannot start netexec\'s helper container: OCI runtime create failed: odd: no such program',
      'hint: install runc, or use sudo docker --config INSTALLED --host unix://TMP/engine.sock netexec, which needs no helper container',
    ],
  },
  {
    name: 'of an engine whose image another run has taken away, and that makes no container at the second try',
    words: ['--elevate', 'docker', '--resolver', 'host', ...web, 'true'],
    prepare: (place: Place) => withContainer(place, 'shop-web-1', withLostImage()),
    says: ['netexec: the engine answered POST /containers/create with status 500: no space left on device'],
  },
  {
    name: 'without a place for files',
    words: ['--resolver', 'host', ...web, 'true'],
    prepare: ordinary({ TMPDIR: '/proc' }),
    says: [
      'netexec: cannot create a private file in /proc: ENOENT',
      'hint: set XDG_RUNTIME_DIR or TMPDIR to another directory',
    ],
    needsRoot: true,
  },
]);
