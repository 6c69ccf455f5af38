// What the Compose files declare, whether it runs or not. Asked only when the containers do not tell: it starts `docker compose`.
import { basename } from 'node:path/posix';
import { execa } from 'execa';
import * as z from 'zod/mini';
import { decode } from '../core/decode.ts';
import { success } from '../core/failure.ts';
import type { Result } from '../core/failure.ts';
import { normalizeProjectName } from '../core/project.ts';
import type { ComposeLocation } from '../core/project.ts';
import { readComposeFile } from './compose-yaml.ts';

export interface DeclaredProject {
  readonly name: string | undefined;
  readonly services: readonly string[];
}

/** By `docker compose config`; where Compose is missing or refuses the files, by what the files say on their own. */
export async function declaredProject(location: ComposeLocation): Promise<Result<DeclaredProject>> {
  if (location.files.length === 0) return success({ name: undefined, services: [] });
  return (await askCompose(location)) ?? readFiles(location);
}

const schema = z.object({ name: z.string(), services: z.nullish(z.record(z.string(), z.unknown())) });

async function askCompose(location: ComposeLocation): Promise<Result<DeclaredProject> | undefined> {
  const files = location.files.flatMap((file) => ['--file', file]);
  const folder = location.folder === undefined ? [] : ['--project-directory', location.folder];
  const asked = await execa('docker', ['compose', ...files, ...folder, 'config', '--format', 'json'], {
    reject: false,
    timeout: 5000,
    stdin: 'ignore',
    // With it set, compose would take itself for the plugin that docker started.
    env: { DOCKER_CLI_PLUGIN_ORIGINAL_CLI_COMMAND: undefined },
  });
  if (asked.failed) return undefined;
  const decoded = decode(schema, parseJson(asked.stdout));
  if (!decoded.ok) return undefined;
  return success({ name: decoded.value.name, services: Object.keys(decoded.value.services ?? {}).toSorted() });
}

function readFiles(location: ComposeLocation): Result<DeclaredProject> {
  let name: string | undefined;
  const services = new Set<string>();
  for (const file of location.files) {
    const read = readComposeFile(file);
    if (!read.ok) return read;
    name = read.value.name ?? name;
    for (const service of read.value.services) services.add(service);
  }
  // A name with variables in it is for Compose to read; without Compose the folder's name is what is left.
  const literal = name !== undefined && !name.includes('$') ? name : basename(location.folder ?? '');
  return success({ name: normalizeProjectName(literal), services: [...services].toSorted() });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
