// --version.
import { success } from '../core/failure/failure.ts';
import type { Result } from '../core/failure/failure.ts';
import { print } from '../shell/terminal/print.ts';
import { version } from '../version.ts';

export function showVersion(): Result<number> {
  print(`docker-netexec version ${version}\n`);
  return success(0);
}
