// --man: the man page docker-netexec(1), which the build makes of the help text and the reference (scripts/build.d/manual.ts).
import manualPage from '../../dist/docker-netexec.1';
import { success } from '../core/failure/failure.ts';
import type { Result } from '../core/failure/failure.ts';
import { print } from '../shell/terminal/print.ts';

export function man(): Result<number> {
  print(manualPage);
  return success(0);
}
