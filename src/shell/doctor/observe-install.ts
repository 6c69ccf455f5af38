// The plugin's own installation: the file that leads here, other copies that docker would find, and bash's completion.
import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { join, resolve } from 'node:path/posix';
import * as z from 'zod/mini';
import { decode, parseJson } from '../../core/json/decode.ts';
import type { InstallFacts } from '../../core/doctor/doctor-facts.ts';
import type { Environment } from '../../core/engine/engine-address.ts';
import { isSingleFile, pluginFile } from '../../roles.ts';
import { accountsHome } from '../observe/caller.ts';
import { ask } from '../process/ask.ts';
import { dockerFolder, readDockerFile } from '../engine/docker-file.ts';

/** @param config docker's configuration folder, where docker was told one */
export async function observeInstall(environment: Environment, config: string | undefined): Promise<InstallFacts> {
  const found = observeCopies(environment, config).map(async (copy) => ({
    ...copy,
    version: await versionOf(copy.file),
  }));
  return {
    plugin: pluginFile(),
    singleFile: isSingleFile,
    found: await Promise.all(found),
    oldCompletion: oldCompletion(environment),
  };
}

/** The plugin files that docker would find, in its order, and whether each leads here. */
export function observeCopies(
  environment: Environment,
  config: string | undefined,
): readonly { readonly file: string; readonly same: boolean }[] {
  const plugin = pluginFile();
  return pluginFolders(environment, config)
    .map((folder) => join(folder, 'docker-netexec'))
    .filter((file) => existsSync(file))
    .map((file) => ({ file, same: isSame(file, plugin) }));
}

const configSchema = z.object({ cliPluginsExtraDirs: z.optional(z.array(z.string())) });

/** Where docker looks, in its order (docker/cli, cli-plugins/manager). */
function pluginFolders(environment: Environment, config: string | undefined): readonly string[] {
  const folder = dockerFolder(config, environment);
  const read = readDockerFile(join(folder, 'config.json'));
  const told = decode(configSchema, 'text' in read ? parseJson(read.text) : undefined);
  return [
    ...((told.ok ? told.value.cliPluginsExtraDirs : undefined) ?? []),
    join(folder, 'cli-plugins'),
    '/usr/local/lib/docker/cli-plugins',
    '/usr/local/libexec/docker/cli-plugins',
    '/usr/lib/docker/cli-plugins',
    '/usr/libexec/docker/cli-plugins',
  ];
}

/** As docker itself asks it, before every use. */
async function versionOf(file: string): Promise<string | undefined> {
  const asked = await ask(3, [file, 'docker-cli-plugin-metadata']);
  const metadata = decode(z.object({ Version: z.string() }), asked.ok ? parseJson(asked.stdout) : undefined);
  return metadata.ok ? metadata.value.Version : undefined;
}

function isSame(one: string, other: string): boolean {
  try {
    return realpathSync(one) === realpathSync(other);
  } catch {
    return resolve(one) === resolve(other);
  }
}

/** docker's own, of before 23.0, and still in Debian's package; the present one says who made it. */
/** The first that bash takes, where that is none of docker's own making (`docker completion bash`). */
function oldCompletion(environment: Environment): string | undefined {
  const data = environment['XDG_DATA_HOME'] || join(environment['HOME'] || (accountsHome() ?? '/'), '.local/share');
  const users = environment['BASH_COMPLETION_USER_DIR'] || join(data, 'bash-completion');
  const file = [
    join(users, 'completions/docker'),
    '/etc/bash_completion.d/docker',
    '/usr/share/bash-completion/completions/docker',
  ].find((each) => existsSync(each));
  try {
    return file === undefined || readFileSync(file, 'utf8').includes('__start_docker') ? undefined : file;
  } catch {
    return undefined;
  }
}
