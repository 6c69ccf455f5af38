// Reads the table of options in docs/reference.md.

export interface ReferenceRow {
  /** Each as `-p, --project-name NAME`. */
  readonly options: readonly string[];
  readonly meaning: string;
}

export function referenceRows(reference: string): readonly ReferenceRow[] {
  const table = /^## Options\n\n\| option \| meaning \|\n\|---\|---\|\n((?:\|.*\n)+)/m.exec(reference)?.[1] ?? '';
  return table
    .trimEnd()
    .split('\n')
    .map((line) => {
      const [options = '', meaning = ''] = line.slice(2, -2).split(/(?<!\\) \| /);
      return {
        options: [...options.matchAll(/`([^`]+)`/g)].map(([, text = '']) => text.replaceAll('\\|', '|')),
        meaning,
      };
    });
}
