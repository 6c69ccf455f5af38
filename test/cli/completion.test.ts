// A TAB, through the very scripts that docker and Debian give to shells; bash, zsh and fish are the real ones.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import type { TestContext } from 'node:test';
import { completionText, wantedAt } from '../../src/core/arguments/completion.ts';
import { fakeEngine } from '../fake-engine.ts';
import type { FakeEngine, Wishes } from '../fake-engine.ts';
import { recordingWith } from '../recordings.ts';
import { makePlace, run, usePlugin } from './place.ts';
import type { Outcome, Place } from './place.ts';

const plugin = usePlugin();

async function withShop(context: TestContext, wishes: Wishes = {}): Promise<{ place: Place; engine: FakeEngine }> {
  const place = makePlace(context);
  delete place.env['DOCKER_CLI_PLUGIN_ORIGINAL_CLI_COMMAND'];
  place.env['DOCKER_CONFIG'] = plugin.config;
  const engine = await fakeEngine(recordingWith({ folder: place.cwd }), place.socket, wishes);
  place.cleanUp(() => engine.close());
  place.write('work/compose.yaml', 'services: {web: {image: x}, later: {image: x}}\n');
  return { place, engine };
}

const services = ['ledger', 'metrics', 'postgres', 'sidecar', 'vault', 'web', 'later', 'migrate'];

/** docker asks plugins since 23.0; Debian 12's own is older. */
const version = spawnSync('docker', ['version', '--format', '{{.Client.Version}}'], { encoding: 'utf8' }).stdout;
const skip = Number.parseInt(version) >= 23 ? false : 'this docker asks no plugin';

/** What the shell would offer for the line, up to the cursor at its end. */
interface Shell {
  readonly name: string;
  readonly complete: (place: Place, line: string) => Promise<Outcome>;
}

const quoted = (word: string): string => `'${word.replaceAll("'", "'\\''")}'`;

/** As readline calls a completion function; `compopt` works nowhere else. */
function bash(name: string, script: string, prepare = ''): Shell {
  return {
    name,
    complete(place, line) {
      const words = line.split(' ');
      const text = `. /usr/share/bash-completion/bash_completion
        ${script}
        compopt() { :; }
        ${prepare}
        COMP_LINE=${quoted(line)} COMP_POINT=${line.length} COMP_TYPE=9 COMP_KEY=9
        COMP_WORDS=(${words.map(quoted).join(' ')}) COMP_CWORD=${words.length - 1}
        function=$(complete -p docker | sed 's/.*-F \\([^ ]*\\).*/\\1/')
        $function docker ${quoted(words.at(-1) ?? '')} ${quoted(words.at(-2) ?? '')}
        printf '%s\\n' "\${COMPREPLY[@]}"`;
      return run(place, ['bash', '--norc', '-c', text]);
    },
  };
}

const shells: readonly Shell[] = [
  bash("docker's bash script", '. <(docker completion bash)'),
  bash("Debian's older bash script", '. /usr/share/bash-completion/completions/docker'),
  {
    name: "docker's fish script",
    complete: (place, line) =>
      run(place, ['fish', '--no-config', '-c', `docker completion fish | source; complete -C ${quoted(line)}`]),
  },
];

