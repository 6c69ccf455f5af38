// Ends a program of netexec's with what it did not expect.

/** The runtime makes machine code to call the C library, for which it wants memory that may be written and executed. */
export class UncallableLibrary extends Error {}

/** Whatever else still goes on: nobody waits for it any more. */
export function endWith(error: unknown): never {
  process.stderr.write(`netexec: ${describe(error)}\n`);
  process.exit(125);
}

function describe(error: unknown): string {
  if (error instanceof UncallableLibrary)
    return `cannot call the C library (${error.message})
hint: netexec has to make machine code: a limit of memory (ulimit -v, ulimit -d), or MemoryDenyWriteExecute= of a systemd unit, may forbid it`;
  return `this is a bug in netexec, please report it\n${error instanceof Error ? error.stack : String(error)}`;
}
