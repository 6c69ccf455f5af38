// One call of netexec: what all of it has in common, made once, and handed to whatever it does.
import type { DockerOptions } from './core/arguments/argv.ts';
import type { Typed } from './core/compose/compose-line.ts';
import type { Called } from './core/failure/explanation.ts';
import type { Result } from './core/failure/failure.ts';
import { pluginFile } from './roles.ts';
import { calledByDocker, callerEnvironment, workingDirectory } from './shell/observe/caller-environment.ts';
import type { Caller } from './shell/observe/caller-environment.ts';
import { callerName } from './shell/observe/caller.ts';
import { findEngineAddress } from './shell/engine/docker-config.ts';
import { connect } from './shell/engine/engine.ts';
import type { Engine } from './shell/engine/engine.ts';
import { runtimeFolder } from './shell/files/runtime-folder.ts';

/** What netexec is started with, beside the words. */
interface Launch extends Pick<Caller, 'openFiles' | 'ignoredSignals'> {
  readonly words: readonly string[];
}

export interface Call extends Caller {
  /** The whole line as it was typed, from `docker` on. */
  readonly line: readonly string[];
  /**
   * The engine that docker would ask with these options, one for the whole call: its connection serves all requests.
   * @param warn is told what docker would warn of
   */
  readonly engine: (docker: DockerOptions, warn: (text: string) => void) => Promise<Result<Engine>>;
}

/** For what is said of a failure: the line to type next is made of what was typed. */
export const calledWith = (typed: Typed, { line, env }: Call): Called => ({
  ...typed,
  line,
  plugin: pluginFile(),
  variables: { host: env['DOCKER_HOST'], context: env['DOCKER_CONTEXT'] },
});

export function openCall({ words, openFiles, ignoredSignals }: Launch): Call {
  const env = callerEnvironment();
  const folder = once(() => workingDirectory(env));
  const ownFolder = once(() => runtimeFolder(env));
  let engine: Promise<Result<Engine>> | undefined;
  return {
    line: [calledByDocker() ? 'docker' : pluginFile(), ...words],
    env,
    // Looked at when they are wanted: a run has asked the engine by then.
    get folder() {
      return folder();
    },
    get runtimeFolder() {
      return ownFolder();
    },
    openFiles,
    ignoredSignals,
    engine: (docker, warn) => (engine ??= reach(docker, env, warn)),
  };
}

async function reach(...[docker, env, warn]: Required<Parameters<typeof findEngineAddress>>): Promise<Result<Engine>> {
  const endpoint = await findEngineAddress(docker, env, warn);
  if (!endpoint.ok) return endpoint;
  return connect(endpoint.value, callerName, async () =>
    (await import('./shell/engine/engines-here.ts')).enginesHere(docker, env),
  );
}

function once<Value>(make: () => Value): () => Value {
  let made: { readonly value: Value } | undefined;
  return () => (made ??= { value: make() }).value;
}
