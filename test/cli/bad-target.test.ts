// Words and files that lead to no container: each failure says what was looked for, where, and what is there instead.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { recordingWith } from '../recordings.ts';
import type { Json, Recording } from '../recordings.ts';
import { makePlace, run, usePlugin } from './place.ts';
import { refusals } from './refusals.ts';
import { shop, withoutContainers } from './shop.ts';

const plugin = usePlugin();
const web = ['web', 'true'];
const { Status: migrateStatus } = recordingWith().list.find(({ State }) => State === 'exited') ?? {};
const declaredOnly = [
  'netexec: service "later" of project "shop" is not running: it is declared but has no container',
  'hint: start it: docker compose -p shop up -d later',
];

const withTwin = (recording: Recording): Recording => {
  const twin = JSON.parse(JSON.stringify(recording.list).replaceAll('"shop"', '"twin"')) as Json[];
  return { ...recording, list: [...recording.list, ...twin] };
};

/** The same, but that its web is another project's shelf. */
const withLibrary = (recording: Recording): Recording => {
  const text = JSON.stringify(recording.list.filter(({ Names: names }) => String(names).includes('web')));
  const library = JSON.parse(
    text
      .replaceAll('"shop"', '"library"')
      .replaceAll('"web"', '"shelf"')
      .replaceAll(/("com.docker.compose.project.working_dir":)"[^"]*"/g, '$1"/src/library"'),
  ) as Json[];
  return { ...recording, list: [...recording.list, ...library] };
};

const usage = 'hint: docker netexec [OPTIONS] SERVICE [--] [COMMAND [ARG...]]; see docker netexec --help';
const services = 'later, ledger, metrics, migrate, postgres, sidecar, vault, web';
const noService = (name: string): string =>
  `netexec: no service "${name}" in project "shop", and no container is named "${name}"; services: ${services}`;

