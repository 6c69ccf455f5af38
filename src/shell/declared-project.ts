// What the Compose files declare, whether it runs or not. Asked only when the containers do not tell: it starts `docker compose`.
import { basename } from 'node:path/posix';
import { execa } from 'execa';
import * as z from 'zod/mini';
import { decode } from '../core/decode.ts';
import { success } from '../core/failure.ts';
import type { Result } from '../core/failure.ts';
import type { DeclaredNetwork } from '../core/networks.ts';
import { normalizeProjectName } from '../core/project.ts';
import type { ComposeLocation } from '../core/project.ts';
import { readComposeFile } from './compose-yaml.ts';
import type { ComposeFile } from './compose-yaml.ts';

export interface DeclaredProject {
  readonly name: string | undefined;
  readonly services: readonly string[];
}

/** By `docker compose config`; where Compose is missing or refuses the files, by what the files say on their own. */
export async function declaredProject(location: ComposeLocation): Promise<Result<DeclaredProject>> {
  if (location.files.length === 0) return success({ name: undefined, services: [] });
  const config = await askCompose(location, []);
  if (config === undefined) return readFiles(location);
  return success({ name: config.name, services: Object.keys(config.services ?? {}).toSorted() });
}

const schema = z.object({
  name: z.string(),
  services: z.nullish(z.record(z.string(), z.unknown())),
  networks: z.nullish(z.record(z.string(), z.object({ name: z.string() }))),
});

/** @returns undefined where Compose is missing, or refuses the files */
async function askCompose(
  location: ComposeLocation,
  options: readonly string[],
): Promise<z.infer<typeof schema> | undefined> {
  const files = location.files.flatMap((file) => ['--file', file]);
  const folder = location.folder === undefined ? [] : ['--project-directory', location.folder];
  const asked = await execa('docker', ['compose', ...options, ...files, ...folder, 'config', '--format', 'json'], {
    reject: false,
    timeout: 5000,
    stdin: 'ignore',
    // With it set, compose would take itself for the plugin that docker started.
    env: { DOCKER_CLI_PLUGIN_ORIGINAL_CLI_COMMAND: undefined },
  });
  if (asked.failed) return undefined;
  const decoded = decode(schema, parseJson(asked.stdout));
  return decoded.ok ? decoded.value : undefined;
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

/**
 * The networks that the files declare, made or not. The files are read as they are, which takes a moment; Compose,
 * which takes several, is asked where they draw on other files or on variables.
 */
export async function declaredNetworks(
  location: ComposeLocation,
  project: string,
): Promise<readonly DeclaredNetwork[]> {
  const read = location.files.map(readComposeFile);
  const files = read.flatMap((file) => (file.ok ? [file.value] : []));
  if (files.length === read.length && !files.some(({ incomplete }) => incomplete)) {
    const byKey = new Map(files.flatMap(({ networks }) => networks.map((network) => [network.key, network])));
    return [...byKey.values()].map((network) => declaredNetwork(network, project));
  }
  const config = await askCompose(location, ['--project-name', project]);
  const told = Object.entries(config?.networks ?? {}).map(([key, { name }]): DeclaredNetwork => ({ key, name }));
  // Compose leaves out those that no service uses.
  const unused = files
    .flatMap(({ networks }) => networks)
    .filter(({ key, name }) => !name?.includes('$') && !told.some((network) => network.key === key))
    .map((network) => declaredNetwork(network, project));
  return [...told, ...unused];
}

function declaredNetwork({ key, name, external }: ComposeFile['networks'][number], project: string): DeclaredNetwork {
  return { key, name: name ?? (external ? key : `${project}_${key}`) };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
