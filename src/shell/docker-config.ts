// Reads docker's configuration (config.json, contexts, TLS files) as far as it leads to an engine.
import { readdirSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path/posix';
import type { DockerOptions } from '../core/arguments/argv.ts';
import { chooseContext, contextEndpoint, decodeConfig, decodeContext, defaultEndpoint } from '../core/endpoint.ts';
import type { Endpoint, Environment } from '../core/endpoint.ts';
import { fail, success } from '../core/failure.ts';
import type { Result } from '../core/failure.ts';

/** The engine that `docker` itself would talk to with these options, in this environment. */
export function findEndpoint(options: DockerOptions, env: Environment): Result<Endpoint> {
  const folder = options.config ?? (env['DOCKER_CONFIG'] || join(env['HOME'] || homedir(), '.docker'));
  // docker does not look at its configuration's context either once a host is given.
  const needsConfig =
    options.context === undefined && options.host === undefined && !env['DOCKER_HOST'] && !env['DOCKER_CONTEXT'];
  const config = needsConfig ? readConfig(folder) : success({ currentContext: undefined });
  if (!config.ok) return config;
  const context = chooseContext(options, env, config.value.currentContext);
  return context === undefined ? defaultEndpoint(options, env, folder) : readContext(folder, context);
}

function readConfig(folder: string): Result<{ currentContext?: string | undefined }> {
  const file = join(folder, 'config.json');
  const json = readJson(file);
  if (!json.ok) return json;
  return json.value === undefined ? success({}) : decodeConfig(file, json.value);
}

function readContext(folder: string, context: string): Result<Endpoint> {
  // Loaded for this alone: it takes longer than all else here.
  const { createHash } = process.getBuiltinModule('node:crypto');
  const key = createHash('sha256').update(context).digest('hex');
  const file = join(folder, 'contexts', 'meta', key, 'meta.json');
  const json = readJson(file);
  if (!json.ok) return json;
  if (json.value === undefined) return fail({ kind: 'context-not-found', context, file, known: knownContexts(folder) });
  const tlsFolder = join(folder, 'contexts', 'tls', key, 'docker');
  const document = decodeContext(file, tlsFolder, json.value);
  return document.ok ? contextEndpoint(document.value, listFolder(tlsFolder)) : document;
}

function knownContexts(folder: string): readonly string[] {
  const meta = join(folder, 'contexts', 'meta');
  const names = listFolder(meta).flatMap((key) => {
    const file = join(meta, key, 'meta.json');
    const json = readJson(file);
    const document = json.ok ? decodeContext(file, '', json.value) : json;
    return document.ok ? [document.value.name] : [];
  });
  return ['default', ...names.toSorted()];
}

/** @returns undefined where there is no such file */
function readJson(file: string): Result<unknown> {
  let text;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return success(undefined);
    return fail({ kind: 'docker-config-invalid', file, reason: code ?? String(error) });
  }
  try {
    return success(JSON.parse(text) as unknown);
  } catch {
    return fail({ kind: 'docker-config-invalid', file, reason: 'it is not JSON' });
  }
}

function listFolder(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