refusals(plugin, 'a service', [
  {
    name: 'that is misspelt',
    words: ['postgre', 'true'],
    prepare: shop(),
    says: [noService('postgre'), 'hint: did you mean postgres? docker netexec postgres true'],
  },
  {
    name: 'that was left out',
    words: ['--dry-run'],
    prepare: shop(),
    says: [
      'netexec: no SERVICE given; running in project "shop": ledger, metrics, postgres, sidecar, vault, web',
      'hint: docker netexec --dry-run SERVICE',
    ],
  },
  {
    name: "that was left out before a program's name",
    words: ['node', '-h', 'seed.js'],
    prepare: shop(),
    says: [noService('node'), 'hint: SERVICE goes first: docker netexec ledger -- node -h seed.js'],
  },
  {
    name: 'that was left out, of a folder without a project',
    words: [],
    prepare: shop({ file: null }),
    says: ['netexec: no SERVICE given, and no Compose project here; running projects: shop', usage],
  },
  { name: 'that was left out, where no engine is', words: [], says: ['netexec: no SERVICE given', usage] },
  {
    name: 'of another project',
    words: ['shelf', 'true'],
    prepare: shop({ bend: withLibrary }),
    says: [noService('shelf'), 'hint: "shelf" runs in library: docker netexec -p library shelf true'],
  },
  {
    name: 'of a misspelt project',
    words: ['-p', 'shpo', ...web],
    prepare: shop(),
    says: [
      'netexec: project "shpo" (--project-name) has no containers, and no container is named "web"',
      'hint: did you mean -p shop? docker netexec -p shop web true',
    ],
  },
  {
    name: 'behind "exec"',
    words: ['exec', ...web],
    prepare: shop(),
    says: [noService('exec'), 'hint: omit "exec": docker netexec web true'],
  },
  {
    name: 'that is like no other',
    words: ['kafka', 'true'],
    prepare: shop(),
    says: [noService('kafka')],
  },
  {
    name: 'that has ended',
    words: ['migrate', 'true'],
    prepare: shop(),
    says: [
      `netexec: service "migrate" of project "shop" is not running: shop-migrate-1 ${String(migrateStatus).replace(/^Exited \((\d+)\) /, 'exited with status $1, ')}`,
      'hint: start it: docker compose -p shop start migrate',
    ],
  },
  { name: 'that is declared only', words: ['later', 'true'], prepare: shop(), says: declaredOnly },
  {
    name: 'that is declared only, where docker is missing',
    words: ['later', 'true'],
    prepare: (place) => {
      place.env['PATH'] = join(place.folder, 'none');
      return shop()(place);
    },
    says: declaredOnly,
  },
  {
    name: 'without such a replica',
    words: ['--index', '5', ...web],
    prepare: shop(),
    says: ['netexec: service "web" of project "shop" has no running container number 5; running: 1, 2'],
  },
  {
    name: 'where nothing runs',
    words: web,
    prepare: shop({ file: null, bend: withoutContainers }),
    says: [
      'netexec: no Compose project in TMP/work or above, and no container is named "web"',
      'hint: no project is running; start one in its directory: docker compose up -d',
    ],
  },
  {
    name: 'of a project in another folder',
    words: web,
    prepare: async (place) => {
      await shop()(place);
      place.cwd = place.folder;
    },
    says: [
      'netexec: no Compose project in TMP or above, and no container is named "web"',
      'hint: "web" runs in shop: docker netexec -p shop web true',
    ],
  },
  {
    name: 'of a project without containers',
    words: ['-p', 'blog', ...web],
    prepare: shop(),
    says: [
      'netexec: project "blog" (--project-name) has no containers, and no container is named "web"',
      'hint: start it: docker compose -p blog up -d; running projects: shop',
    ],
  },
  {
    name: 'of a project that has only a file',
    words: web,
    prepare: shop({ bend: withoutContainers }),
    says: [
      'netexec: service "web" of project "shop" is not running: it is declared but has no container',
      'hint: start it: docker compose -p shop up -d web',
    ],
  },
  {
    name: 'of two projects from one folder',
    words: web,
    prepare: shop({ bend: withTwin, file: 'services: { web: { image: x } }\n' }),
    says: [
      'netexec: more than one project was started from TMP/work: shop, twin',
      'hint: choose one: docker netexec -p NAME web true',
    ],
  },
  ...['.', '..', '../..', 'a/b'].map((name) => ({
    name: `named ${name}`,
    words: ['-p', 'blog', name, 'true'],
    prepare: shop(),
    says: [
      `netexec: project "blog" (--project-name) has no containers, and no container is named "${name}"`,
      'hint: start it: docker compose -p blog up -d; running projects: shop',
    ],
  })),
]);

/** The same, but that the process of web's first container has this number. */
const withPid =
  (pid: number) =>
  ({ containers, ...recording }: Recording): Recording => {
    const container = containers['shop-web-1'] ?? {};
    const bent = { ...container, State: { ...(container['State'] as Json), Pid: pid } };
    return { ...recording, containers: { ...containers, 'shop-web-1': bent } };
  };

const elsewhere = (elevate: string, whom: string): string =>
  `hint: without --elevate ${elevate}, COMMAND goes through a tunnel; forward ports: docker netexec ${whom}; for everything else, run docker netexec on the engine's host`;
// More than the kernel ever gives.
const noPid = 2 ** 22 + 1;
const sleeper = spawn('sleep', ['60'], { stdio: 'ignore' });
after(() => sleeper.kill());
const claims = (pid: number, found: string): string =>
  `netexec: container "shop-web-1" does not run on this machine's kernel: the engine unix://TMP/engine.sock (Debian GNU/Linux 12 (bookworm), engine-host) reports it as process ${pid}, but ${found}`;

