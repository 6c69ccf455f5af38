// Becomes COMMAND with an environment read from descriptor 8: started by the privileged stage, as COMMAND's own user,
// where a shell or sudo in between would not hand the environment on whole.
//   node --eval THIS -- :PRLIMIT :OPEN_FILES :NICE :FILE :NAME [:ARG...]
// What is before each word keeps Node from taking one for an option of its own.
import { closeSync, readFileSync } from 'node:fs';
import { getPriority, setPriority } from 'node:os';
import { lostFolder } from '../core/lost-folder.ts';

// Node would open its debugger, in the container's network, at a SIGUSR1 that comes for COMMAND.
process.on('SIGUSR1', () => {});

// The folder that COMMAND is to be in, where it has no name any more.
const folder = process.env['netexec_folder'];
if (folder) {
  try {
    process.chdir(`/proc/self/fd/${folder}`);
  } catch {
    process.stderr.write(lostFolder);
    process.exit(125);
  }
  closeSync(Number(folder));
}

const [prlimit = '', openFiles = '', nice = '', file = '', ...words] = process.argv
  .slice(1)
  .map((word) => word.slice(1));
const environment = Object.fromEntries(
  readFileSync(8, 'utf8')
    .split('\0')
    .filter((entry) => entry !== '')
    .map((entry) => [entry.slice(0, entry.indexOf('=')), entry.slice(entry.indexOf('=') + 1)]),
);
closeSync(8);
// Node itself, opened for a user who may not be able to reach it by its path.
closeSync(7);

// A process may always become nicer.
if (nice !== '' && Number(nice) > getPriority()) setPriority(Number(nice));
// Node has raised its soft limit of open files, and cannot lower it: prlimit does.
const [program, argv] =
  openFiles === '' ? [file, words] : [prlimit, [prlimit, `--nofile=${openFiles}:`, '--', file, ...words.slice(1)]];
// Node ignores these for itself, and what is ignored stays so for COMMAND; what is handled does not.
for (const signal of ['SIGPIPE', 'SIGXFSZ'] as const) process.on(signal, () => {});
process.execve?.(program, argv, environment);
