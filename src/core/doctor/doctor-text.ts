// The rows of --doctor → text that can be pasted into an issue, or an object a line for programs.
import type { DoctorRow } from './doctor-row.ts';
import type { Paint } from '../text/emphasis.ts';
import { printable, printableJson } from '../text/printable.ts';

const signs: Readonly<Record<DoctorRow['mark'], string>> = { good: '✓', plain: '·', warning: '!', bad: '✗' };

/** @param home the caller's, which is nobody's business: `~` stands for it */
export function doctorText(rows: readonly DoctorRow[], home: string | undefined, paint: Paint): string {
  const shown = (text: string): string => printable(withoutHome(text, home));
  const width = Math.max(...rows.map(({ name }) => name.length));
  const areas = [...new Set(rows.map(({ area }) => area))];
  const blocks = areas.map((area) => {
    const lines = rows
      .filter((row) => row.area === area)
      .flatMap(({ name, mark, seen, hint }) => [
        `  ${paint(mark, signs[mark])} ${name.padEnd(width)}  ${shown(seen)}`,
        ...(hint === undefined ? [] : [`    ${''.padEnd(width)}  hint: ${shown(hint)}`]),
      ]);
    return [area, ...lines].join('\n');
  });
  const bad = rows.filter(({ mark }) => mark === 'bad').length;
  const end =
    bad === 0
      ? 'docker netexec can do its work here.'
      : `docker netexec cannot do its work here: see the ${bad === 1 ? 'line' : `${bad} lines`} with ✗.`;
  return `${[...blocks, end].join('\n\n')}\n`;
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
