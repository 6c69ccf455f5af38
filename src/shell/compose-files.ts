// Finds the Compose project's folder and files the way Compose does, and reads as much of them as a run needs.
import { existsSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path/posix';
import { parseEnv } from 'node:util';
import type { ProjectRequest } from '../core/arguments/argv.ts';
import type { Environment } from '../core/endpoint.ts';
import { fail, success } from '../core/failure.ts';
import type { Result } from '../core/failure.ts';
import type { ComposeLocation } from '../core/project.ts';

// In this order, the first that exists (compose-go, cli/options.go).
const fileNames = ['compose.yaml', 'compose.yml', 'docker-compose.yml', 'docker-compose.yaml'];
const overrideNames = [
  'compose.override.yml',
  'compose.override.yaml',
  'docker-compose.override.yml',
  'docker-compose.override.yaml',
];

/** @param workingDirectory the caller's, as the shell names it (links kept): Compose labels containers with that form */
export function locateCompose(
  run: Pick<ProjectRequest, 'files' | 'projectDirectory'>,
  env: Environment,
  workingDirectory: string | undefined,
): Result<ComposeLocation> {
  if (workingDirectory === undefined)
    return success({ folder: undefined, source: 'no working directory', files: [], dotEnv: {} });
  const at = (path: string): string => resolve(workingDirectory, path);
  const given = run.projectDirectory === undefined ? undefined : at(run.projectDirectory);
  if (given !== undefined && !isFolder(given)) {
    return fail({
      kind: 'folder-missing',
      folder: given,
      flag: '--project-directory',
      reason: existsSync(given) ? 'not a folder' : 'no such folder',
    });
  }
  const start = given ?? workingDirectory;
  const startEnv = readDotEnv(start);
  const [named, source] = namedFiles(run, { ...startEnv, ...env });
  const files = named.filter((file) => file !== '-').map(at);
  const missing = files.find((file) => !existsSync(file));
  if (missing !== undefined) return fail({ kind: 'compose-file-missing', file: missing, source });
  if (given !== undefined) {
    return success({
      folder: given,
      source: '--project-directory',
      files: files.length > 0 ? files : filesOf(given),
      dotEnv: startEnv,
    });
  }
  if (named.length > 0) {
    const folder = files[0] === undefined ? workingDirectory : dirname(files[0]);
    return success({ folder, source, files, dotEnv: { ...readDotEnv(folder), ...startEnv } });
  }
  const folder = nearestProject(workingDirectory);
  const searched = 'the nearest folder with a Compose file';
  if (folder === undefined) return success({ folder, source: searched, files: [], dotEnv: startEnv });
  return success({ folder, source: searched, files: filesOf(folder), dotEnv: { ...readDotEnv(folder), ...startEnv } });
}

/** The same folder under its real name, or as it is where it cannot be resolved (it may belong to another machine). */
export function realPath(folder: string): string {
  try {
    return realpathSync(folder);
  } catch {
    return folder;
  }
}

function namedFiles(run: Pick<ProjectRequest, 'files'>, env: Environment): readonly [readonly string[], string] {
  if (run.files.length > 0) return [run.files, '--file'];
  const list = env['COMPOSE_FILE'];
  if (!list) return [[], 'the nearest folder with a Compose file'];
  return [list.split(env['COMPOSE_PATH_SEPARATOR'] || ':').filter((file) => file !== ''), 'COMPOSE_FILE'];
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

function readDotEnv(folder: string): Environment {
  try {
    return parseEnv(readFileSync(join(folder, '.env'), 'utf8'));
  } catch {
    // No .env is the usual case; Compose itself complains about one that cannot be read.
    return {};
  }
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}
