// The files of --env-file: variables for COMMAND, in Compose's dialect.
import { parseDotEnv } from '../../core/compose/dotenv.ts';
import type { Environment } from '../../core/engine/engine-address.ts';
import { fail, success } from '../../core/failure/failure.ts';
import type { Result } from '../../core/failure/failure.ts';
import { readFileText } from '../files/file-text.ts';

/**
 * @param env the caller's, which the files may speak of
 * @returns as NAME=VALUE; of two that are alike the later counts
 */
export function readVariablesFiles(files: readonly string[], env: Environment): Result<readonly string[]> {
  let variables: Readonly<Record<string, string>> = {};
  for (const file of files) {
    const unreadable = (reason?: string): Result<never> => fail({ kind: 'variables-unreadable', file, reason });
    const text = readFileText(file);
    if (text === undefined) return unreadable();
    if (!text.ok) return unreadable(text.reason);
    const earlier = variables;
    const parsed = parseDotEnv(
      text.text,
      (name) => env[name],
      (name) => earlier[name],
    );
    // Without the line itself, which may be a secret.
    if (!parsed.ok)
      return unreadable(parsed.problem.replace(/(?<=unterminated quoted value|in variable name) .*/s, ''));
    // Compose takes a last line for that which has neither an end nor a name; no program can be given it.
    if ('' in parsed.variables) return unreadable('its last line has no "="');
    const torn = Object.keys(parsed.variables).find((name) => parsed.variables[name]?.includes('\0'));
    if (torn !== undefined) return unreadable(`the value of ${torn} contains a NUL`);
    variables = { ...earlier, ...parsed.variables };
  }
  return success(Object.entries(variables).map(([name, value]) => `${name}=${value}`));
}
