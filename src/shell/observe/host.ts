// Looks at this machine and at the caller: everything a plan needs to know of them, read once.
import { accessSync, constants, existsSync, lstatSync, statSync } from 'node:fs';
import { hostname } from 'node:os';
import { isAbsolute, resolve } from 'node:path/posix';
import type { RunRequest } from '../../core/arguments/argv.ts';
import type { Environment } from '../../core/engine/engine-address.ts';
import { fail, success } from '../../core/failure/failure.ts';
import { readLimits } from '../../core/entry/limits.ts';
import { needsProvider, resolvers } from '../../core/names/resolvers.ts';
import type { Result } from '../../core/failure/failure.ts';
import type { HostFacts, Identity } from '../../core/entry/plan.ts';
import type { WayFacts } from '../../core/ways/objections.ts';
import { required } from '../../core/tools/tools.ts';
import type { RequiredTool, Tools } from '../../core/tools/tools.ts';
import { caller } from './caller.ts';
import { workingDirectory } from './caller-environment.ts';
import type { Caller } from './caller-environment.ts';
import { inheritedDescriptors } from './inherited-descriptors.ts';
import { findTrusted, isBusybox, isExecutable, trustedPath } from './program.ts';
import { areRaw, isRaw, pathOf } from '../process/raw-words.ts';
import { isFolder, readText } from '../files/attempt.ts';

/** All but the ways to privilege, and the processes, which depend on the container. */
type MachineFacts = Omit<HostFacts, keyof WayFacts | 'processes'> & { readonly other: Identity | undefined };

export async function observeMachine(
  run: RunRequest,
  { env: environment, runtimeFolder: aliasFolder, openFiles, ignoredSignals }: Caller,
): Promise<Result<MachineFacts>> {
  const { differing } = caller();
  if (differing !== undefined) return fail({ kind: 'ids-differ', ...differing });
  const tools = findTools(run);
  if (!tools.ok) return tools;
  const unusable = run.workdir === undefined ? undefined : unusableFolder(run.workdir);
  if (run.workdir !== undefined && unusable !== undefined)
    return fail({ kind: 'folder-missing', folder: run.workdir, flag: '--workdir', reason: unusable });
  const variables =
    run.envFiles.length === 0
      ? success([])
      : (await import('./variables-files.ts')).readVariablesFiles(run.envFiles, environment);
  if (!variables.ok) return variables;
  const command = findCommand(run, environment, variables.value);
  if (!command.ok) return command;
  const other = run.user === undefined ? success(undefined) : await (await import('./users.ts')).findUser(run.user);
  if (!other.ok) return other;
  const [nsswitch, folders] = [readText('/etc/nsswitch.conf'), nscdFolders()];
  return success({
    other: other.value,
    pwdHolds: run.workdir === undefined && workingDirectory(environment) === environment['PWD'],
    openFiles,
    ignoredSignals,
    umask: process.umask(),
    descriptors: inheritedDescriptors(),
    limits: readLimits(readText('/proc/self/limits') ?? '', openFiles),
    tools: tools.value,
    environment,
    fileVariables: variables.value,
    command: command.value,
    raw: areRaw([command.value.file, ...command.value.words, ...run.env, ...variables.value], environment),
    aliasFolder,
    hostName: hostname(),
    // Long ones are lists of whom to block.
    hosts: (readText('/etc/hosts') ?? '').slice(0, 65_536),
    nsswitch,
    aliasLimits: needsProvider(run.resolver) ? await limitsOfAliases(command.value.file, nsswitch, folders) : [],
    nscdFolders: folders,
    mountinfo: readText('/proc/self/mountinfo') ?? '',
    staging: stagingApart([]),
  });
}

/**
 * Where what COMMAND is to see is laid out: for a moment nothing else is seen there.
 * @param used folders in which something is to be shown meanwhile
 */
export const stagingApart = (used: readonly string[]): string =>
  ['/mnt', '/media', '/srv', '/opt', '/home', '/tmp', '/boot']
    .filter((each) => !used.some((folder) => `${folder}/`.startsWith(`${each}/`)))
    // A link in / may lead to where another root has it not.
    .find((each) => lstatSync(each, { throwIfNoEntry: false })?.isDirectory()) ?? '/run';

