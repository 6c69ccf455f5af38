// --help.
import { helpText } from '../core/arguments/help.ts';
import { success } from '../core/failure.ts';
import type { Result } from '../core/failure.ts';
import { print } from '../shell/print.ts';

export function help(): Result<number> {
  print(helpText);
  return success(0);
}
