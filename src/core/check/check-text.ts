// Verdicts → text: a block an endpoint with a tick or a cross a step, or an object a line for programs.
import type { Step, Verdict } from './check-verdict.ts';
import type { Ink, Paint } from '../text/emphasis.ts';
import { printable, printableJson } from '../text/printable.ts';
import { block } from '../text/wrapped.ts';

const signs: Readonly<Record<Step['mark'], readonly [Ink, string]>> = {
  good: ['good', '✓'],
  note: ['warning', '!'],
  bad: ['bad', '✗'],
};

/** @param width of the terminal; undefined where none shows it */
export function verdictText({ endpoint, steps, cause }: Verdict, paint: Paint, width?: number): string {
  const lines = steps.map(
    // What is the cause word by word stands there, and only there.
    ({ step, mark, seen }) =>
      seen === cause?.what
        ? `  ${paint(...signs[mark])} ${step}`
        : `  ${paint(...signs[mark])} ${step.padEnd(7)}  ${block(printable(seen), width, 13)}`,
  );
  const end =
    cause === undefined
      ? []
      : [
          `  ${paint('cause', `cause: ${block(printable(cause.what), width, 9)}`)}`,
          ...(cause.hint === undefined ? [] : [`  hint: ${block(printable(cause.hint), width, 8)}`]),
          ...(cause.instead === undefined ? [] : [`    or: ${block(printable(cause.instead), width, 8)}`]),
        ];
  return [printable(endpoint), ...lines, ...end].map((line) => `${line}\n`).join('');
}

export function verdictJson({ endpoint, steps, cause }: Verdict): string {
  return `${printableJson({
    Endpoint: endpoint,
    Connects: cause === undefined,
    Cause: cause?.kind ?? '',
    What: cause?.what ?? '',
    Hint: [cause?.hint ?? '', ...(cause?.instead === undefined ? [] : [cause.instead])].join('; or: '),
    Steps: steps.map(({ step, mark, seen }) => ({ Step: step, Mark: mark, Seen: seen })),
  })}\n`;
}
