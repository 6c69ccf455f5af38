// Puts the text of the plugin file together: that of an installation, or that with which the single file begins, or the
// one that stands in front of the executable.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { completionScript } from './completion.ts';

const folder = join(import.meta.dirname, '../plugin-metadata');
const read = (name: string): string => readFileSync(join(folder, name), 'utf8');

export function launcher(form: 'executable' | 'installed' | 'single-file', version: string): string {
  const metadata = { ...(JSON.parse(read('metadata.json')) as object), Version: version };
  const whole =
    form === 'executable' ? read('executable.sh') : include(read('launcher.sh'), 'installed.sh', read(`${form}.sh`));
  const text = include(whole, 'completion.sh', completionScript());
  return text.replace('@METADATA@', () => JSON.stringify(metadata)).replaceAll(/^ *# shellcheck .*\n/gm, '');
}

/** In the place of the line that would read a file of that name, where there is one. */
const include = (text: string, name: string, content: string): string => text.replace(`. ./${name}\n`, () => content);
