// The rows of --doctor → text that can be pasted into an issue, or an object a line for programs.
import type { DoctorRow } from './doctor-row.ts';
import type { Paint } from '../text/emphasis.ts';
import { printable, printableJson } from '../text/printable.ts';
import { block } from '../text/wrapped.ts';

const signs: Readonly<Record<DoctorRow['mark'], string>> = { good: '✓', plain: '·', warning: '!', bad: '✗' };

/**
 * @param home the caller's, which is nobody's business: `~` stands for it
 * @param width of the terminal; undefined where none shows it
 */
export function doctorText(rows: readonly DoctorRow[], home: string | undefined, paint: Paint, width?: number): string {
  const shown = (text: string): string => printable(withoutHome(text, home));
  const longest = Math.max(...rows.map(({ name }) => name.length));
  const indent = longest + 6;
  const linesOf = ({ name, mark, seen, hint, follows }: DoctorRow, index: number, here: readonly DoctorRow[]) => {
    const sign = follows === undefined ? paint(mark, signs[mark]) : paint('plain', signs.plain);
    const after = follows === undefined ? '' : ` (caused by ${follows})`;
    // What is to be done once is said once.
    const said = follows !== undefined || here[index + 1]?.hint === hint ? undefined : hint;
    return [
      `  ${sign} ${name.padEnd(longest)}  ${block(`${shown(seen)}${after}`, width, indent)}`,
      ...(said === undefined ? [] : [`${' '.repeat(indent)}hint: ${block(shown(said), width, indent + 6)}`]),
    ];
  };
  // What is to be done comes first.
  const areas = [...new Set([...rows.filter(isCause), ...rows].map(({ area }) => area))];
  const blocks = areas.map((area) => {
    const here = rows.filter((row) => row.area === area);
    return [area, ...[...here.filter(isCause), ...here.filter((row) => !isCause(row))].flatMap(linesOf)].join('\n');
  });
  return `${[...blocks, block(shown(conclusion(rows)), width, 0)].join('\n\n')}\n`;
}

const isCause = ({ mark, follows }: DoctorRow): boolean => mark === 'bad' && follows === undefined;

/** The last line, which is what many look at first. */
function conclusion(rows: readonly DoctorRow[]): string {
  const causes = rows.filter(isCause);
  // Of the ways one is needed, not all.
  const things = new Map(
    causes.map(({ area, name, seen, hint = '' }) =>
      area === 'privilege' ? ([area, hint] as const) : ([name, seen] as const),
    ),
  );
  const [first, ...others] = things;
  if (first === undefined) return 'docker netexec works on this machine.';
  return others.length === 0
    ? `1 thing to fix: ${first.join(': ')}`
    : `${things.size} things to fix: ${[...things.keys()].join(', ')}`;
}

export const doctorJson = (rows: readonly DoctorRow[], home: string | undefined): string =>
  rows
    .map(({ area, name, mark, seen, hint = '' }) =>
      printableJson({
        Area: area,
        Name: name,
        Mark: mark,
        Seen: withoutHome(seen, home),
        Hint: withoutHome(hint, home),
      }),
    )
    .map((line) => `${line}\n`)
    .join('');

function withoutHome(text: string, home: string | undefined): string {
  if (home === undefined || !/^\/.+[^/]$/.test(home)) return text;
  // Not in the middle of a path: /var/tmp is not below a home that is /tmp.
  return text
    .split(`${home}/`)
    .reduce((before, after) => `${before}${/[\w.-]$/.test(before) ? `${home}/` : '~/'}${after}`);
}
