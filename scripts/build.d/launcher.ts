// Puts the text of the plugin file together, which stands in front of the executable where netexec is installed.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const folder = join(import.meta.dirname, '../../plugin-metadata');
const read = (name: string): string => readFileSync(join(folder, name), 'utf8');

export function launcher(version: string): string {
  const metadata = { ...(JSON.parse(read('metadata.json')) as object), Version: version };
  return read('launcher.sh')
    .replace('@METADATA@', () => JSON.stringify(metadata))
    .replaceAll(/^ *# shellcheck .*\n/gm, '');
}
