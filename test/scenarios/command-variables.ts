// Environments to try COMMAND with, and what must become of them.
import assert from 'node:assert/strict';
import type { Scenario } from './scenario.ts';

/** NAME → value, as the kernel has them: no shell has read them. */
export const readEnvironment = (environ: Uint8Array): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Buffer.from(environ)
      .toString()
      .split('\0')
      .filter((entry) => entry !== '')
      .map((entry) => [entry.slice(0, entry.indexOf('=')), entry.slice(entry.indexOf('=') + 1)]),
  );

export const showEnvironment = ['cat', '/proc/self/environ'];

/** What COMMAND is told beside what the caller has; where the file of HOSTALIASES is, is another test's matter. */
const told = (s: Scenario, { HOSTALIASES = 'a file' }): Readonly<Record<string, string>> => ({
  HOSTALIASES,
  NETEXEC_PROJECT: s.projectName,
  NETEXEC_SERVICE: 'web',
  NETEXEC_CONTAINER: `${s.projectName}-web-1`,
  NETEXEC_NETWORKS: `${s.projectName}_backend`,
});

const usual: Readonly<Record<string, string>> = {
  NEWLINES: 'a\nb\n\n',
  QUOTES: `'"\`$(touch pwned)\\`,
  EQUALS: '=a=b==',
  EMPTY: '',
  NON_ASCII: 'žluťoučký 猫 🐈',
  CONTROL: '\u0001\u001b[31m\r\t',
  LARGE: 'x'.repeat(100_000),
  OLDPWD: '/before',
  SHLVL: '41',
  _: '/usr/bin/something',
  TERM: 'xterm-256color',
  LD_LIBRARY_PATH: '/no/such',
  LD_PRELOAD: '',
  HTTP_PROXY: 'http://192.0.2.1:3128',
  NODE_OPTIONS: '--max-old-space-size=100',
  NODE_PATH: '/no/such',
  BASH_ENV: '/dev/null',
  ENV: '/dev/null',
  CDPATH: '/',
  PS4: '+ ',
  DOCKER_CLI_HINTS: 'false',
  COMPOSE_PROFILES: 'some',
  OTEL_RESOURCE_ATTRIBUTES: 'service.name=mine,a=b',
};

/** Lower-case names that scripts like to use: those of the launcher and of the privileged stage among them. */
const ordinaryWords =
  'here home executable value pid ids parent environment alive guard ready staging nsswitch hidden ' +
  'umask open_files setpriv uid gid groups theirs file folder PATH_GIVEN PATH_BEFORE resolv_head hosts_tail stat ' +
  'before';

const numbered = Object.fromEntries(Array.from({ length: 300 }, (_, number) => [`NUMBER_${number}`, `${number}`]));
const words = Object.fromEntries(ordinaryWords.split(' ').map((name) => [name, `the caller's ${name}`]));
/** Names that no shell can hold. */
const odd = { 'a.b': 'dot', 'a-b': 'dash', '1': 'digit', 'a b': 'blank', 'BASH_FUNC_greet%%': '() {  echo "hi"\n}' };

/** @param PWD the folder from which COMMAND is run */
export const environments = (
  PWD: string,
): readonly (readonly [name: string, environment: Readonly<Record<string, string>>])[] => [
  ['no more than a run needs', { PWD }],
  ['the usual ones', { PWD, ...usual }],
  ['300', { PWD, ...numbered }],
  ['ordinary words', { PWD, ...words }],
  ["HOSTALIASES of the caller's own", { PWD, HOSTALIASES: '/no/such/aliases' }],
  ['no PWD', {}],
  ['PWD of a folder that was left', { PWD: '/' }],
  ['names that no shell can hold', { PWD, ...odd }],
  ['all of them', { PWD, ...usual, ...numbered, ...words, ...odd }],
];

/** COMMAND's must be the caller's, and what it is told. */
export function assertHandedOn(s: Scenario, outside: Uint8Array, inside: Uint8Array): void {
  const [caller, command] = [readEnvironment(outside), readEnvironment(inside)];
  assert.notEqual(command['HOSTALIASES'], caller['HOSTALIASES']);
  assert.deepEqual(differences(command, { ...caller, ...told(s, command) }), []);
}

/** As lines that say what is wrong, since the environments themselves fill many screens. */
function differences(
  got: Readonly<Record<string, string>>,
  wanted: Readonly<Record<string, string>>,
): readonly string[] {
  const show = (value: string | undefined): string => JSON.stringify(value)?.slice(0, 60) ?? 'nothing';
  return [...new Set([...Object.keys(got), ...Object.keys(wanted)])]
    .filter((name) => got[name] !== wanted[name])
    .map((name) => `${name}: ${show(got[name])} instead of ${show(wanted[name])}`);
}
