// The table of engines and features in docs/platforms.md, of what scripts/platform-table.d/features.ts knows.
// `node scripts/platform-table.ts` writes it anew.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { engines, features } from './platform-table.d/features.ts';
import type { Cell, Feature } from './platform-table.d/features.ts';

const cellsOf = (feature: Feature): readonly Cell[] => [
  feature.docker,
  feature.dockerRootless,
  feature.podman4,
  feature.podman5,
  feature.podmanRootless,
  feature.swarm,
  feature.away,
  feature.machine,
];

/** The tests that its ticks lead to. */
export const tests = features.flatMap((feature) => cellsOf(feature).filter((cell) => typeof cell !== 'string'));

/** @returns in Markdown: the table, and below it the sentences by their numbers */
function platformTable(): string {
  const sentences: string[] = [];
  const render = (cell: Cell): string => {
    if (typeof cell !== 'string') return `[✓](../${cell.file})`;
    if (!sentences.includes(cell)) sentences.push(cell);
    return `${cell.startsWith('refused') ? '– ' : ''}(${sentences.indexOf(cell) + 1})`;
  };
  const rows = features.map((feature) => [feature.name, ...cellsOf(feature).map(render)]);
  const lines = [['', ...engines], ['---', ...engines.map(() => ':-:')], ...rows];
  const table = lines.map((cells) => `| ${cells.join(' | ')} |\n`).join('');
  return `${table}\n${sentences.map((text, index) => `${index + 1}. ${sentence(text)}\n`).join('')}`;
}

/** As it stands in a list. */
const sentence = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1).replace(/\.?$/, '.')}`;

/** @returns the page with the table as it must be, between its heading's first words and the next heading */
export const withPlatformTable = (page: string): string =>
  page.replace(/(?<=^## What works where\n[^]*?\n\n)\|[^]*?(?=\n## )/m, () => platformTable());

if (import.meta.main) {
  const file = join(import.meta.dirname, '../docs/platforms.md');
  writeFileSync(file, withPlatformTable(readFileSync(file, 'utf8')));
}
