// Projects that are named, or not, by settings, files and folders: what is meant, and what is said where that leads nowhere.
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, symlinkSync, truncateSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import type { Json, Recording } from '../recordings.ts';
import { idOf, withContainer } from './fake-container.ts';
import { asOrdinaryUser, makePlace, run, usePlugin } from './place.ts';
import type { Place } from './place.ts';
import { refusals } from './refusals.ts';
import { shop } from './shop.ts';

const plugin = usePlugin();
const web = ['web', 'true'];
/** Which project it is, shows in what is said of a replica that it does not have. */
const seventh = ['--index', '7', ...web];
const ofShop = 'netexec: service "web" of project "shop" has no running container number 7; running: 1, 2';

const withTwin = (recording: Recording): Recording => {
  const twin = JSON.parse(JSON.stringify(recording.list).replaceAll('"shop"', '"twin"')) as Json[];
  return { ...recording, list: [...recording.list, ...twin] };
};

const behindProfile = 'name: shop\nservices:\n  web: { image: x }\n  dbg: { image: x, profiles: [debug] }\n';

refusals(plugin, 'a project', [
  {
    name: 'of several projects that are elsewhere',
    words: web,
    prepare: async (place) => {
      await shop({ bend: withTwin })(place);
      place.cwd = place.folder;
    },
    says: [
      'netexec: no Compose project in TMP or above, and no container is named "web"',
      'hint: "web" runs in shop, twin: docker netexec -p NAME web true',
    ],
  },
  {
    name: 'of the one of two projects that the file names',
    words: seventh,
    prepare: shop({ bend: withTwin }),
    says: [ofShop],
  },
  {
    name: 'of a project that is named by its file, and another was made from its folder',
    words: seventh,
    prepare: shop({ file: 'name: other\nservices: { web: { image: x } }\n' }),
    says: [ofShop],
  },
  {
    name: 'of the project that is named, but has no container',
    words: ['later', 'true'],
    prepare: shop({ file: 'name: other\nservices: { later: { image: x } }\n' }),
    says: [
      'netexec: service "later" of project "other" is not running: it is declared but has no container',
      'hint: start it: docker compose -p other up -d later',
    ],
  },
  ...['', ', where docker is missing'].map((circumstance) => ({
    name: `behind a profile${circumstance}`,
    words: ['dbg', 'true'],
    prepare: (place: Place) => {
      if (circumstance !== '') place.env['PATH'] = join(place.folder, 'none');
      return shop({ file: behindProfile })(place);
    },
    says: [
      'netexec: service "dbg" of project "shop" has no container: it belongs to profile debug',
      'hint: start it: docker compose --profile debug up -d dbg',
    ],
  })),
  {
    name: 'behind a profile that is asked for',
    words: ['dbg', 'true'],
    prepare: (place) => {
      place.env['COMPOSE_PROFILES'] = 'x, debug';
      return shop({ file: behindProfile })(place);
    },
    says: [
      'netexec: service "dbg" of project "shop" is not running: it is declared but has no container',
      'hint: start it: docker compose -p shop up -d dbg',
    ],
  },
  ...['-f', 'COMPOSE_FILE'].map((how) => ({
    name: `of a project by its name, where the file of ${how} is gone`,
    words: ['-p', 'shop', ...(how === '-f' ? ['-f', 'gone.yaml'] : []), ...seventh],
    prepare: (place: Place) => {
      if (how !== '-f') place.env[how] = 'gone.yaml';
      return shop()(place);
    },
    says: [ofShop],
  })),
  ...['oci://registry.example/shop', 'https://git.example/shop.git'].map((file) => ({
    name: `of a project by its name, where the file is ${file}`,
    words: ['-p', 'shop', '-f', file, ...seventh],
    prepare: shop(),
    says: [ofShop],
  })),
]);

/** A pipe in the project's folder; its one writer comes to an end, if there is one. */
const pipe =
  (file: string, writes?: string) =>
  async (place: Place): Promise<void> => {
    await shop(file === '.env' ? {} : { file: null })(place);
    execFileSync('mkfifo', [join(place.cwd, file)]);
    if (writes === undefined) return;
    const writer = spawn('sh', ['-c', `exec > ${file}; ${writes}`], { cwd: place.cwd, stdio: 'ignore' });
    place.cleanUp(() => writer.kill('SIGKILL'));
  };

const unreadable = (reason: string): readonly string[] => [
  `netexec: cannot read Compose's variables from TMP/work/.env: ${reason}`,
  'hint: fix the file, or specify the project: docker netexec -p NAME …',
];
const silent = (fault: string): readonly string[] => [
  `netexec: ${fault}`,
  'hint: replace the pipe with a file, or specify the project: docker netexec -p NAME …',
];

