// Prints the launcher that stands in front of the executable.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { launcher } from './launcher.ts';

const { version } = JSON.parse(readFileSync(join(import.meta.dirname, '../package.json'), 'utf8')) as {
  version: string;
};
process.stdout.write(launcher('executable', version));
