// Which of docker's contexts lead to an engine of this machine: for a call that was led to another.
import type { DockerOptions } from '../../core/arguments/argv.ts';
import { defaultEngineAddress } from '../../core/engine/engine-address.ts';
import type { EngineAddress, Environment } from '../../core/engine/engine-address.ts';
import type { EnginesHere, Result } from '../../core/failure/failure.ts';
import { findContext, knownContexts } from './docker-context.ts';
import { dockerFolder } from './docker-file.ts';
import { transportTo } from './transport.ts';

/** How long one that is there may take to let somebody in. */
const patience = 1000;

export async function enginesHere(options: DockerOptions, env: Environment): Promise<EnginesHere> {
  const folder = dockerFolder(options.config, env);
  const defaultOf = (variables: Environment): Result<EngineAddress> =>
    defaultEngineAddress({ ...options, host: undefined }, variables, folder);
  const set = defaultOf(env);
  const unset = Boolean(env['DOCKER_HOST']) && options.host === undefined && !(await answersAt(set));
  const usual = unset ? defaultOf({ ...env, DOCKER_HOST: undefined }) : set;
  const contexts = knownContexts(folder);
  const found = contexts.map((context) => (context === 'default' ? usual : findContext(folder, context)));
  const answers = await Promise.all(found.map((each) => (isHere(each) ? answersAt(each) : Promise.resolve(false))));
  return { unset, contexts: contexts.filter((_, index) => answers[index]) };
}

const isHere = (found: Result<EngineAddress>): boolean => found.ok && found.value.transport.kind === 'unix';

function answersAt(found: Result<EngineAddress>): Promise<boolean> {
  // One that ssh leads to is asked by what wants something of it.
  const transport = found.ok && found.value.transport.kind !== 'ssh' ? transportTo(found.value) : undefined;
  if (!transport?.ok) return Promise.resolve(false);
  return new Promise((resolve) => {
    const socket = transport.value.openStream();
    const settle = (answers: boolean): void => {
      socket.destroy();
      resolve(answers);
    };
    socket.setTimeout(patience, () => settle(false));
    socket.once('connect', () => settle(true));
    socket.once('error', () => settle(false));
  });
}
