// Looks at everything that netexec depends on, for --doctor: enters nothing, and changes nothing.
import { existsSync, lstatSync, readlinkSync } from 'node:fs';
import { arch, release } from 'node:os';
import * as z from 'zod/mini';
import { aliasLimits } from '../../core/names/alias-limits.ts';
import type { DockerOptions, DoctorRequest } from '../../core/arguments/argv.ts';
import { nothingTyped } from '../../core/compose/compose-line.ts';
import { surveyWays } from '../../core/ways/choose-way.ts';
import { decode } from '../../core/json/decode.ts';
import type { DoctorFacts, EngineAccount, EngineFacts, ToolFacts } from '../../core/doctor/doctor-facts.ts';
import { isUp } from '../../core/engine/containers.ts';
import type { Container, ListedContainer } from '../../core/engine/containers.ts';
import { explain } from '../../core/failure/explain.ts';
import type { Called } from '../../core/failure/explanation.ts';
import type { Failure, Result } from '../../core/failure/failure.ts';
import { pluginFile } from '../../roles.ts';
import { ofAll } from '../../core/engine/labels.ts';
import { isRootlessEngine } from '../../core/engine/rootless-engine.ts';
import { toolNames, tools } from '../../core/tools/tool-table.ts';
import type { Tool } from '../../core/tools/tool-table.ts';
import { elevations, isProgramWay, wayKinds } from '../../core/ways/ways.ts';
import { ask } from '../process/ask.ts';
import type { Caller } from '../observe/caller-environment.ts';
import { observeInstall } from './observe-install.ts';
import { observeWays } from '../observe/elevation.ts';
import { observeElevator } from '../observe/elevators.ts';
import { explainNumbers } from '../observe/container-not-here.ts';
import type { Engine } from '../engine/engine.ts';
import { inspect, list } from '../observe/observe-target.ts';
import { findTrusted, isBusybox } from '../observe/program.ts';
import { namespaceRefusal } from '../observe/user-namespace.ts';
import { proveProcess, seesOtherNumbers } from '../observe/prove-process.ts';
import { writeAliasFiles } from '../files/runtime-folder.ts';
import { readOrEmpty } from '../files/attempt.ts';

/**
 * @param docker what docker was told
 * @param engine the one that is meant
 */
export async function observeDoctor(
  request: DoctorRequest,
  { env, runtimeFolder: folder }: Caller,
  docker: DockerOptions,
  engine: Result<Engine>,
): Promise<Omit<DoctorFacts, 'version'>> {
  const { facts, container } = await observeEngine(engine, {
    ...nothingTyped,
    docker,
    plugin: pluginFile(),
    variables: { host: env['DOCKER_HOST'], context: env['DOCKER_CONTEXT'] },
  });
  const elevate = request.elevate ?? elevations.find((each) => each === env['NETEXEC_ELEVATE']) ?? 'auto';
  const remoteEngine = facts.local === 'no-process' || facts.local === 'another-process';
  const here = remoteEngine ? undefined : container?.pid;
  const seen = await observeWays(elevate, { other: undefined, remoteEngine }, here ?? process.pid);
  // Where no container runs, a rootless engine of the caller's will have its containers in the caller's namespace.
  const own = container === undefined && facts.told?.rootless === true && seen.caller.uid !== 0;
  const programs = wayKinds.filter(isProgramWay);
  const unusable = writeAliasFiles({ folder, files: [] });
  return {
    platform: process.platform,
    system: /^PRETTY_NAME="?([^"\n]*)/m.exec(readOrEmpty('/etc/os-release'))?.[1],
    kernel: `${release()} ${arch()}`,
    docker: await firstLine('docker', '--version'),
    compose: await firstLine('docker', 'compose', 'version'),
    engine: facts,
    ways: surveyWays(elevate, {
      ...seen,
      ...(own ? { containerUsers: "caller's" } : {}),
      rootlessEngine: facts.told?.rootless === true,
      // A run asks no more of them than it must.
      elevators: await Promise.all(programs.map((name) => observeElevator(name))),
    }),
    tools: await Promise.all(toolNames.map(observeTool)),
    names: observeNames(),
    guards: {
      appArmor: readOrEmpty('/sys/module/apparmor/parameters/enabled').startsWith('Y'),
      seLinux: { '1': 'enforcing' as const, '0': 'permissive' as const }[readOrEmpty('/sys/fs/selinux/enforce').trim()],
      userNamespaces: number(readOrEmpty('/proc/sys/user/max_user_namespaces')),
      namespaceRefusal: namespaceRefusal(),
      hiddenProcesses: /^\S+ \/proc proc \S*hidepid=(?!0|off)/m.test(readOrEmpty('/proc/self/mounts')),
    },
    aliasFolder: { folder, problem: unusable === undefined ? undefined : explain(unusable).what },
    install: await observeInstall(env, docker.config),
  };
}

