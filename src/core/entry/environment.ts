// The environment that COMMAND gets: the caller's, less what docker added for the plugin, plus what netexec tells and -e asks for.
import type { Environment } from '../engine/engine-address.ts';
import { printable } from '../text/printable.ts';

export interface Variable {
  readonly name: string;
  /** Undefined: the variable is taken away. */
  readonly value: string | undefined;
  readonly cause: string;
  /** The value is netexec's own word and may be shown; the caller's values may be secrets. */
  readonly public: boolean;
}

/** What COMMAND is told about where it is. */
export interface EntryContext {
  readonly project: string | undefined;
  readonly service: string | undefined;
  /** Undefined in a place of netexec's own, which is nobody's to name. */
  readonly container: string | undefined;
  readonly networks: readonly string[];
  /** The container's file system, where COMMAND sees it. */
  readonly root: string | undefined;
}

/** For whom a shell has just opened: `web · shop · backend, cache`. */
export function describeContext({ project, service, container, networks }: EntryContext): string {
  const keys = networks.map((name) => (name.startsWith(`${project}_`) ? name.slice(`${project}_`.length) : name));
  return [service ?? container, project, keys.join(', ')]
    .filter((part) => part !== undefined && part !== '')
    .join(' · ');
}

/** What changes the ways of a runtime such as netexec's own: not for its programs. */
export const withoutRuntimes = <Value>(env: Readonly<Record<string, Value>>): Record<string, Value> =>
  Object.fromEntries(Object.entries(env).filter(([name]) => !/^(BUN|JSC|MIMALLOC|NODE)_/.test(name)));

/** What a launcher sets for the executable's runtime: how much memory it sets aside, and that it prepares none. */
export const ownVariables = { BUN_JSC_jitMemoryReservationSize: '16777216', BUN_JSC_useWarmUpMarkedBlocks: '0' };

/** What is asked for, each as NAME=VALUE. */
export interface RequestedVariables {
  /** Of --env, where NAME alone keeps the caller's. */
  readonly given: readonly string[];
  /** Of --env-file. */
  readonly fromFiles?: readonly string[];
  /** Of --service-env: what the container is configured with. */
  readonly service?: readonly string[] | undefined;
}

/** The differences from the environment that netexec was started with. */
export function environmentChanges(
  env: Environment,
  { given, fromFiles = [], service = [] }: RequestedVariables,
  at: EntryContext,
  aliasFile: string | undefined,
): readonly Variable[] {
  const kept = given.map(nameOf);
  const unless = (entries: readonly (readonly [string, string])[], cause: string): readonly Variable[] =>
    entries.filter(([name]) => !kept.includes(name)).map(([name, value]) => ({ name, value, cause, public: false }));
  return lastOfEach([
    ...withoutDocker(env),
    ...unless(serviceVariables(service), '--service-env'),
    told('NETEXEC_PROJECT', at.project, 'the Compose project'),
    told('NETEXEC_SERVICE', at.service, 'the Compose service'),
    told('NETEXEC_CONTAINER', at.container, 'the container whose network COMMAND is in'),
    told('NETEXEC_NETWORKS', at.networks.join(','), 'its networks'),
    told('NETEXEC_ROOT', at.root, 'its file system'),
    ...(aliasFile === undefined
      ? []
      : [{ ...told('HOSTALIASES', '', 'host aliases for glibc, see hostname(7)'), value: aliasFile }]),
    ...unless(fromFiles.map(splitEntry), '--env-file'),
    ...given.flatMap((entry) => requestedVariable(entry)),
  ]).filter(({ name, value }) => env[name] !== value);
}

/** In the order in which they were said last. */
function lastOfEach(changes: readonly Variable[]): readonly Variable[] {
  const last = new Map(changes.map((change) => [change.name, change]));
  return changes.filter((change) => last.get(change.name) === change);
}

const nameOf = (entry: string): string => entry.split('=', 1)[0] ?? '';

const splitEntry = (entry: string): readonly [name: string, value: string] => {
  const name = nameOf(entry);
  return [name, entry.slice(name.length + 1)];
};

/** Whether it may be that a proxy on localhost is named: a cheap question, since few answer yes. */
export const mayNameProxy = (env: Environment): boolean => Object.keys(env).some((name) => /_proxy$/i.test(name));

export function applyChanges(env: Environment, changes: readonly Variable[]): Record<string, string> {
  const merged: Environment = { ...env, ...Object.fromEntries(changes.map(({ name, value }) => [name, value])) };
  return Object.fromEntries(
    Object.entries(merged).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}

/** Names a POSIX shell cannot hold, and so would not hand on: bash's exported functions, for one. */
export const isShellName = (name: string): boolean => /^[A-Za-z_][A-Za-z0-9_]*$/.test(name);

/** A prompt may show it. */
const told = (name: string, value: string | undefined, cause: string): Variable => ({
  name,
  value: value === undefined ? undefined : printable(value),
  cause,
  public: true,
});

// docker's own addition for its plugins; left in, a nested `docker compose` would take itself for a plugin of ours,
// and an instrumented COMMAND would report docker's attributes as its own (docker/cli, cli/command/telemetry.go).
function withoutDocker(env: Environment): readonly Variable[] {
  const cause = 'docker sets it for its plugins';
  const otel = env['OTEL_RESOURCE_ATTRIBUTES']
    ?.split(',')
    .filter((member) => !member.trimStart().startsWith('docker.cli.'))
    .join(',');
  return [
    { name: 'DOCKER_CLI_PLUGIN_ORIGINAL_CLI_COMMAND', value: undefined, cause, public: true },
    { name: 'DOCKER_CLI_PLUGIN_SOCKET', value: undefined, cause, public: true },
    { name: 'OTEL_RESOURCE_ATTRIBUTES', value: otel || undefined, cause, public: false },
  ];
}

/** What in a container tells of the container itself, or of files in it; and what netexec tells. */
const containersOwn = /^(PATH|HOME|HOSTNAME|USER|SHELL|TERM|PWD|LD_.*|HOSTALIASES|NETEXEC_.*)$/;

/** @param service what the container is configured with, as NAME=VALUE. @returns what of it is for others, too */
export const serviceVariables = (service: readonly string[]): readonly (readonly [name: string, value: string])[] =>
  // The engine hands on what is no NAME=VALUE; exec(3) would not, nor more than up to a NUL.
  service
    .filter((entry) => entry.indexOf('=') > 0 && !entry.includes('\0') && !containersOwn.test(nameOf(entry)))
    .map(splitEntry);

function requestedVariable(entry: string): readonly Variable[] {
  // KEY alone passes the caller's value, and that is there already.
  if (!entry.includes('=')) return [];
  const [name, value] = splitEntry(entry);
  return [{ name, value, cause: '--env', public: false }];
}

/** Of the dynamic loader's (ld.so(8)): a fakeroot would have setpriv's work done by halves. */
export const loaders = ['LD_PRELOAD', 'LD_AUDIT'];
