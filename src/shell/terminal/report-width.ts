// A report's text, as wide as a terminal shows it.
import { isatty } from 'node:tty';
import type { Result } from '../../core/failure/failure.ts';
import { formatReport } from '../../core/report/render-report.ts';
import type { Column, ReportOptions, Row } from '../../core/report/render-report.ts';

/** In columns; undefined where standard output is none. */
export const terminalWidth = (): number | undefined => (isatty(1) ? process.stdout.columns || undefined : undefined);

/** Where all of it is plain, a text is as wide as it is long. What knows better of others takes longer to load than the runtime. */
export async function reportText(
  columns: readonly Column[],
  rows: readonly Row[],
  given: Omit<ReportOptions, 'terminal'>,
): Promise<Result<string>> {
  const options = { ...given, terminal: terminalWidth() };
  const text = formatReport(columns, rows, options, ({ length }) => length);
  if (!text.ok || /^[\n -~…]*$/.test(text.value)) return text;
  const { default: widthOf } = await import('string-width');
  return formatReport(columns, rows, options, widthOf);
}
