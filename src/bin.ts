// The first file that runs: makes sure that this Node will do, then hands over to main. A bug ends here, with its stack.
import { ignoredBy } from './core/ignored-signals.ts';
import { isSingleFile, load } from './load.ts';
import type * as Main from './main.ts';

// Without a listener Node opens its debugger, to everyone on this machine, at a SIGUSR1 that is meant for COMMAND.
// --disable-sigusr1 would do it from the start on, and block the signal for good.
process.on('SIGUSR1', () => {});

// package.json's `engines` says the same; a test compares them.
const oldest = [22, 18] as const;

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < oldest[0] || (major === oldest[0] && minor < oldest[1])) {
  process.stderr.write(
    `netexec: Node.js ${oldest.join('.')} or newer is needed, and ${process.execPath} is ${process.versions.node}\n` +
      `hint: ${isSingleFile ? 'put a newer one first on PATH' : 'install a newer one, then netexec again; from a checkout it brings its own'}\n`,
  );
  process.exitCode = 125;
} else {
  void start();
}

async function start(): Promise<void> {
  // `performance` would have to be loaded first.
  const started = process.uptime() * 1000;
  const [openFiles = '', launcher = '', ...words] = process.argv.slice(2);
  try {
    const { main } = load('main.cjs') as typeof Main;
    const ignoredSignals = ignoredBy(launcher);
    process.exitCode = await main({
      // The launcher puts a character before each, so that Node does not take one for an option of its own.
      words: words.map((word) => word.replace(/^:/, '')),
      started,
      openFiles: openFiles === '' ? undefined : openFiles,
      ignoredSignals,
    });
  } catch (error) {
    const stack = error instanceof Error ? error.stack : String(error);
    process.stderr.write(`netexec: this is a bug of netexec's own, please report it\n${stack}\n`);
    process.exitCode = 125;
  }
}