/** The first words of the lines, without the descriptions. */
const offered = ({ stdout }: Outcome): readonly string[] =>
  stdout.split('\n').flatMap((line) => /^[^\s(]+/.exec(line)?.[0] ?? []);

for (const { name, complete } of shells) {
  describe(name, { skip: name.startsWith('docker') && skip }, () => {
    test('must offer services, those that run and those that do not', async (context) => {
      const { place, engine } = await withShop(context);
      const outcome = await complete(place, 'docker netexec ');
      assert.deepEqual([outcome.status, outcome.stderr], [0, '']);
      assert.deepEqual(offered(outcome).toSorted(), services.toSorted());
      assert.deepEqual(engine.requests, ['GET /containers/json']);
    });

    const rows: readonly (readonly [line: string, expected: readonly string[]])[] = [
      ['docker netexec we', ['web']],
      ['docker netexec --re', ['--replace', '--resolver', '--restart', '--reverse']],
      ['docker netexec --resolver ', ['host', 'hostaliases', 'private']],
      ['docker netexec -p ', ['shop']],
      ['docker netexec --network ', ['backend', 'cache']],
      ['docker netexec --index ', ['1', '2']],
      ['docker netexec --container shop-web-', ['shop-web-1', 'shop-web-2', 'shop-web-run']],
      ['docker netexec -u roo', ['root']],
      ['docker netexec --check web post', ['postgres']],
      ['docker netexec web -- setpri', ['setpriv']],
    ];
    for (const [line, expected] of rows) {
      test(`must offer ${expected.join(', ')} for ${line}`, async (context) => {
        const { place } = await withShop(context);
        const outcome = await complete(place, line);
        assert.deepEqual([outcome.status, outcome.stderr], [0, '']);
        assert.deepEqual(offered(outcome).toSorted(), expected);
      });
    }

    test('must offer nothing of its own, and say nothing, where the engine is away', async (context) => {
      const { place } = await withShop(context);
      place.env['DOCKER_HOST'] = 'unix:///nowhere/docker.sock';
      const outcome = await complete(place, 'docker netexec --network ');
      assert.deepEqual([outcome.status, outcome.stderr], [0, '']);
      assert.deepEqual(
        offered(outcome).filter((word) => word !== 'compose.yaml'),
        [],
      );
    });
  });
}

describe("docker's zsh script", { skip }, () => {
  /** Types into a zsh on a terminal, and waits for what it makes of it. */
  async function type(context: TestContext, line: string, expected: RegExp): Promise<string> {
    const { place } = await withShop(context);
    const socket = join(place.folder, 'tmux');
    const tmux = (...words: readonly string[]): string =>
      spawnSync('tmux', ['-S', socket, '-f', '/dev/null', ...words], {
        env: place.env,
        cwd: place.cwd,
        encoding: 'utf8',
      }).stdout;
    place.env['TERM'] = 'xterm';
    place.cleanUp(() => tmux('kill-server'));
    tmux('new-session', '-d', '-x', '200', '-y', '40', 'zsh', '-f');
    const setUp = `PS1='> '; autoload -U compinit; compinit -u -D; . <(docker completion zsh); clear; echo re''ady`;
    tmux('send-keys', '-l', setUp);
    tmux('send-keys', 'Enter');
    await screen(tmux, /^ready$/m);
    tmux('send-keys', '-l', line);
    tmux('send-keys', 'Tab');
    return screen(tmux, expected);
  }

  async function screen(tmux: (...words: readonly string[]) => string, expected: RegExp): Promise<string> {
    const end = Date.now() + 60_000;
    for (;;) {
      const text = tmux('capture-pane', '-p').trimEnd();
      if (expected.test(text)) return text;
      if (Date.now() > end) assert.fail(`no ${expected.source} on the terminal:\n${text}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  test('must complete a service', async (context) => {
    await type(context, 'docker netexec we', /^> docker netexec web$/m);
  });

  test('must list networks, and who is on them', async (context) => {
    const text = await type(context, 'docker netexec --network ', /^backend +-- ledger, postgres, web$/m);
    assert.match(text, /^cache +-- web$/m);
  });

  test("must complete an option's value behind an equals sign", async (context) => {
    await type(context, 'docker netexec --resolver=hosta', /^> docker netexec --resolver=hostaliases$/m);
  });

  test("must complete COMMAND's files", async (context) => {
    await type(context, 'docker netexec web -- cat comp', /^> docker netexec web -- cat compose\.yaml$/m);
  });
});

describe('whatever the engine does, a TAB must end well', { skip }, () => {
  const rows: readonly (readonly [name: string, wishes: Wishes])[] = [
    ['when it says nothing', { reply: () => 'silence' }],
    ['when it hangs up', { hangUp: true }],
    ['when it talks nonsense', { reply: () => ({ bytes: 'SSH-2.0' }) }],
    ['when it refuses', { reply: () => ({ status: 500, json: { message: 'no' } }) }],
    ['when it answers with something else', { reply: () => ({ status: 200, json: { not: 'a list' } }) }],
  ];
  for (const [name, wishes] of rows) {
    test(name, async (context) => {
      const { place } = await withShop(context, wishes);
      // Sooner than a run would give up on the engine.
      const outcome = await run(place, ['timeout', '10', 'docker', '__complete', 'netexec', '']);
      assert.deepEqual(outcome, { status: 0, stdout: ':4\n', stderr: '' });
    });
  }

  const files: readonly (readonly [name: string, text: string])[] = [
    ['that is none', '- : ['],
    ['with a name that no terminal should see', 'services: {"a\\e[1m": {}}'],
  ];
  for (const [name, text] of files) {
    test(`with a Compose file ${name}`, async (context) => {
      const { place } = await withShop(context);
      place.write('work/compose.yaml', text);
      const outcome = await run(place, ['docker', '__complete', 'netexec', '']);
      assert.deepEqual([outcome.status, outcome.stderr], [0, '']);
      assert.match(outcome.stdout, /^web\tnetexec\/busybox:1, Up/m);
      // oxlint-disable-next-line no-control-regex
      assert.doesNotMatch(outcome.stdout, /\u001b/);
    });
  }
});

test("docker's own options in front must lead to the engine", { skip }, async (context) => {
  const { place } = await withShop(context);
  delete place.env['DOCKER_HOST'];
  const host = `unix://${place.socket}`;
  const outcome = await run(place, ['docker', '__complete', '--host', host, 'netexec', '--network', 'c']);
  assert.deepEqual(outcome, { status: 0, stdout: 'cache\tweb\n:4\n', stderr: '' });
});

test('the shells that these tests drive must be there', () => {
  for (const file of ['/usr/bin/fish', '/usr/bin/zsh', '/usr/share/bash-completion/completions/docker'])
    assert.ok(existsSync(file), file);
});

describe('what is answered without Node must be what Node answers', () => {
  const lines = [
    ['', '-', '--', '--re', '--resolver', '--resolver=h', '-x', '--bogus ', 'we', '-- ', '-- -x', 'web ', 'web -'],
    ['web x/', 'web -- ', 'web -- ps', 'web -- psql ', 'web psql --re', 'web psql x y z', 'web --', 'web -- -- x'],
    ['--resolver ', '--resolver h', '--resolver=host ', '--restart --re', '-q -', '-qf ', '-f ', '-f x -', '-w '],
    ['--elevate no', '--format ', '--format t', '--cap-add NET_', '--timeout ', '--timeout 3 --', '--provider s'],
    ['-e X=1 web ', '-p shop web -- a b', '-p - ', '-p -- --re', '--file ', '--check web ', '--check --ti', '--help '],
    ['--container web ', '--index 1 --container a b ', '--no-trunc web ', '--restart=false web ', '-eX=1 web '],
    ['--cap-add net', '--elevate *', '--format [t]', '--resolver=', '--project-directory ', '--workdir=/ -'],
  ].flat();
  const without = new Set(['', 'we', '--resolver=h', '--check web ', 'web -- ps', '-qf ']);
  test('line by line, with descriptions and without', async (context) => {
    const place = makePlace(context);
    const script = readFileSync(join(plugin.config, 'netexec/completion.sh'), 'utf8');
    const file = place.write('completion.sh', script);
    for (const line of lines) {
      for (const word of ['__complete', '__completeNoDesc']) {
        const words = line.split(' ');
        const shell = await run(place, ['sh', '-c', '. "$0"; echo node', file, word, 'netexec', ...words]);
        assert.deepEqual([shell.status, shell.stderr], [0, ''], line);
        if (shell.stdout === 'node\n') continue;
        assert.ok(!without.has(line), `${line} must be left to Node`);
        const wanted = wantedAt(words);
        assert.ok(wanted.kind === 'these', line);
        assert.equal(
          shell.stdout,
          completionText(wanted.candidates, wanted.directive, word === '__complete'),
          `${word} ${line}`,
        );
      }
    }
  });

  test('and no Node must be started for it', async (context) => {
    const place = makePlace(context);
    for (const words of [['--re'], ['--elevate', ''], ['web', '--', 'cat', '']]) {
      const strace = ['strace', '-f', '-qq', '-e', 'trace=execve', '-o', join(place.folder, 'trace')];
      await run(place, [...strace, plugin.file, '__complete', 'netexec', ...words]);
      assert.equal(readFileSync(join(place.folder, 'trace'), 'utf8').match(/ execve\(.* = 0$/gm)?.length, 1);
    }
  });
});

test('a shell that does not read on must hear nothing, on stderr either', async (context) => {
  const { place } = await withShop(context);
  const text = '{ sleep 0.3; "$0" __completeNoDesc --network "" 2>stderr; echo $? >status; } | :; wait';
  await run(place, ['bash', '-c', `${text}; while [ ! -s status ]; do sleep 0.05; done`, plugin.file]);
  assert.deepEqual(
    [readFileSync(join(place.cwd, 'stderr'), 'utf8'), readFileSync(join(place.cwd, 'status'), 'utf8')],
    ['', '0\n'],
  );
});
