// Reads docker's configuration (config.json, contexts, TLS files) as far as it leads to an engine.
import { readdirSync } from 'node:fs';
import { join } from 'node:path/posix';
import type { DockerOptions } from '../core/arguments/argv.ts';
import { readContextDocument, readContextName, readDockerConfig } from '../core/docker-files.ts';
import type { ContextDocument } from '../core/docker-files.ts';
import { chooseContext, contextEndpoint, defaultEndpoint } from '../core/endpoint.ts';
import type { Endpoint, Environment } from '../core/endpoint.ts';
import { fail, success } from '../core/failure.ts';
import type { EnginesHere, Result } from '../core/failure.ts';
import { dockerFolder, readDockerFile } from './docker-file.ts';

/**
 * The engine that `docker` itself would talk to with these options, in this environment.
 * @param warn is told what docker would warn of
 */
export function findEndpoint(
  options: DockerOptions,
  env: Environment,
  warn: (text: string) => void = () => {},
): Result<Endpoint> {
  const folder = dockerFolder(options.config, env);
  // docker does not look at its configuration's context either once a host is given.
  const needsConfig =
    options.context === undefined && options.host === undefined && !env['DOCKER_HOST'] && !env['DOCKER_CONTEXT'];
  const current = needsConfig ? currentContext(join(folder, 'config.json'), warn) : undefined;
  const context = chooseContext(options, env, current);
  const found = context === undefined ? defaultEndpoint(options, env, folder) : findContext(folder, context);
  if (found.ok || found.failure.kind !== 'engine-elsewhere') return found;
  return fail({ ...found.failure, here: findHere(options, env, folder) });
}

/** A file that cannot be used is docker's to warn of; it goes on without. */
function currentContext(file: string, warn: (text: string) => void): string | undefined {
  const read = readDockerFile(file);
  const config = 'text' in read ? readDockerConfig(read.text) : { currentContext: undefined, problem: read.problem };
  if (config.problem !== undefined)
    warn(`docker's configuration ${file} cannot be used: ${config.problem}; the default context is taken`);
  return config.currentContext;
}

function findContext(folder: string, context: string): Result<Endpoint> {
  const document = readContext(folder, context);
  if (!document.ok) return document;
  const { tlsFolder } = document.value;
  const files = listFolder(tlsFolder);
  return files.ok ? contextEndpoint(document.value, files.value) : files;
}

function readContext(folder: string, context: string): Result<ContextDocument> {
  // Loaded for this alone: it takes longer than all else here.
  const { createHash } = process.getBuiltinModule('node:crypto');
  const key = createHash('sha256').update(context).digest('hex');
  const file = join(folder, 'contexts', 'meta', key, 'meta.json');
  const read = readDockerFile(file);
  if ('text' in read)
    return readContextDocument(file, context, join(folder, 'contexts', 'tls', key, 'docker'), read.text);
  return fail(
    read.problem === undefined
      ? { kind: 'context-not-found', context, file, known: knownContexts(folder) }
      : { kind: 'docker-config-invalid', file, reason: read.problem },
  );
}

function knownContexts(folder: string): readonly string[] {
  const meta = join(folder, 'contexts', 'meta');
  const keys = listFolder(meta);
  const names = (keys.ok ? keys.value : []).flatMap((key) => {
    const read = readDockerFile(join(meta, key, 'meta.json'));
    return 'text' in read ? (readContextName(read.text) ?? []) : [];
  });
  return ['default', ...names.toSorted()];
}

/** The contexts that lead to a socket of this machine; whether somebody listens there has to be tried. */
function findHere(options: DockerOptions, env: Environment, folder: string): EnginesHere {
  const defaultOf = (variables: Environment): Result<Endpoint> =>
    defaultEndpoint({ ...options, host: undefined }, variables, folder);
  const set = defaultOf(env);
  const unset = !set.ok && set.failure.kind === 'engine-elsewhere';
  const sockets = knownContexts(folder).flatMap((context) => {
    const usual = unset ? defaultOf({ ...env, DOCKER_HOST: undefined }) : set;
    const found = context === 'default' ? usual : findContext(folder, context);
    const transport = found.ok ? found.value.transport : undefined;
    return transport?.kind === 'unix' ? [{ context, path: transport.socketPath }] : [];
  });
  return { unset, sockets };
}

/** @returns nothing where there is no such folder, as docker has it; a file in its place has no others in it */
function listFolder(folder: string): Result<readonly string[]> {
  try {
    return success(readdirSync(folder));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return success([]);
    return fail({ kind: 'tls-file-unreadable', file: folder, reason: code ?? String(error) });
  }
}
