// What the Compose files declare, whether it runs or not. Looked at only when the containers do not tell.
import { basename } from 'node:path/posix';
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
  const { askCompose } = await import('./ask-compose.ts');
  const config = await askCompose(location, []);
  if (config === undefined) return readFiles(location);
  return success({ name: config.name, services: Object.keys(config.services ?? {}).toSorted() });
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
  const { askCompose } = await import('./ask-compose.ts');
  const config = await askCompose(location, ['--project-name', project]);
  const told = Object.entries(config?.networks ?? {}).map(
    ([key, { name, internal = false, external = false }]): DeclaredNetwork => ({ key, name, internal, external }),
  );
  // Compose leaves out those that no service uses.
  const unused = files
    .flatMap(({ networks }) => networks)
    .filter(({ key, name }) => !name?.includes('$') && !told.some((network) => network.key === key))
    .map((network) => declaredNetwork(network, project));
  return [...told, ...unused];
}

function declaredNetwork(
  { key, name, external, internal }: ComposeFile['networks'][number],
  project: string,
): DeclaredNetwork {
  return { key, name: name ?? (external ? key : `${project}_${key}`), internal, external };
}
