// A reader at work: an ordinary user in a project's folder, with the files that the recipes name, who types what the documents show.
import assert from 'node:assert/strict';
import { chmodSync, cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { readDocument, recipes } from '../documents.ts';
import type { Command, NamedFile } from '../documents.ts';
import { signalGroup, startAlone } from './command-process.ts';
import { must } from './scenario.ts';
import type { RunOptions, Scenario } from './scenario.ts';
import { useSudoUser } from './sudo-user.ts';

export const project = 'documents';
export const recipeFiles: readonly NamedFile[] = recipes.flatMap((file) => readDocument(file).files);

export type Reader = RunOptions & { readonly cwd: string };

/** How a command is typed, and how it is seen to do what it is for, where the document does not show it. */
export interface Typing {
  /** What is typed once it runs. */
  readonly input?: string;
  /** What it prints: all of it, or what comes before Ctrl-C. */
  readonly shows?: RegExp;
  /** How it ends; 0 unless told. */
  readonly status?: number;
  /** It goes on until Ctrl-C. */
  readonly interrupted?: boolean;
  /** What stands meanwhile, in another terminal, once it has said where it leads. */
  readonly beside?: string;
  /** It wants a terminal. */
  readonly terminal?: boolean;
  /** What stands for the program of a person that has to do with it; it says "ready" first. */
  readonly meanwhile?: string;
}

/** Makes readers, each in a folder of its own, who may become root without a password. */
export function useReader(): (s: Scenario) => Promise<Reader> {
  const user = useSudoUser(project);
  let made = 0;
  return async (s) => {
    const cwd = join(user.home(), `shop-${++made}`);
    mkdirSync(join(cwd, 'bin'), { recursive: true });
    cpSync(join(s.projectFolder, 'compose.yaml'), join(cwd, 'compose.yaml'));
    for (const { name, text } of recipeFiles) writeNamed(cwd, name, text);
    // It stands for Wireshark, which needs a screen.
    writeFileSync(join(cwd, 'bin/wireshark'), '#!/bin/sh\n[ "$*" = "-ki -" ] && exec tshark -lnr - -Y http.request\n');
    chmodSync(join(cwd, 'bin/wireshark'), 0o755);
    // The reader may not be able to read the checkout.
    cpSync(join(import.meta.dirname, '../programs/debuggers.py'), join(cwd, 'bin/debuggers.py'));
    await must(s.run(['chown', '-R', String(user.uid), cwd]));
    const { env, ...options } = user.step(s, { cwd, env: { COMPOSE_PROJECT_NAME: undefined } });
    const plugin = join(env?.['DOCKER_CONFIG'] ?? '', 'cli-plugins');
    const PATH = `${cwd}/bin:${plugin}:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin`;
    return { ...options, env: { ...env, PATH }, cwd };
  };
}

export const pathOf = (cwd: string, name: string): string => join(cwd, name.replace('~', 'home'));

function writeNamed(cwd: string, name: string, text: string): void {
  assert.notEqual(name, '');
  mkdirSync(dirname(pathOf(cwd, name)), { recursive: true });
  writeFileSync(pathOf(cwd, name), text);
}

export async function type(s: Scenario, command: Command, reader: RunOptions, typing: Typing = {}): Promise<void> {
  const { line } = command;
  const shows = typing.shows ?? command.prints;
  const typed = inOurs(line, s);
  if (typing.beside !== undefined) return besideAnother(s, command, reader, typing);
  if (typing.terminal) return atTerminal(s, typed, shows, reader);
  if (typing.meanwhile !== undefined)
    await (await startAlone(s, ['bash', '-c', typing.meanwhile], reader)).says('ready');
  if (command.interrupted || typing.interrupted)
    return untilInterrupted(s, typed, shows, reader, async () => {
      for (const each of command.meanwhile) await type(s, each, reader);
    });
  const run = await s.run(['bash', '-o', 'pipefail', '-c', `{ ${typed}\n} 2>&1`], {
    ...reader,
    input: typing.input ?? '',
  });
  const printed = inTheirs(run.stdout.replaceAll(/ +$/gm, ''), s);
  assert.equal(run.status, typing.status ?? 0, `${line}: ${printed}`);
  if (shows === undefined) assert.doesNotMatch(printed, /^(?:netexec: |.*\berror\b)/im, line);
  else assert.match(printed, shows, line);
}

async function untilInterrupted(
  s: Scenario,
  line: string,
  shows: RegExp | undefined,
  reader: RunOptions,
  meanwhile: () => Promise<void>,
): Promise<void> {
  const started = await s.start(['setsid', 'bash', '-c', `{ ${line}\n} 2>&1`], { ...reader, input: '' });
  const traffic = await s.start(['docker', 'compose', 'exec', '-T', 'web', 'sh', '-c', requests]);
  try {
    // Wireshark shows nothing on the terminal; what stands for it does.
    await s.eventually(() => assert.match(inTheirs(started.stdout(), s), shows ?? /GET \/ HTTP/, line));
    await meanwhile();
  } finally {
    signalGroup(started.pid, 'SIGINT');
    traffic.kill('SIGKILL');
    // What it has replaced is the next one's.
    await started.ended;
  }
}

async function besideAnother(s: Scenario, command: Command, reader: RunOptions, typing: Typing): Promise<void> {
  const { beside = '', ...alone } = typing;
  const other = await s.start(['setsid', 'bash', '-c', `exec ${inOurs(beside, s)} 2>&1`], reader);
  await s.eventually(() => assert.match(other.stdout(), / → /));
  try {
    await type(s, command, reader, alone);
  } finally {
    signalGroup(other.pid, 'SIGINT');
  }
  await other.ended;
}

async function atTerminal(s: Scenario, line: string, shows: RegExp | undefined, reader: RunOptions): Promise<void> {
  const started = await s.start(['script', '-qec', line, '/dev/null'], reader);
  await s.eventually(() => assert.match(started.stdout(), shows ?? /./, line));
  started.write('\u0003');
  await started.ended;
}

/** Until its input ends. */
const requests = 'while :; do wget -qO- http://api:8080/; sleep 0.2; done & cat; kill $!';

/** The project of a test has a name that is nobody else's; so has what it makes. */
const names = (s: Scenario): readonly (readonly [theirs: string, ours: string])[] => [
  ['some-nginx', 'netexec-test-some-nginx'],
  ['shop', s.projectName],
];

const inOurs = (line: string, s: Scenario): string =>
  names(s).reduce(
    (text, [theirs, ours]) => text.replaceAll(new RegExp(`(?<![\\w/-])${theirs}(?![\\w-])`, 'g'), ours),
    line,
  );

const inTheirs = (text: string, s: Scenario): string =>
  names(s).reduce((before, [theirs, ours]) => before.replaceAll(ours, theirs), text);
