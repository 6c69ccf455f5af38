// --on on the command line: no SERVICE, and COMMAND behind `--` alone; and --host-network, which goes with both.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseArgv } from '../../../../src/core/arguments/argv.ts';
import type { Failure } from '../../../../src/core/failure/failure.ts';

/** The networks and COMMAND, or why not. */
function read(words: string): unknown {
  const request = parseArgv(['netexec', ...words.split(' ')], true);
  if (!request.ok) return request.failure;
  if (request.value.action !== 'run') return request.value.action;
  const { on, service, command } = request.value.run;
  return { on, service, command };
}

const on = (networks: readonly string[], ...command: readonly string[]) => ({
  on: networks,
  service: undefined,
  command,
});
const excluded = (flag: string, by = '--on'): Failure => ({ kind: 'flags-exclude-each-other', flags: [by, flag] });
const beside = (word: string): Failure => ({ kind: 'service-beside-networks', word });
const empty = (value: string): Failure => ({
  kind: 'invalid-value',
  flag: '--on',
  value,
  expected: 'NETWORK[,NETWORK...], or all',
});

const rows: readonly (readonly [words: string, expected: unknown])[] = [
  ['--on backend', on(['backend'])],
  ['--on backend --', on(['backend'])],
  ['--on backend -- ./seed.py -- x', on(['backend'], './seed.py', '--', 'x')],
  ['--on=backend,cache -- true', on(['backend', 'cache'], 'true')],
  ['--on backend --on cache -- true', on(['backend', 'cache'], 'true')],
  ['--on backend ./seed.py', beside('./seed.py')],
  ['--on backend web -- true', beside('web')],
  ['--on= -- true', empty('')],
  ['--on backend, -- true', empty('backend,')],
  ['--on backend --index 2 -- true', excluded('--index')],
  ...['--container', '--service-env', '--pid', '--restart'].map(
    (flag) => [`--on backend ${flag} -- true`, excluded(flag)] as const,
  ),
  ['--host-network --on backend -- true', on(['backend'], 'true')],
  ['--host-network --on backend --wait db:5432 -- true', excluded('--wait', '--host-network --on')],
  ['--on backend --wait db:5432 -- true', on(['backend'], 'true')],
  ['--host-network web', { on: [], service: 'web', command: [] }],
  ['--host-network --resolver private web', { on: [], service: 'web', command: [] }],
  ...[
    '--stand-in',
    '--pid',
    '--restart',
    '--all',
    '--forward 5432',
    '--reverse 9003',
    '--intercept 80:3000',
    '--proxy 1080',
    '--provider a.b',
  ].map(
    (flag) => [`--host-network ${flag} web -- true`, excluded(flag.split(' ')[0] ?? '', '--host-network')] as const,
  ),
  ...['host', 'hostaliases'].map(
    (resolver) =>
      [`--host-network --resolver ${resolver} web`, excluded(`--resolver ${resolver}`, '--host-network')] as const,
  ),
  ...[
    '-e A=b',
    '--env-file f',
    '--service-env',
    '-u root',
    '-w /',
    '--cap-add NET_RAW',
    '--wait db:5432',
    '--network cache',
    '--dry-run',
  ].map((flag) => [`--host-network ${flag} web -- true`, { on: [], service: 'web', command: ['true'] }] as const),
  ...['--index 2', '--container', '--restart', '--forward 5432', '--reverse 9003', '--proxy 1080'].map(
    (flag) => [`--all ${flag} web -- true`, excluded(flag.split(' ')[0] ?? '', '--all')] as const,
  ),
  ...['--index 2', '--container', '--pid', '--restart', '--all', '--intercept 80:3000'].map(
    (flag) => [`--stand-in ${flag} web -- true`, excluded(flag.split(' ')[0] ?? '', '--stand-in')] as const,
  ),
  ['--check --host-network web', excluded('--host-network', '--check')],
  ['--check --on backend web', excluded('--on', '--check')],
];

for (const [words, expected] of rows) test(words, () => assert.deepEqual(read(words), expected));
