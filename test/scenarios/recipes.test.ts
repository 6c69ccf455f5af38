// docs/recipes.md does what it says: every file is written, every line typed, as an ordinary user, as it stands there.
import assert from 'node:assert/strict';
import { chmodSync, cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { useSudoUser } from './sudo-user.ts';
import { signalGroup } from './command-process.ts';
import { readRecipes } from './recipes.ts';
import type { Command } from './recipes.ts';
import { must, scenario } from './scenario.ts';
import type { RunOptions, Scenario } from './scenario.ts';

const project = 'recipes';
const user = useSudoUser(project);
const recipes = readRecipes();

for (const { title, files, commands } of recipes) {
  scenario(`recipe: ${title}`, { project }, async (s) => {
    const options = await makeFolder(s);
    // A recipe may use the files of those before.
    for (const file of recipes.flatMap((recipe) => recipe.files)) await writeFile(s, options, file.name, file.text);
    assert.ok(files.length + commands.length > 0);
    for (const command of commands) await type(s, command, options);
    for (const { name, text } of files) await s.subtest(name, () => tryFile(s, name, text, options));
  });
}

/** The project's folder, with what stands for Wireshark, which needs a screen. */
async function makeFolder(s: Scenario): Promise<RunOptions & { readonly cwd: string }> {
  const cwd = join(user.home(), `shop-${++made}`);
  mkdirSync(join(cwd, 'bin'), { recursive: true });
  cpSync(join(s.projectFolder, 'compose.yaml'), join(cwd, 'compose.yaml'));
  writeFileSync(join(cwd, 'bin/wireshark'), '#!/bin/sh\n[ "$*" = "-ki -" ] && exec tshark -lnr - -Y http.request\n');
  chmodSync(join(cwd, 'bin/wireshark'), 0o755);
  const PATH = `${cwd}/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin`;
  await must(s.run(['chown', '-R', String(user.uid), cwd]));
  return { ...user.step(s, { cwd, env: { PATH, COMPOSE_PROJECT_NAME: undefined } }), cwd };
}

let made = 0;

async function writeFile(s: Scenario, { cwd }: { readonly cwd: string }, name: string, text: string): Promise<void> {
  assert.notEqual(name, '');
  const file = join(cwd, name.replace('~', 'home'));
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  await must(s.run(['chown', '-R', String(user.uid), cwd]));
}

async function type(s: Scenario, { line, prints, interrupted }: Command, options: RunOptions): Promise<void> {
  if (!interrupted) {
    const run = await s.run(['bash', '-o', 'pipefail', '-c', `{ ${line}\n} 2>&1`], options);
    assert.equal(run.status, 0, `${line}: ${run.stdout}`);
    return assert.match(run.stdout.replaceAll(/ +$/gm, ''), prints, line);
  }
  // Wireshark shows nothing on the terminal; what stands for it does.
  const wanted = line.includes('wireshark') ? /GET \/ HTTP/ : prints;
  const started = await s.start(['setsid', 'bash', '-c', `{ ${line}\n} 2>&1`], { ...options, input: '' });
  const traffic = await s.start(['docker', 'compose', 'exec', '-T', 'web', 'sh', '-c', requests]);
  try {
    await s.eventually(() => assert.match(started.stdout(), wanted, line));
  } finally {
    signalGroup(started.pid, 'SIGINT');
    traffic.kill('SIGKILL');
  }
  await started.ended;
}

const requests = 'for _ in $(seq 60); do wget -qO- http://api:8080/; sleep 0.2; done';

/** Files that are configuration of programs which are not there, or need a person, are done what these would do. */
async function tryFile(s: Scenario, name: string, text: string, options: RunOptions): Promise<void> {
  const passes = async (argv: readonly string[]): Promise<void> => {
    assert.match((await must(s.run(argv, options))).stdout, /^# pass 1$/m);
  };
  const prompt = async (argv: readonly string[]): Promise<void> => {
    const shown = async (env: Record<string, string>): Promise<string> =>
      (await must(s.run(argv, { ...options, env: { ...options.env, ...env } }))).stdout;
    assert.equal(await shown({ NETEXEC_SERVICE: 'web' }), `(web) ${await shown({})}`);
  };
  const file = join(options.cwd ?? '', name.replace('~', 'home'));
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
