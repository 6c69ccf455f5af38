// Reads docker's configuration as far as it leads to an engine: which context is in force, and the default one.
import { join } from 'node:path/posix';
import type { DockerOptions } from '../../core/arguments/argv.ts';
import { parseJson } from '../../core/json/decode.ts';
import { chooseContext, defaultEngineAddress } from '../../core/engine/engine-address.ts';
import type { EngineAddress, Environment } from '../../core/engine/engine-address.ts';
import type { Result } from '../../core/failure/failure.ts';
import { dockerFolder, readDockerFile } from './docker-file.ts';

/**
 * The engine that `docker` itself would talk to with these options, in this environment.
 * @param warn is told what docker would warn of
 */
export async function findEngineAddress(
  options: DockerOptions,
  env: Environment,
  warn: (text: string) => void = () => {},
): Promise<Result<EngineAddress>> {
  const folder = dockerFolder(options.config, env);
  // docker does not look at its configuration's context either once a host is given.
  const needsConfig =
    options.context === undefined && options.host === undefined && !env['DOCKER_HOST'] && !env['DOCKER_CONTEXT'];
  const current = needsConfig ? await currentContext(join(folder, 'config.json'), warn) : undefined;
  const context = chooseContext(options, env, current);
  return context === undefined
    ? defaultEngineAddress(options, env, folder)
    : (await import('./docker-context.ts')).findContext(folder, context);
}

/** A file that cannot be used is docker's to warn of; it goes on without. Many have none. */
async function currentContext(file: string, warn: (text: string) => void): Promise<string | undefined> {
  const read = readDockerFile(file);
  if ('text' in read ? namesNoContext(read.text) : read.problem === undefined) return undefined;
  const { readDockerConfig } = await import('./docker-context.ts');
  const config = 'text' in read ? readDockerConfig(read.text) : { currentContext: undefined, problem: read.problem };
  if (config.problem !== undefined)
    warn(`cannot use docker's configuration file ${file}: ${config.problem}; using the default context`);
  return config.currentContext;
}

/** Most have an object there, and nothing of a context in it, however that may be written. */
function namesNoContext(text: string): boolean {
  const json = /currentcontext|\\u/i.test(text) ? undefined : parseJson(text);
  return typeof json === 'object' && !Array.isArray(json);
}
