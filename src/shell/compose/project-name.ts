// What Compose would call the project: by its settings, by the files' own word, else by the folder.
import { basename } from 'node:path/posix';
import { nameInText } from '../../core/compose/name-in-text.ts';
import { substitute } from '../../core/compose/interpolation.ts';
import type { Environment } from '../../core/engine/engine-address.ts';
import { fail, success } from '../../core/failure/failure.ts';
import type { Result } from '../../core/failure/failure.ts';
import { givenProjectName, normalizeProjectName } from '../../core/compose/project.ts';
import type { ComposeName } from '../../core/compose/project.ts';
import type { Located } from './compose-files.ts';
import type { ReadText } from './env-files.ts';

/** @returns undefined where only Compose could tell: a file is not here, or cannot be read */
export async function composeName(location: Located, env: Environment): Promise<Result<ComposeName | undefined>> {
  const { folder, files, dotEnv, dotEnvSource, remote, read } = location;
  const given = givenProjectName(undefined, env, dotEnv, dotEnvSource);
  if (!given.ok) return given;
  if (given.value !== undefined) return success({ ...given.value, by: 'setting' });
  if (folder === undefined) return success(undefined);
  if (remote === true) return nameOfRemote(location);
  let written: { readonly name: string; readonly file: string } | undefined;
  for (const file of files) {
    const name = await nameInFile(file, read);
    if (!name.ok) return name;
    if (name.value === undefined) return success(await nameByCompose(location));
    // The last file that has one wins.
    if (name.value !== '') written = { name: name.value, file };
  }
  if (written === undefined) {
    const name = normalizeProjectName(basename(folder));
    return success(name === '' ? undefined : { name, source: `the name of ${folder}`, by: 'folder' });
  }
  const { name: raw, file } = written;
  const value = substitute(raw, (variable) => env[variable] ?? dotEnv[variable]);
  if (!value.ok) return fail({ kind: 'compose-file-invalid', file, reason: `name: ${value.problem}` });
  const name = normalizeProjectName(value.value);
  const source = `name: in ${file}`;
  return name === ''
    ? fail({ kind: 'project-name-invalid', name: value.value, source })
    : success({ name, source, by: 'file' });
}

/** What Compose fetches, it can read; what stands on standard input is left to COMMAND, and the containers tell. */
async function nameOfRemote(location: Located): Promise<Result<ComposeName | undefined>> {
  if (location.words === undefined) return success(undefined);
  const name = await nameByCompose(location);
  const [file = ''] = location.words.filter((word) => word.includes('/'));
  return name === undefined
    ? fail({ kind: 'compose-file-invalid', file, reason: 'docker compose cannot fetch it' })
    : success(name);
}

async function nameByCompose(location: Located): Promise<ComposeName | undefined> {
  const { askCompose } = await import('./ask-compose.ts');
  const name = (await askCompose(location, []))?.name;
  return name === undefined ? undefined : { name, source: 'docker compose config', by: 'file' };
}

/** @returns '' where the file says none, undefined where it cannot be told */
async function nameInFile(file: string, read: ReadText): Promise<Result<string | undefined>> {
  const text = read(file);
  if (text === undefined) return success(undefined);
  if (!text.ok && text.pipe !== undefined) return fail({ kind: 'pipe-silent', file, fault: text.pipe });
  // What may not be read may still have been started by somebody who may: the containers tell.
  if (!text.ok) return success(undefined);
  const name = nameInText(text.text);
  if (name !== 'unsure') return success(name.name ?? '');
  const { nameInYaml } = await import('./compose-yaml.ts');
  return success(nameInYaml(text.text));
}
