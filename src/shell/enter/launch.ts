// The last step before COMMAND, a program of its own (src/roles.ts): becomes COMMAND, byte by byte, with an environment
// read from a descriptor, and with the descriptors, the limit of open files and the signals that it is to have.
import { closeSync, readFileSync, readdirSync, readlinkSync } from 'node:fs';
import { constants, getPriority, setPriority } from 'node:os';
import type { descriptors } from '../../core/entry/descriptors.ts';
import { lostFolder } from '../../core/entry/lost-folder.ts';
import { become, changeFolder, handOn, limitOpenFiles, setSignal } from '../process/libc.ts';

/** As the stage has them. The compiler compares: what is loaded with another file would take this step longer. */
const held = { executable: 7, environment: 8 } as const satisfies Partial<typeof descriptors.stage>;

/** @param given OPEN_FILES NICE IGNORED FILE NAME [ARG...], each with a character before it (roles.ts) */
export function launch(given: readonly string[]): void {
  const [openFiles = '', nice = '', ignored = '', ...command] = given.map((word) => word.slice(1));
  const [file = Buffer.alloc(0), ...argv] = given.slice(given.length - command.length).map(bytesOf);
  const environment = entriesOf(readFileSync(held.environment));
  closeSync(held.environment);
  // netexec itself, opened for a user who may not be able to reach it by its path.
  closeSync(held.executable);
  // The folder that COMMAND is to be in, where it has no name any more.
  const folder = process.env['netexec_folder'];
  if (folder) {
    try {
      changeFolder(Number(folder));
    } catch {
      process.stderr.write(lostFolder);
      process.exit(125);
    }
    closeSync(Number(folder));
  }
  // A process may always become nicer.
  if (nice !== '' && Number(nice) > getPriority()) setPriority(Number(nice));
  for (const descriptor of inherited()) handOn(descriptor);
  if (openFiles !== '') limitOpenFiles(openFiles);
  for (const signal of notIgnored) setSignal(constants.signals[signal], 'default');
  // Of the caller's (nohup).
  for (const signal of ignored.split(',').filter(Boolean)) setSignal(Number(signal), 'ignored');
  const reason = start(file, argv, environment);
  process.stderr.write(`netexec: cannot start ${file.toString()}: ${reason}\n`);
  process.exit(reason === 'ENOENT' ? 127 : 126);
}

/**
 * Two are those that the runtime ignores for itself. The others are those of an engine that was started by nohup or in the
 * background: from runc 1.2 on a container sometimes has them, too, as its signals are seen to while it is being made
 * (newSignalHandler, signals.go).
 */
const notIgnored = ['SIGPIPE', 'SIGXFSZ', 'SIGHUP', 'SIGINT', 'SIGQUIT', 'SIGTERM'] as const;

/** @returns why it could not be started; a script without a first line that names a shell is for sh, as execvp(3) has it */
function start(file: Buffer, argv: readonly Buffer[], environment: readonly Buffer[]): string {
  const error = become(file, argv, environment);
  if (error !== 'ENOEXEC') return error;
  const shell = Buffer.from('/bin/sh');
  return become(shell, [shell, file, ...argv.slice(1)], environment);
}

/** One that is not UTF-8 has a character for each byte. */
const bytesOf = (word: string): Buffer => Buffer.from(word.slice(1), word.startsWith('=') ? 'latin1' : 'utf8');

/** Variables, each ended by a zero. */
function entriesOf(carried: Buffer): readonly Buffer[] {
  const entries: Buffer[] = [];
  for (let from = 0, end = 0; (end = carried.indexOf(0, from)) >= 0; from = end + 1)
    entries.push(carried.subarray(from, end));
  return entries;
}

/** All above 2 but the runtime's own, which are of the kernel's making. */
function inherited(): readonly number[] {
  return readdirSync('/proc/self/fd').flatMap((name) => {
    try {
      const isOwn = readlinkSync(`/proc/self/fd/${name}`).startsWith('anon_inode:');
      return Number(name) < 3 || isOwn ? [] : [Number(name)];
    } catch {
      // What the list itself was read from.
      return [];
    }
  });
}
