// netexec as it was called: what the launcher in front has kept is put back, before the first line of src/main.ts.
import { closeSync, readFileSync } from 'node:fs';
import { constants } from 'node:os';
import { fromBytes } from './core/text/raw-bytes.ts';
import { ownVariables } from './core/entry/environment.ts';
import { callersOf, ignoredBy } from './core/entry/ignored-signals.ts';
import { main as netexec } from './main.ts';
import { endWith } from './shell/process/end-with.ts';
import { changeFolder, setSignal } from './shell/process/libc.ts';
import { isLinux } from './shell/process/system.ts';
import { callersOpenFiles } from './shell/observe/open-files.ts';

/** @param given OPEN_FILES STAT FOLDER WORD...: the launcher's limit, its /proc/PID/stat, and a descriptor of the folder that it was called in */
export async function main(given: readonly string[]): Promise<void> {
  const started = process.uptime() * 1000;
  const [openFiles = '', stat = '', folder = '', ...words] = given;
  try {
    if (folder !== '') goBack(Number(folder));
    restoreVariables();
    const now = isLinux ? ignoredBy(readFileSync('/proc/self/stat', 'utf8')) : [];
    // The kernel tells of no child where its signal is ignored; a shell in front had a handler of its own meanwhile.
    if (now.includes(constants.signals.SIGCHLD)) setSignal(constants.signals.SIGCHLD, 'default');
    const ignoredSignals = callersOf(now, stat === '' ? undefined : ignoredBy(stat));
    // A listener, where the runtime has none: it does nothing but what is meant for COMMAND.
    process.on('SIGUSR1', () => {});
    process.exitCode = await netexec({
      words: whole(words),
      started,
      openFiles: openFiles === '' ? callersOpenFiles() : openFiles,
      ignoredSignals,
    });
  } catch (error) {
    endWith(error);
  }
}

/** The folder that netexec was called in, which may have been deleted: Bun would not have started there. */
function goBack(descriptor: number): void {
  // Of a terminal, Bun makes this stream only in a folder that is there.
  void process.stdin;
  changeFolder(descriptor);
  closeSync(descriptor);
}

/** Begins the launcher's name for a variable that the runtime would have obeyed. */
const kept = /^DOCKER_NETEXEC_KEPT_((?:BUN|JSC|MIMALLOC|NODE)_)/;

function restoreVariables(): void {
  for (const name of Object.keys(ownVariables)) delete process.env[name];
  for (const [name, value] of Object.entries(process.env)) {
    if (isLinux && value?.includes('\ufffd') === true) process.env[name] = raw(name) ?? value;
    if (!kept.test(name)) continue;
    process.env[name.replace(kept, '$1')] = process.env[name];
    delete process.env[name];
  }
}

/** A variable byte by byte. */
const raw = (name: string): string | undefined =>
  fromBytes(readFileSync('/proc/self/environ'))
    .split('\0')
    .find((entry) => entry.startsWith(`${name}=`))
    ?.slice(name.length + 1);

/** The words byte by byte, where they are not UTF-8: the runtime has put a sign in the place of what it could not read. */
function whole(words: readonly string[]): readonly string[] {
  if (!isLinux || !words.some((word) => word.includes('\ufffd'))) return words;
  const all = fromBytes(readFileSync('/proc/self/cmdline')).split('\0').slice(0, -1);
  return all.slice(all.length - words.length);
}
