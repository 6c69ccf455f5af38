// What the .env files of a Compose project set, or those that COMPOSE_ENV_FILES names, as Compose reads them.
import { join } from 'node:path/posix';
import { parseDotEnv } from '../../core/compose/dotenv.ts';
import type { Environment } from '../../core/engine/engine-address.ts';
import { fail, success } from '../../core/failure/failure.ts';
import type { Result } from '../../core/failure/failure.ts';
import { isFolder } from '../files/attempt.ts';
import type { FileText } from '../files/file-text.ts';

export type ReadText = (file: string) => FileText | undefined;

export interface EnvFilesCall {
  readonly env: Environment;
  /** A path as it was typed, made absolute. */
  readonly at: (path: string) => string;
  readonly read: ReadText;
}

/** What the env files of a folder set: its .env, or those that COMPOSE_ENV_FILES names instead. */
export function settingsOf(
  folder: string,
  known: Environment,
  { env, at, read }: EnvFilesCall,
  version: 'newer' | 'older',
): Result<Environment> {
  const list = env['COMPOSE_ENV_FILES'];
  const named = list ? list.split(',').filter((file) => file !== '' || version === 'older') : [];
  if (named.length > 0) return readEnvFiles(named.map(at), known, read, version);
  const disabled = isDisabled(known);
  if (!disabled.ok) return disabled;
  const file = join(folder, '.env');
  return disabled.value || isFolder(file) || read(file) === undefined
    ? success({})
    : readEnvFiles([file], known, read, version);
}

function readEnvFiles(
  files: readonly string[],
  known: Environment,
  read: ReadText,
  version: 'newer' | 'older',
): Result<Environment> {
  let settings: Environment = {};
  for (const file of files) {
    const text = read(file);
    if (text === undefined) return fail({ kind: 'env-file-invalid', file, reason: 'no such file' });
    if (!text.ok && text.pipe !== undefined) return fail({ kind: 'pipe-silent', file, fault: text.pipe });
    if (!text.ok) return fail({ kind: 'env-file-invalid', file, reason: text.reason });
    const earlier = settings;
    const parsed = parseDotEnv(
      text.text,
      // Older versions take what an earlier file says before what the same file has said.
      (name) => known[name] ?? (version === 'older' ? earlier[name] : undefined),
      (name) => earlier[name],
    );
    if (!parsed.ok) return fail({ kind: 'env-file-invalid', file, reason: parsed.problem });
    settings = { ...earlier, ...parsed.variables };
  }
  return success(settings);
}

/** Whether Compose is to read no .env file. */
export function isDisabled(known: Environment): Result<boolean> {
  const name = 'COMPOSE_DISABLE_ENV_FILE';
  const value = known[name];
  if (value === undefined || /^(?:0|f|F|false|False|FALSE)$/.test(value)) return success(false);
  if (/^(?:1|t|T|true|True|TRUE)$/.test(value)) return success(true);
  return fail({ kind: 'invalid-value', flag: name, value, expected: 'true or false' });
}
