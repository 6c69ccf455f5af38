// The table of options in docs/reference.md: what each means is written there, all else is the option table's.
// `node scripts/reference-options.ts` writes it anew: a new option says what it says in help, until there is more to say.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { optionForm } from '../src/core/arguments/help-text.ts';
import { netexecOptions } from '../src/core/arguments/options.ts';

const tablePattern = /(?<=^## Options\n\n\| option \| meaning \|\n\|---\|---\|\n)(?:\|.*\n)+/m;

/** @returns by the names of the options, in Markdown */
export function optionMeanings(reference: string): ReadonlyMap<string, string> {
  const table = tablePattern.exec(reference)?.[0] ?? '';
  const rows = table.matchAll(/^\| `(?:-\w, )?--([\w-]+).*?` \| (.*) \|$/gm);
  return new Map(Array.from(rows, ([, name = '', meaning = '']) => [name, meaning.replaceAll('\\|', '|')]));
}

/** @returns the reference with the table as it must be */
export function withOptionTable(reference: string): string {
  const meanings = optionMeanings(reference);
  const cell = (text: string): string => text.replaceAll('|', '\\|');
  const rows = netexecOptions.map((option) => {
    const meaning = meanings.get(option.name) ?? option.help;
    return `| \`${cell(optionForm(option))}\` | ${cell(meaning)} |\n`;
  });
  return reference.replace(tablePattern, () => rows.join(''));
}

if (import.meta.main) {
  const file = join(import.meta.dirname, '../docs/reference.md');
  writeFileSync(file, withOptionTable(readFileSync(file, 'utf8')));
}