refusals(plugin, 'settings', [
  {
    name: 'in a pipe that nobody writes to',
    words: web,
    prepare: pipe('.env'),
    says: silent('no program is writing to the pipe TMP/work/.env'),
  },
  {
    name: 'in a pipe that never ends',
    words: web,
    prepare: pipe('.env', 'echo A=1; sleep 60'),
    says: silent('the program that writes to the pipe TMP/work/.env did not finish within 10 seconds'),
  },
  {
    name: 'in a pipe with one writer',
    words: seventh,
    prepare: pipe('.env', 'echo COMPOSE_PROJECT_NAME=shop'),
    says: [ofShop],
  },
  {
    name: 'in a pipe whose writer takes its time',
    words: seventh,
    prepare: pipe('.env', 'echo COMPOSE_PROJECT_NAME=x; sleep 1; echo COMPOSE_PROJECT_NAME=shop'),
    says: [ofShop],
  },
  {
    name: 'in a pipe, of a project by its name',
    words: ['-p', 'shop', ...seventh],
    prepare: pipe('.env'),
    says: [ofShop],
  },
  {
    name: 'in a Compose file that is a pipe which nobody writes to',
    words: web,
    prepare: pipe('compose.yaml'),
    says: silent('no program is writing to the pipe TMP/work/compose.yaml'),
  },
  {
    name: 'in a Compose file that is a pipe with one writer',
    words: ['later', 'true'],
    prepare: pipe('compose.yaml', 'echo "name: shop"; echo "services: {later: {image: x}}"'),
    says: [
      'netexec: service "later" of project "shop" is not running: it is declared but has no container',
      'hint: start it: docker compose -p shop up -d later',
    ],
  },
  {
    name: 'in a socket',
    words: web,
    prepare: async (place) => {
      await shop()(place);
      const server = createServer().listen(join(place.cwd, '.env'));
      place.cleanUp(() => void server.close());
    },
    says: unreadable('no such device or address'),
  },
  {
    name: 'in a link to itself',
    words: web,
    prepare: async (place) => {
      await shop()(place);
      symlinkSync('.env', join(place.cwd, '.env'));
    },
    says: unreadable('too many symbolic links encountered'),
  },
  {
    name: 'without an end',
    words: web,
    prepare: async (place) => {
      await shop()(place);
      symlinkSync('/dev/zero', join(place.cwd, '.env'));
    },
    says: unreadable('it is larger than 16 MiB'),
  },
  {
    name: 'of 100 MB',
    words: web,
    prepare: async (place) => {
      await shop()(place);
      truncateSync(place.write('work/.env', ''), 100_000_000);
    },
    says: unreadable('it is larger than 16 MiB'),
  },
  {
    name: 'that may not be read',
    words: web,
    prepare: async (place) => {
      await shop()(place);
      chmodSync(place.write('work/.env', ''), 0o000);
      place.wrapper = asOrdinaryUser;
      chmodSync(place.socket, 0o666);
    },
    says: unreadable('permission denied'),
  },
  {
    name: 'of which one is missing',
    words: web,
    prepare: async (place) => {
      place.write('work/.env', 'STAGE=\nX=${STAGE:?say which}\n');
      await shop()(place);
    },
    says: unreadable('line 2: required variable STAGE is missing a value: say which'),
  },
  {
    name: 'that nobody has written',
    words: seventh,
    prepare: async (place) => {
      symlinkSync('/dev/null', join(place.cwd, '.env'));
      await shop()(place);
    },
    says: [ofShop],
  },
  {
    name: 'in a folder',
    words: seventh,
    prepare: async (place) => {
      mkdirSync(join(place.cwd, '.env'));
      await shop()(place);
    },
    says: [ofShop],
  },
  {
    name: 'in a file that COMPOSE_ENV_FILES names, and is missing',
    words: web,
    prepare: async (place) => {
      place.env['COMPOSE_ENV_FILES'] = 'none.env';
      await shop()(place);
    },
    says: unreadable('no such file').map((line) => line.replace('.env', 'none.env')),
  },
]);

test('a TAB must leave a pipe to the run, and answer all the same', async (context) => {
  for (const file of ['.env', 'compose.yaml']) {
    const place = makePlace(context);
    await pipe(file, 'echo "X=y"; echo written > done')(place);
    const outcome = await run(place, ['timeout', '10', plugin.file, '__complete', 'netexec', 'we']);
    assert.deepEqual([outcome.status, outcome.stderr], [0, '']);
    assert.match(outcome.stdout, /^web\t/);
    // What the one writer has to say is still there.
    assert.equal(readFileSync(join(place.cwd, file), 'utf8'), 'X=y\n');
  }
});

describe('a container by the beginning of its id', () => {
  const id = idOf('shop-web-1');
  /** As the engine does it: a name, or a beginning that only one id has. */
  const rows: readonly (readonly [words: readonly string[], says: RegExp | undefined])[] = [
    [[id.slice(0, 2)], /^netexec: no Compose project in .*, and no container is named "\w\w"$/m],
    [[id.slice(0, 11)], /^netexec: no Compose project in .*, and no container is named "\w{11}"$/m],
    [[id.slice(0, 12)], undefined],
    [[id], undefined],
    [['shop-web-1'], undefined],
    [['--container', id.slice(0, 4)], undefined],
  ];
  for (const [words, says] of rows) {
    test(words.join(' '), async (context) => {
      const place = makePlace(context);
      const engine = await withContainer(place);
      const outcome = await run(place, [plugin.file, 'netexec', '--dry-run', ...words, 'true']);
      if (says === undefined) {
        const note =
          words[0] === '--container' ? '' : 'netexec: warning: no project here; using container shop-web-1\n';
        assert.deepEqual([outcome.status, outcome.stdout.includes('shop-web-1')], [0, true], outcome.stderr);
        assert.equal(outcome.stdout.includes('no project here; using container shop-web-1'), note !== '');
      } else {
        assert.deepEqual([outcome.status, outcome.stdout], [125, '']);
        assert.match(outcome.stderr, says);
      }
      assert.ok(engine.requests.length > 0);
    });
  }
});
