// Makes the single file, which is all of netexec, of what scripts/build.ts has made.
// It is a shell text (plugin-metadata/single-file.sh), then netexec's files, then a line that tells where they are in it.
import { chmodSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { launcher } from './launcher.ts';
import { takeWords } from './usage.ts';

const root = join(import.meta.dirname, '..');
const dist = join(root, 'dist');
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };

function singleFile(): string {
  const begin = launcher('single-file', version);
  const license = readFileSync(join(root, 'LICENSE'), 'utf8').trim();
  let text = `${begin}\n${license.replaceAll(/^/gm, '// ').replaceAll(/ $/gm, '')}\n`;
  const places: Record<string, readonly [start: number, length: number]> = {};
  for (const name of files()) {
    const file = readFileSync(join(dist, name), 'utf8');
    text += `\n// ${name}\n`;
    places[name] = [Buffer.byteLength(text), Buffer.byteLength(file)];
    text += file;
  }
  const table = `\n//${JSON.stringify(places)}\n`;
  const sought = Number(/const tail = (\d+);/.exec(begin)?.[1]);
  if (!(table.length < sought)) throw new Error(`the table is not within the last ${sought} bytes`);
  return text + table;
}

/** All but what an installation alone needs. */
const files = (): readonly string[] =>
  readdirSync(dist)
    .filter((name) => name.endsWith('.cjs') && name !== 'code-cache.cjs')
    .toSorted();

const usage = `Usage: node scripts/single-file.ts FILE

Makes the single file of what scripts/build.ts has made.`;
const [file = ''] = takeWords(usage, {}, 1).positionals;
writeFileSync(file, singleFile());
chmodSync(file, 0o755);
