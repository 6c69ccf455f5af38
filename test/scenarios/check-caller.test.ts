// --check for whoever calls it: an ordinary user, a person at a terminal, one who is in a hurry.
import assert from 'node:assert/strict';
import { callerNamed, useCallers } from './callers.ts';
import { openTerminal } from './command-terminal.ts';
import { beside, inNetwork, project } from './checks.ts';
import { scenario } from './scenario.ts';
import type { Scenario } from './scenario.ts';

const callers = useCallers(project, 'shared');
const withSudo = callerNamed('netexec-sudo');
const without = callerNamed('netexec-docker');

/** A container whose packets to redis are lost. */
async function lossy(s: Scenario): Promise<string> {
  const name = await beside(s, 'lossy', ['sleep', 'infinity']);
  await inNetwork(s, name, ['nft', 'add', 'table', 'inet', 'guard']);
  const chain = '{ type filter hook output priority 0; }';
  await inNetwork(s, name, ['nft', 'add', 'chain', 'inet', 'guard', 'out', chain]);
  await inNetwork(s, name, ['nft', 'add', 'rule', 'inet', 'guard', 'out', 'tcp', 'dport', '6379', 'drop']);
  return name;
}

scenario('an ordinary user must have the same verdicts, but for what is not theirs to see', { project }, async (s) => {
  const env = { HOSTALIASES: '/etc/passwd', NODE_OPTIONS: '--bogus', RES_OPTIONS: 'timeout:30' };
  const run = await s.netexec(
    ['-p', s.projectName, '--check', 'web', 'redis', 'shy:6379', 'kafka'],
    callers.step(s, withSudo, { env }),
  );
  assert.deepEqual([run.status, run.stderr], [1, '']);
  const [redis = '', shy = '', kafka = ''] = run.stdout.split('\n\n');
  assert.match(redis, /✓ listens {2}0\.0\.0\.0:6379 and \[::\]:6379\n {2}✓ connect .*\n {2}✓ answer {3}Redis: PONG$/);
  assert.match(shy, /cause: shy listens on 127\.0\.0\.1 only/);
  assert.match(kafka, /cause: no service, container or alias "kafka"/);
});

scenario('an ordinary user with the engine alone must have the same verdicts', { project }, async (s) => {
  const words = ['-p', s.projectName, '--elevate', 'docker', '--check', 'web', 'redis', 'shy:6379'];
  const run = await s.netexec(words, callers.step(s, without));
  assert.deepEqual([run.status, run.stderr], [1, '']);
  assert.match(run.stdout, /✓ answer {3}Redis: PONG\n\nshy:6379\n[^]*cause: shy listens on 127\.0\.0\.1 only/);
});

scenario('an ordinary user who may not enter must be told so, and still have the table', { project }, async (s) => {
  const words = ['-p', s.projectName, '--elevate', 'none', '--check', 'web', 'redis'];
  const refused = await s.netexec(words, callers.step(s, without));
  assert.deepEqual([refused.status, refused.stdout], [125, '']);
  assert.match(refused.stderr, /^netexec: entering .*:\n {2}root: you are not root$/m);
  // What the name alone tells wants no privilege.
  const outside = await s.netexec(
    ['-p', s.projectName, '--elevate', 'none', '--check', 'web', 'vault'],
    callers.step(s, without),
  );
  assert.deepEqual([outside.status, outside.stderr], [1, '']);
  assert.match(outside.stdout, /cause: vault and web have no network in common/);
  const table = await s.netexec(['-p', s.projectName, '--check', 'web'], callers.step(s, without));
  assert.deepEqual([table.status, table.stderr], [0, '']);
  assert.match(table.stdout, /^redis +front +6379 +0\.0\.0\.0, :: +depends_on +listens$/m);
});

scenario('what is waited for must be seen on a terminal, and be gone from it afterwards', { project }, async (s) => {
  const name = await lossy(s);
  const terminal = await openTerminal(s);
  await terminal.type(`docker netexec --check --timeout 9 ${name} redis:6379; echo en''ded`);
  await terminal.shows(/^redis:6379: connecting, \d s$/m);
  await terminal.shows(/^ended$/m);
  assert.doesNotMatch(await terminal.screen(), /connecting/);
  await terminal.shows(/^ {2}cause: .*no answer within 9 s/m);
});

scenario('Ctrl-C must end it at once, with nothing left running', { project }, async (s) => {
  const name = await lossy(s);
  const terminal = await openTerminal(s);
  await terminal.type(`docker netexec --check --timeout 100 ${name} redis:6379`);
  await terminal.shows(/connecting/);
  await terminal.press('C-c');
  assert.equal(await terminal.status(), 130);
  await s.eventually(() => !s.processes().some((line) => /docker-netexec:probe/.test(line)));
});

scenario('endpoints must be waited for at the same time, and told in their order', { project }, async (s) => {
  const name = await lossy(s);
  const endpoints = Array.from({ length: 40 }, () => 'redis:6379');
  // One after the other they would take longer than a step may.
  const run = await s.netexec(['--check', '--timeout', '4', name, ...endpoints, 'api:8080']);
  assert.equal(run.status, 1);
  assert.deepEqual(
    run.stdout.split('\n\n').map((block) => block.split('\n')[0]),
    [...endpoints, 'api:8080'],
  );
});