/** Looked at for --resolver hostaliases alone, and loaded then. */
async function limitsOfAliases(
  file: string,
  nsswitch: string | undefined,
  folders: readonly string[],
): Promise<readonly string[]> {
  const [{ aliasLimits }, { observeProgram }] = await Promise.all([
    import('../../core/names/alias-limits.ts'),
    import('./program-loader.ts'),
  ]);
  const resolvConf = readText('/etc/resolv.conf');
  return aliasLimits({ nsswitch, resolvConf, nscdFolders: folders, program: observeProgram(file) });
}

function findTools(run: RunRequest): Result<Tools> {
  const found: Partial<Record<RequiredTool, string>> = {};
  const view = resolvers[run.resolver].view ? required.view : [];
  const further = [
    ...(run.intercepts.length > 0 ? required.intercept : []),
    ...(run.serviceFiles ? required.files : []),
    ...(run.hostNetwork ? required.outside : []),
    ...(run.pid ? required.pid : []),
  ];
  for (const tool of [...required.run, ...view, ...further]) {
    const file = findTrusted(tool);
    if (file === undefined) return fail({ kind: 'tool-missing', tool, searched: trustedPath });
    if (tool === 'setpriv' && isBusybox(file)) return fail({ kind: 'tool-of-busybox', tool, file });
    found[tool] = file;
  }
  const { sh = '', nsenter = '', setpriv = '', env = '', unshare = '', mount = '', nft } = found;
  return success({ sh, nsenter, unshare, setpriv, mount, env, nft });
}

/** Finds COMMAND on its own PATH, as execvp(3) would, so that a missing one is told before anything is entered. */
function findCommand(
  run: RunRequest,
  environment: Environment,
  fromFiles: readonly string[],
): Result<HostFacts['command']> {
  const [name, ...args] = run.command;
  if (name === undefined) return success(callersShell(environment));
  const set = run.env.includes('PATH') ? run.env : [...fromFiles, ...run.env];
  const given = set.findLast((entry) => entry.startsWith('PATH='))?.slice('PATH='.length);
  const path = given ?? environment['PATH'] ?? '/bin:/usr/bin';
  const base = run.workdir ?? '.';
  const candidates = name.includes('/')
    ? [below(base, name)]
    : path.split(':').map((folder) => below(below(base, folder), name));
  // `.` is a folder of every folder.
  const isName = !/^\.{0,2}$/.test(name);
  const file = isName ? candidates.find(isExecutable) : undefined;
  if (file !== undefined)
    return success({ file, words: [name, ...args], cause: name.includes('/') ? 'as given' : 'found on PATH' });
  const present = isName ? candidates.find((candidate) => existsSync(pathOf(candidate))) : undefined;
  if (present === undefined)
    return fail({ kind: 'command-not-found', command: name, path: name.includes('/') ? undefined : path });
  return fail({
    kind: 'command-not-executable',
    command: present,
    reason: isFolder(present) ? 'it is a directory' : 'it is not executable',
  });
}

/** As resolve() of node:path, which would damage what is not UTF-8. */
function below(folder: string, name: string): string {
  if (!isRaw(folder + name)) return resolve(folder, name);
  if (isAbsolute(name)) return name;
  return `${isAbsolute(folder) ? folder : resolve(folder)}/${name}`;
}

function callersShell(environment: Environment): HostFacts['command'] {
  const shell = environment['SHELL'];
  if (shell !== undefined && isExecutable(shell))
    return { file: shell, words: [shell], cause: 'no COMMAND given: $SHELL' };
  return { file: '/bin/sh', words: ['/bin/sh'], cause: 'no COMMAND given, and $SHELL is not a program' };
}

// /var/run is a link to /run nearly everywhere; where it is not, both may hold the socket.
function nscdFolders(): readonly string[] {
  const seen = new Set<number>();
  return ['/run/nscd', '/var/run/nscd'].filter((folder) => {
    const stat = statSync(folder, { throwIfNoEntry: false });
    if (stat === undefined || !stat.isDirectory() || seen.has(stat.ino)) return false;
    seen.add(stat.ino);
    return true;
  });
}

/** @returns what keeps the caller from working in it */
function unusableFolder(path: string): string | undefined {
  if (!existsSync(path)) return 'no such directory';
  if (!isFolder(path)) return 'not a directory';
  try {
    accessSync(path, constants.X_OK);
    return undefined;
  } catch {
    return 'permission denied';
  }
}
