// What a script that a developer types answers to words, before it does anything.
import { parseArgs } from 'node:util';
import type { ParseArgsOptionsConfig } from 'node:util';

/**
 * Ends the process where help is asked for, or where the words are not those that the script takes.
 * @param count how many words there must be beside the options
 */
export function takeWords<Options extends ParseArgsOptionsConfig>(usage: string, options: Options, count: number) {
  if (process.argv.slice(2).some((word) => word === '-h' || word === '--help')) {
    console.log(usage);
    process.exit();
  }
  try {
    const taken = parseArgs({ allowPositionals: true, options });
    if (taken.positionals.length === count) return taken;
  } catch {
    // An option that is not one of these.
  }
  console.error(usage);
  process.exit(2);
}
