// --uninstall: takes the installation that is running away again, and what runs wrote. The shell text that does it is that
// of scripts/uninstall, too.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path/posix';
import type { Call } from '../call.ts';
import type { DockerOptions } from '../core/arguments/argv.ts';
import { fail, success } from '../core/failure/failure.ts';
import type { Result } from '../core/failure/failure.ts';
import { accountsHome } from '../shell/observe/caller.ts';
import { dockerFolder } from '../shell/engine/docker-file.ts';
import { observeCopies } from '../shell/doctor/observe-install.ts';
import { findTrusted, trustedPath } from '../shell/observe/program.ts';
import text from './uninstall.sh';

/** @returns the exit status */
export function uninstall({ config }: DockerOptions, { env: environment }: Call): Result<number> {
  const sh = findTrusted('sh');
  if (sh === undefined) return fail({ kind: 'tool-missing', tool: 'sh', searched: trustedPath });
  const own = observeCopies(environment, config).flatMap(({ file, same }) => (same ? [file] : []));
  // Called by its file, from wherever that lies, it removes what is installed for this user.
  const plugins = own.length > 0 ? own : [join(dockerFolder(config, environment), 'cli-plugins/docker-netexec')];
  // Runs have written where the account has its home, if nothing else was told.
  const env = { ...environment, HOME: environment['HOME'] || accountsHome() };
  const { status } = spawnSync(sh, ['-c', text, 'netexec', ...plugins], { env, stdio: 'inherit' });
  return success(status ?? 1);
}
