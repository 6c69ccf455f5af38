// The files that the recipes show do what they say, each as it stands there, for an ordinary user.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { runInNewContext } from 'node:vm';
import { readDocument } from '../documents.ts';
import { signalGroup } from './command-process.ts';
import { must, scenario } from './scenario.ts';
import type { Scenario } from './scenario.ts';
import { pathOf, project, recipeFiles, useReader } from './typing.ts';
import type { Reader } from './typing.ts';

const makeReader = useReader();

scenario('the files of the recipes must do what they are for', { project }, async (s) => {
  const reader = await makeReader(s);
  for (const { name, text } of recipeFiles) await s.subtest(name, () => tryFile(s, name, text, reader));
});

/** Files that are configuration of programs which are not there, or need a person, are done what these would do. */
async function tryFile(s: Scenario, name: string, text: string, options: Reader): Promise<void> {
  const passes = async (argv: readonly string[]): Promise<void> => {
    assert.match((await must(s.run(argv, options))).stdout, /^# pass 1$/m);
  };
  const prompt = async (argv: readonly string[]): Promise<void> => {
    const shown = async (env: Record<string, string>): Promise<string> =>
      (await must(s.run(argv, { ...options, env: { ...options.env, ...env } }))).stdout;
    assert.equal(await shown({ NETEXEC_SERVICE: 'web' }), `(web) ${await shown({})}`);
  };
  const file = pathOf(options.cwd, name);
  assert.equal(readFileSync(file, 'utf8'), text);
  switch (name) {
    case '.vscode/tasks.json': {
      const { tasks } = JSON.parse(text) as { tasks: { command: string; args: string[] }[] };
      for (const { command, args } of tasks) await passes([command, ...args]);
      return;
    }
    case '.vscode/launch.json': {
      const launch = JSON.parse(text) as { configurations: { runtimeExecutable: string; runtimeArgs: string[] }[] };
      for (const { runtimeExecutable, runtimeArgs } of launch.configurations)
        await passes([runtimeExecutable, ...runtimeArgs]);
      return;
    }
    case '.run/test in web.run.xml':
      return passes(['sh', '-c', /name="SCRIPT_TEXT" value="([^"]+)"/.exec(text)?.[1] ?? '']);
    case 'shop.pac': {
      const find = runInNewContext(`${text}; FindProxyForURL`, {
        isPlainHostName: (host: string) => !host.includes('.'),
      });
      const found = ['api', 'example.com'].map((host) =>
        (find as (...words: string[]) => string)(`http://${host}/`, host),
      );
      return assert.deepEqual(found, ['SOCKS5 127.0.0.1:1080', 'DIRECT']);
    }
    case 'web.js':
      return reload(s, file, text, options);
    case '~/.bashrc':
      return prompt(['bash', '-c', 'PS1="> "; . "$0"; echo "${PS1@P}"', file]);
    case '~/.zshrc':
      return prompt(['zsh', '-fc', 'PROMPT="> "; . "$0"; print -P "$PROMPT"', file]);
    case '~/.config/fish/config.fish':
      return prompt([
        'fish',
        '--no-config',
        '-c',
        'function fish_prompt; echo -n "> "; end; source $argv[1]; fish_prompt',
        file,
      ]);
    case '~/.config/starship.toml':
      await must(s.run(['/usr/bin/python3', '-c', 'import sys, tomllib; tomllib.load(open(sys.argv[1], "rb"))', file]));
  }
}

/** The line that the recipe has for it. */
const watching =
  readDocument('docs/be-the-service.md').commands.find(({ line }) => line.includes('node --watch'))?.line ?? '';

async function reload(s: Scenario, file: string, text: string, options: Reader): Promise<void> {
  const started = await s.start(['setsid', 'bash', '-c', `exec ${watching}`], options);
  const get = ['exec', '-T', 'api', 'wget', '-qO-', 'http://web:3000'];
  const shows = (page: string): Promise<void> =>
    s.eventually(async () => assert.equal((await s.compose(get)).stdout, page));
  try {
    await shows('one');
    writeFileSync(file, text.replace("'one", "'two"));
    await shows('two');
  } finally {
    writeFileSync(file, text);
    signalGroup(started.pid, 'SIGINT');
  }
  await started.ended;
}
