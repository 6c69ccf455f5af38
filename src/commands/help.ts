// --help.
import { helpText } from '../core/arguments/help-text.ts';
import { success } from '../core/failure/failure.ts';
import type { Result } from '../core/failure/failure.ts';
import { print } from '../shell/terminal/print.ts';

export function help(): Result<number> {
  print(helpText);
  return success(0);
}
