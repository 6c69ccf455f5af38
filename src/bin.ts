// The first file that runs: makes sure that this Node will do, then hands over to main. A bug ends here, with its stack.

// package.json's `engines` says the same; a test compares them.
const oldest = [22, 18] as const;

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < oldest[0] || (major === oldest[0] && minor < oldest[1])) {
  process.stderr.write(
    `netexec: Node.js ${oldest.join('.')} or newer is needed, and ${process.execPath} is ${process.versions.node}\n` +
      'hint: install netexec again: it looks for a newer one, or brings its own\n',
  );
  process.exitCode = 125;
} else {
  void start();
}

async function start(): Promise<void> {
  const [openFiles = '', ignoredMask = '', ...words] = process.argv.slice(2);
  try {
    const { main } = await import('./main.ts');
    const ignoredSignals = signalsOfMask(ignoredMask);
    process.exitCode = await main({ words, openFiles: openFiles === '' ? undefined : openFiles, ignoredSignals });
  } catch (error) {
    const stack = error instanceof Error ? error.stack : String(error);
    process.stderr.write(`netexec: this is a bug of netexec's own, please report it\n${stack}\n`);
    process.exitCode = 125;
  }
}

/** @param mask SigIgn of /proc/PID/status: hexadecimal, the lowest bit is signal 1 */
function signalsOfMask(mask: string): readonly number[] {
  const bits = /^[0-9a-f]+$/.test(mask) ? BigInt(`0x${mask}`) : 0n;
  return Array.from({ length: 31 }, (_, index) => index + 1).filter((signal) => (bits >> BigInt(signal - 1)) & 1n);
}
