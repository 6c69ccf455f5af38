// What the Compose files declare, whether it runs or not. Looked at only when the containers do not tell.
import { divideServices } from '../../core/compose/profiles.ts';
import type { DeclaredServices } from '../../core/compose/profiles.ts';
import type { Environment } from '../../core/engine/engine-address.ts';
import { success } from '../../core/failure/failure.ts';
import type { Result } from '../../core/failure/failure.ts';
import type { DeclaredNetwork } from '../../core/engine/networks.ts';
import type { Located } from './compose-files.ts';
import { composeName } from './project-name.ts';
import { readComposeFile } from './compose-yaml.ts';
import type { ComposeFile } from './compose-yaml.ts';

export interface DeclaredProject extends DeclaredServices {
  readonly name: string | undefined;
}

/**
 * By `docker compose config`; where Compose is missing or refuses the files, by what the files say on their own.
 * @param env the caller's environment, for Compose's settings in it
 */
export async function declaredProject(location: Located, env: Environment): Promise<Result<DeclaredProject>> {
  if (location.files.length === 0 && location.remote !== true)
    return success({ name: undefined, services: [], behindProfile: new Map() });
  const { askCompose } = await import('./ask-compose.ts');
  const config = await askCompose(location, ['--profile', '*']);
  if (config === undefined) return readFiles(location, env);
  const services = Object.entries(config.services ?? {}).map(
    ([name, service]) => [name, service?.profiles ?? []] as const,
  );
  return success({ name: config.name, ...divideServices(services, profilesOf(location, env)) });
}

async function readFiles(location: Located, env: Environment): Promise<Result<DeclaredProject>> {
  const services: (readonly [string, readonly string[]])[] = [];
  for (const file of location.files) {
    const read = readComposeFile(file, location.read);
    if (!read.ok) return read;
    services.push(...Object.entries(read.value.services));
  }
  const name = await composeName(location, env);
  if (!name.ok) return name;
  return success({ name: name.value?.name, ...divideServices(services, profilesOf(location, env)) });
}

const profilesOf = ({ dotEnv }: Located, env: Environment): string | undefined =>
  env['COMPOSE_PROFILES'] ?? dotEnv['COMPOSE_PROFILES'];

/**
 * The networks that the files declare, made or not. The files are read as they are, which takes a moment; Compose,
 * which takes several, is asked where they draw on other files or on variables.
 */
export async function declaredNetworks(location: Located, project: string): Promise<readonly DeclaredNetwork[]> {
  const read = location.files.map((file) => readComposeFile(file, location.read));
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
