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
export function verdictText({ endpoint, steps, cause, further }: Verdict, paint: Paint, width?: number): string {
  const lines = steps.map(
    // What is the cause word by word stands there, and only there.
    ({ step, mark, seen }) =>
      seen === cause?.what
        ? `  ${paint(...signs[mark])} ${step}`
        : `  ${paint(...signs[mark])} ${step.padEnd(7)}  ${block(printable(seen), width, 13)}`,
  );
  const hinted = (word: string, text: string | undefined): readonly string[] =>
    text === undefined ? [] : [`${word.padStart(6)}: ${block(printable(text), width, 8)}`];
  const end =
    cause === undefined
      ? hinted('hint', further)
      : [
          `  ${paint('cause', `cause: ${block(printable(cause.what), width, 9)}`)}`,
          ...hinted('hint', cause.hint),
          ...hinted('or', cause.instead),
        ];
  return [printable(endpoint), ...lines, ...end].map((line) => `${line}\n`).join('');
}

export function verdictJson({ endpoint, steps, cause, further }: Verdict): string {
  return `${printableJson({
    Endpoint: endpoint,
    Connects: cause === undefined,
    Cause: cause?.kind ?? '',
    What: cause?.what ?? '',
    Hint: [cause?.hint ?? further ?? '', ...(cause?.instead === undefined ? [] : [cause.instead])].join('; or: '),
    Steps: steps.map(({ step, mark, seen }) => ({ Step: step, Mark: mark, Seen: seen })),
  })}\n`;
}
