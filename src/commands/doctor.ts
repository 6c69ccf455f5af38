// --doctor: observes what netexec depends on, decides what of that is well, and prints a row for each.
import type { Call } from '../call.ts';
import type { DockerOptions, DoctorRequest } from '../core/arguments/argv.ts';
import { examine } from '../core/doctor/diagnosis.ts';
import { doctorJson, doctorText } from '../core/doctor/doctor-text.ts';
import { success } from '../core/failure/failure.ts';
import type { Result } from '../core/failure/failure.ts';
import { accountsHome } from '../shell/observe/caller.ts';
import { observeDoctor } from '../shell/doctor/observe-doctor.ts';
import { paintFor } from '../shell/terminal/colours.ts';
import { print } from '../shell/terminal/print.ts';
import { terminalWidth } from '../shell/terminal/report-width.ts';
import { warn } from '../shell/terminal/say.ts';
import { version } from '../version.ts';

/** @returns the exit status: 1 where something keeps netexec from its work */
export async function doctor(request: DoctorRequest, docker: DockerOptions, call: Call): Promise<Result<number>> {
  const facts = await observeDoctor(request, call, docker, await call.engine(docker, warn));
  const rows = examine({ ...facts, version });
  const home = call.env['HOME'] || (accountsHome() ?? '/');
  print(
    request.format === 'json'
      ? doctorJson(rows, home)
      : doctorText(rows, home, paintFor(process.stdout), terminalWidth()),
  );
  return success(rows.some(({ mark }) => mark === 'bad') ? 1 : 0);
}
