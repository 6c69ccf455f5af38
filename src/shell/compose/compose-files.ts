// Finds the Compose project's folder and files the way Compose does; what is in its files is not looked at here.
import { existsSync, realpathSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path/posix';
import type { ProjectRequest } from '../../core/arguments/argv.ts';
import type { Environment } from '../../core/engine/engine-address.ts';
import { fail, success } from '../../core/failure/failure.ts';
import type { Result } from '../../core/failure/failure.ts';
import type { ComposeLocation } from '../../core/compose/project.ts';
import { isFolder } from '../files/attempt.ts';
import { readFileText } from '../files/file-text.ts';
import type { FileText } from '../files/file-text.ts';
import { isDisabled, settingsOf } from './env-files.ts';
import type { EnvFilesCall, ReadText } from './env-files.ts';

// In this order, the first that exists (compose-go, cli/options.go).
const fileNames = ['compose.yaml', 'compose.yml', 'docker-compose.yml', 'docker-compose.yaml'];
const overrideNames = [
  'compose.override.yml',
  'compose.override.yaml',
  'docker-compose.override.yml',
  'docker-compose.override.yaml',
];

interface Call extends EnvFilesCall {
  readonly run: Pick<ProjectRequest, 'files' | 'projectDirectory'>;
  /** That of --project-directory. */
  readonly given: string | undefined;
}

/**
 * Compose's versions read .env files in two ways: `other` is what an older one would find, where that is another place
 * or another setting.
 */
export interface Located extends ComposeLocation {
  /** What is read once stays read: a pipe among the files has told its text. */
  readonly read: ReadText;
  readonly other?: Result<Located>;
}

/** @param workingDirectory the caller's, as the shell names it (links kept): Compose labels containers with that form */
export function locateCompose(
  run: Pick<ProjectRequest, 'files' | 'projectDirectory'>,
  env: Environment,
  workingDirectory: string | undefined,
  read: ReadText = readFileText,
): Result<Located> {
  if (workingDirectory === undefined) return success({ ...nowhere, read });
  const at = (path: string): string => resolve(workingDirectory, path);
  const given = run.projectDirectory === undefined ? undefined : at(run.projectDirectory);
  if (given !== undefined && !isFolder(given)) {
    return fail({
      kind: 'folder-missing',
      folder: given,
      flag: '--project-directory',
      reason: existsSync(given) ? 'not a directory' : 'no such directory',
    });
  }
  const seen = new Map<string, FileText>();
  // Compose sets PWD where it is missing.
  const call: Call = { run, env: { PWD: workingDirectory, ...env }, at, given, read: remembering(read, seen) };
  const newer = locateAsNewer(call, workingDirectory);
  if (seen.size === 0 || (newer.ok && readsAlike(newer.value, env, seen))) return newer;
  const once = [...seen.values()].some((text) => text.once);
  const older = locateAsOlder(call, workingDirectory);
  if (!newer.ok) return older.ok && !once ? success({ ...older.value, other: newer }) : newer;
  const location = once ? { ...newer.value, words: undefined } : newer.value;
  return success(older.ok && sameLocation(older.value, newer.value) ? location : { ...location, other: older });
}

/** The one .env file is that of the project's folder, and says nothing of where the files are: all versions read it so. */
const readsAlike = ({ folder, dotEnv }: Located, env: Environment, seen: ReadonlyMap<string, FileText>): boolean =>
  folder !== undefined &&
  seen.size === 1 &&
  seen.get(join(folder, '.env'))?.once === false &&
  !env['COMPOSE_ENV_FILES'] &&
  dotEnv['COMPOSE_FILE'] === undefined &&
  dotEnv['COMPOSE_DISABLE_ENV_FILE'] === undefined;

const remembering =
  (read: ReadText, seen: Map<string, FileText>): ReadText =>
  (file) => {
    const text = seen.get(file) ?? read(file);
    if (text !== undefined) seen.set(file, text);
    return text;
  };

const sameLocation = (one: Located, other: Located): boolean =>
  one.folder === other.folder &&
  JSON.stringify([one.files, one.dotEnv]) === JSON.stringify([other.files, other.dotEnv]);

/** From Compose 2.28 on: the .env file of where one is, then that of the project's folder, which may be another. */
function locateAsNewer(call: Call, workingDirectory: string): Result<Located> {
  const { run, env, at, given } = call;
  const typed = run.files.find((file) => file !== '-' && !isRemote(file));
  const start = given ?? (typed === undefined ? workingDirectory : dirname(at(typed)));
  const first = settingsOf(start, env, call, 'newer');
  if (!first.ok) return first;
  const place = findFiles({ ...first.value, ...env }, call, workingDirectory);
  if (!place.ok) return place;
  const folder = place.value.folder ?? start;
  // A file that forbids itself is read for Compose's own settings all the same.
  const disabled = isDisabled(first.value);
  const kept = disabled.ok && disabled.value ? ofCompose(first.value) : first.value;
  const known = { ...kept, ...env };
  const second = folder === start ? first : settingsOf(folder, known, call, 'newer');
  if (!second.ok) return second;
  return success(described({ ...(folder === start ? {} : second.value), ...kept }, place.value, call));
}

/** Up to Compose 2.27: the .env file of the project's folder; then everything again, with what it has set. */
function locateAsOlder(call: Call, workingDirectory: string): Result<Located> {
  const look = (known: Environment): Result<{ readonly place: Place; readonly settings: Environment }> => {
    const place = findFiles(known, call, workingDirectory);
    if (!place.ok) return place;
    const settings = settingsOf(place.value.folder ?? workingDirectory, known, call, 'older');
    return settings.ok ? success({ place: place.value, settings: settings.value }) : settings;
  };
  const first = look(call.env);
  if (!first.ok) return first;
  const second = look({ ...first.value.settings, ...call.env });
  if (!second.ok) return second;
  return success(described({ ...second.value.settings, ...first.value.settings }, second.value.place, call));
}

/** Whether Compose finds files, here or elsewhere. */
export const hasFiles = ({ files, remote = false }: ComposeLocation): boolean => files.length > 0 || remote;

export const nowhere: ComposeLocation = {
  folder: undefined,
  files: [],
  dotEnv: {},
  words: undefined,
};

const ofCompose = (settings: Environment): Environment =>
  Object.fromEntries(Object.entries(settings).filter(([name]) => name.startsWith('COMPOSE_')));

interface Place {
  readonly folder: string | undefined;
  readonly files: readonly string[];
  /** Some of the files are not on this machine, or on standard input, which is COMMAND's. */
  readonly remote: boolean;
}

function described(dotEnv: Environment, { folder, files, remote }: Place, { run, env, read }: Call): Located {
  const words = [
    ...run.files.flatMap((file) => ['--file', file]),
    ...(run.projectDirectory === undefined ? [] : ['--project-directory', run.projectDirectory]),
  ];
  const set = Object.entries(dotEnv).filter(([name]) => env[name] === undefined);
  const settings = { dotEnv: Object.fromEntries(set), dotEnvSource: env['COMPOSE_ENV_FILES'] || '.env' };
  const again = !run.files.some(isStandardInput) && files.every(isFile);
  return { folder, files, ...settings, remote, words: again ? words : undefined, read };
}

function findFiles(known: Environment, { run, at, given }: Call, workingDirectory: string): Result<Place> {
  const list = known['COMPOSE_FILE'];
  if (run.files.length === 0 && list === undefined) {
    const found = nearestProject(given ?? workingDirectory);
    return success({ folder: given ?? found, files: found === undefined ? [] : filesOf(found), remote: false });
  }
  const source = run.files.length > 0 ? '--file' : 'COMPOSE_FILE';
  const named = run.files.length > 0 ? run.files : (list ?? '').split(known['COMPOSE_PATH_SEPARATOR'] || ':');
  const local = named.filter((file) => !isStandardInput(file) && !isRemote(file)).map(at);
  const remote = local.length < named.length;
  for (const file of local) {
    if (!existsSync(file)) return fail({ kind: 'compose-file-missing', file, source });
    if (isFolder(file))
      return fail({ kind: 'compose-file-invalid', file, reason: `it is a directory (from ${source})` });
  }
  const first = named.find((file) => file !== '-');
  const folder = first === undefined || isRemote(first) ? workingDirectory : dirname(at(first));
  return success({
    folder: given ?? folder,
    files: local,
    remote,
  });
}

/** COMMAND's, not netexec's to read. */
const isStandardInput = (file: string): boolean => /^(?:-|\/dev\/stdin|\/dev\/fd\/0|\/proc\/self\/fd\/0)$/.test(file);

/** What Compose fetches: an artifact of a registry, or a git repository. */
const isRemote = (file: string): boolean =>
  /^(?:oci|https?|git|ssh):\/\/|^git@|^github\.com\//.test(file) && !existsSync(file);

/** The same folder under its real name, or as it is where it cannot be resolved (it may belong to another machine). */
export function realPath(folder: string): string {
  try {
    return realpathSync(folder);
  } catch {
    return folder;
  }
}

function nearestProject(start: string): string | undefined {
  for (let folder = start; ; folder = dirname(folder)) {
    if (fileNames.some((name) => existsSync(join(folder, name)))) return folder;
    if (folder === dirname(folder)) return undefined;
  }
}

function filesOf(folder: string): readonly string[] {
  const first = (names: readonly string[]): string[] =>
    names
      .map((name) => join(folder, name))
      .filter((file) => existsSync(file))
      .slice(0, 1);
  return [...first(fileNames), ...first(overrideNames)];
}

const isFile = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
