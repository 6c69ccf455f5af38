// Runs of --check, and the containers and servers that are to be found out by it.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { must } from './scenario.ts';
import type { RunOptions, Scenario } from './scenario.ts';

export const project = 'check';

/** An endpoint's verdict, as --format json prints it. */
export interface Checked {
  readonly Endpoint: string;
  readonly Connects: boolean;
  readonly Cause: string;
  readonly What: string;
  readonly Hint: string;
  readonly Steps: readonly { readonly Step: string; readonly Mark: string; readonly Seen: string }[];
}

/** @param words SERVICE and the endpoints, and options before them */
export async function check(s: Scenario, words: readonly string[], given?: RunOptions): Promise<readonly Checked[]> {
  const run = await s.netexec(['--format', 'json', '--timeout', '3', '--check', ...words], {
    ...given,
  });
  assert.equal(run.stderr, '');
  const verdicts = run.stdout.split('\n').map((line) => JSON.parse(line) as Checked);
  assert.equal(run.status, verdicts.every(({ Connects }) => Connects) ? 0 : 1);
  return verdicts;
}

/** This cause and no other, with these words in it and in the hint; what was wrong is the last that was seen. */
export async function mustFind(
  s: Scenario,
  words: readonly string[],
  cause: string,
  what: RegExp,
  hint: RegExp,
  given?: RunOptions,
): Promise<void> {
  const [verdict, ...others] = await check(s, words, given);
  assert.ok(verdict);
  assert.deepEqual([verdict.Cause, others.length], [cause, 0], JSON.stringify(verdict));
  assert.match(verdict.What, what);
  assert.match(verdict.Hint, hint);
  const marks = verdict.Steps.map(({ Mark: mark }) => mark === 'bad');
  assert.deepEqual(
    marks,
    marks.map((_, index) => index === marks.length - 1),
  );
}

/** A container beside those of the project, on a network of it; gone with the scenario. */
export async function beside(
  s: Scenario,
  name: string,
  command: readonly string[],
  network = 'front',
): Promise<string> {
  const full = `${s.projectName}-${name}`;
  await s.docker(['rm', '-f', full]);
  s.t.after(() => s.docker(['rm', '-f', full]));
  const options = ['--dns', '127.0.0.1', '--network', `${s.projectName}_${network}`, '--stop-signal', 'KILL'];
  await must(s.docker(['run', '-d', '--name', full, ...options, 'netexec/servers:1', ...command]));
  return full;
}

/** Runs a program of this machine in a container's network, as root, whatever netexec would say of it. */
export async function inNetwork(s: Scenario, container: string, argv: readonly string[]): Promise<void> {
  const { State: state } = await s.inspect(container);
  await must(s.run(['nsenter', `--net=/proc/${state.Pid}/ns/net`, '--', ...argv]));
}

/** Starts one of the servers of serve.mjs in the network of `idle`. */
export async function serve(s: Scenario, kind: string, port: number, ...files: readonly string[]): Promise<void> {
  const program = join(import.meta.dirname, '../programs/serve.mjs');
  const server = await s.start([
    'docker',
    'netexec',
    'idle',
    '--',
    process.execPath,
    program,
    kind,
    String(port),
    ...files,
  ]);
  await server.says('ready');
}