async function observeTool(name: Tool): Promise<ToolFacts> {
  const file = findTrusted(name);
  const options = Object.values(tools[name].options ?? {}).flat();
  // busybox's help does not name all that it knows. Of its tools one alone will not do.
  const isTold = options.length > 0 && file !== undefined && (name === 'setpriv' || !isBusybox(file));
  if (!isTold) return { name, file, lacks: [] };
  const { stdout, stderr } = await ask(3, [file, '--help']);
  return { name, file, lacks: options.filter((option) => !`${stdout}\n${stderr}`.includes(option)) };
}

const infoSchema = z.object({
  ServerVersion: z.string(),
  OperatingSystem: z.nullish(z.string()),
  SecurityOptions: z.nullish(z.array(z.string())),
  DefaultRuntime: z.nullish(z.string()),
  Runtimes: z.nullish(z.record(z.string(), z.unknown())),
});

interface Observed {
  readonly facts: EngineFacts;
  readonly container: Container | undefined;
}

async function observeEngine(engine: Result<Engine>, called: Called): Promise<Observed> {
  const nothing = { endpoint: undefined, told: undefined, local: undefined, forgotten: [] };
  const failed = (failure: Failure, endpoint: EngineFacts['endpoint']): Observed => ({
    facts: { ...nothing, endpoint, problem: explain(failure, called) },
    container: undefined,
  });
  if (!engine.ok) return failed(engine.failure, undefined);
  const { endpoint } = engine.value;
  const info = await engine.value.info();
  if (!info.ok) return failed(info.failure, endpoint);
  const told = decode(infoSchema, info.value.json);
  if (!told.ok)
    return failed({ kind: 'engine-nonsense', request: info.value.request, problem: told.problem }, endpoint);
  const all = await list(ofAll, engine.value);
  const listed = all.ok ? all.value : [];
  const { container, local } = await anyContainer(engine.value, listed);
  const isTold = listed.some(({ replaced }) => replaced !== undefined);
  const forgotten = isTold
    ? await (await import('../own-container/forgotten.ts')).findForgotten(listed, engine.value)
    : [];
  return {
    facts: {
      endpoint,
      told: account(told.value, isRootlessEngine(info.value.json), engine.value.podman()),
      problem: undefined,
      local,
      forgotten,
    },
    container,
  };
}

function account(info: z.infer<typeof infoSchema>, rootless: boolean, podman: string | undefined): EngineAccount {
  const security = (info.SecurityOptions ?? []).map((option) => /^name=([^,]+)/.exec(option)?.[1] ?? option);
  return {
    product: podman === undefined ? 'docker' : 'podman',
    version: info.ServerVersion,
    system: info.OperatingSystem ?? 'an unknown system',
    rootless,
    runtime: info.DefaultRuntime ?? '',
    runtimes: Object.keys(info.Runtimes ?? {}),
    security,
  };
}

/** The first that is on this machine. One alone would prove nothing: it may end while it is looked at. */
async function anyContainer(
  engine: Engine,
  listed: readonly ListedContainer[],
): Promise<Pick<Observed, 'container'> & Pick<EngineFacts, 'local'>> {
  const running = listed.filter(({ state }) => isUp(state));
  let last: Awaited<ReturnType<typeof anyContainer>> = {
    container: undefined,
    local: seesOtherNumbers() ? 'own-namespace' : undefined,
  };
  for (const { id } of running.slice(0, 8)) {
    const container = await inspect(id, engine);
    if (!container.ok || container.value === undefined || container.value.pid === 0) continue;
    const found = proveProcess(container.value);
    if (found === 'container' || found === 'unreadable') return { container: container.value, local: found };
    last = { container: container.value, local: explainNumbers(found) };
  }
  return last;
}

function observeNames(): DoctorFacts['names'] {
  const nsswitch = readOrEmpty('/etc/nsswitch.conf');
  const nscd = ['/run/nscd/socket', '/var/run/nscd/socket'].some((file) => existsSync(file));
  const facts = { nsswitch, resolvConf: readOrEmpty('/etc/resolv.conf'), nscdFolders: nscd ? ['/run/nscd'] : [] };
  return {
    resolvConf: kindOf('/etc/resolv.conf'),
    hosts: /^\s*hosts:\s*(.*?)\s*$/m.exec(nsswitch)?.[1],
    nscd,
    aliasLimits: aliasLimits({ ...facts, program: { loader: undefined, setId: false } }),
    overlay: /\boverlay$/m.test(readOrEmpty('/proc/filesystems')),
  };
}

function kindOf(file: string): string {
  const stat = lstatSync(file, { throwIfNoEntry: false });
  if (stat === undefined) return 'missing';
  if (!stat.isSymbolicLink()) return 'a file';
  return existsSync(file) ? `a link to ${readlinkSync(file)}` : 'a broken link';
}

/** The first line of what a program says; undefined where it is not there, or fails. */
async function firstLine(program: string, ...words: readonly string[]): Promise<string | undefined> {
  // With it set, compose would take itself for the plugin that docker started.
  const asked = await ask(5, [program, ...words], { DOCKER_CLI_PLUGIN_ORIGINAL_CLI_COMMAND: undefined });
  return asked.ok ? asked.stdout.split('\n')[0] : undefined;
}

const number = (text: string): number | undefined => (/^\d+\s*$/.test(text) ? Number(text) : undefined);