refusals(plugin, 'a container', [
  {
    name: 'that is not there',
    words: ['--container', 'shop-web-3', 'true'],
    prepare: shop(),
    says: [
      'netexec: no container "shop-web-3"; running: shop-ledger-1, shop-metrics-1, shop-postgres-1, shop-sidecar-1, shop-vault-1, shop-web-1, shop-web-2, shop-web-run',
      'hint: did you mean shop-web-1? docker netexec --container shop-web-1 true',
    ],
  },
  {
    name: 'that is not there, as none is',
    words: ['--container', ...web],
    prepare: shop({ bend: withoutContainers }),
    says: ['netexec: no container "web"; no container is running'],
  },
  ...[
    ['--container', 'shop-migrate-1', 'true'],
    ['shop-migrate-1', 'true'],
  ].map((words) => ({
    name: `that has ended, as ${words.join(' ')}`,
    words,
    prepare: shop(),
    says: [
      'netexec: container "shop-migrate-1" is not running: it exited with status 3',
      'hint: start it: docker start shop-migrate-1',
    ],
  })),
  {
    name: 'of another machine',
    words: ['--elevate', 'docker', ...web],
    prepare: shop({ bend: withPid(noPid) }),
    says: [claims(noPid, 'there is no such process here'), elsewhere('docker', '--forward HOST:PORT web')],
  },
  {
    name: 'of another machine, whose number is taken here',
    words: ['--elevate', 'none', '--container', 'shop-web-1', 'true'],
    prepare: shop({ bend: withPid(sleeper.pid ?? 0) }),
    says: [
      claims(sleeper.pid ?? 0, 'that is a different process here'),
      elsewhere('none', '--container --forward HOST:PORT shop-web-1'),
    ],
  },
]);

refusals(plugin, 'a Compose file', [
  {
    name: 'that is not YAML',
    words: web,
    prepare: shop({ file: 'services: [\n', bend: withoutContainers }),
    says: [
      'netexec: cannot read the Compose file TMP/work/compose.yaml: Flow sequence in block collection must be sufficiently indented and end with a ] at line 2, column 1',
      'hint: see what is wrong: docker compose config',
    ],
  },
  {
    name: 'that is no project',
    words: web,
    prepare: shop({ file: 'services: 5\n', bend: withoutContainers }),
    says: [
      'netexec: cannot read the Compose file TMP/work/compose.yaml: services: expected record',
      'hint: see what is wrong: docker compose config',
    ],
  },
  {
    name: 'that is missing',
    words: ['-f', 'none.yaml', ...web],
    says: ['netexec: no such Compose file: TMP/work/none.yaml (from --file)'],
  },
  {
    name: 'that is missing, of those in COMPOSE_FILE',
    words: web,
    prepare: (place) => {
      place.write('work/a.yaml', '');
      place.env['COMPOSE_FILE'] = 'a.yaml:b.yaml';
    },
    says: ['netexec: no such Compose file: TMP/work/b.yaml (from COMPOSE_FILE)'],
  },
  {
    name: 'whose folder is missing',
    words: ['--project-directory', 'none', ...web],
    says: ['netexec: --project-directory TMP/work/none: no such directory'],
  },
  {
    name: 'whose folder is a file',
    words: ['--project-directory', 'file', ...web],
    prepare: ({ write }) => write('work/file', ''),
    says: ['netexec: --project-directory TMP/work/file: not a directory'],
  },
]);

test('a working directory that is gone is no bug', async (context) => {
  const place = makePlace(context);
  await shop()(place);
  place.write('work/gone/file', '');
  const removing = ['sh', '-c', 'cd gone && rm -r ../gone && exec "$@"', 'sh'];
  const { status, stdout, stderr } = await run(place, [...removing, plugin.file, 'netexec', ...web]);
  assert.deepEqual({ status, stdout }, { status: 125, stdout: '' });
  // The shell of the launcher may have had a word about it first.
  assert.match(stderr, /^netexec: no Compose project in this folder or above, and no container is named "web"$/m);
});
