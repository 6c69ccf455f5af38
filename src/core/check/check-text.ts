// Verdicts → text: a block an endpoint with a tick or a cross a step, or an object a line for programs.
import type { Step, Verdict } from './check-verdict.ts';
import type { Ink, Paint } from '../text/emphasis.ts';
import { printable, printableJson } from '../text/printable.ts';

const signs: Readonly<Record<Step['mark'], readonly [Ink, string]>> = {
  good: ['good', '✓'],
  note: ['warning', '!'],
  bad: ['bad', '✗'],
};

export function verdictText({ endpoint, steps, cause }: Verdict, paint: Paint): string {
  const lines = steps.map(({ step, mark, seen }) => `  ${paint(...signs[mark])} ${step.padEnd(7)}  ${printable(seen)}`);
  const end =
    cause === undefined
      ? []
      : [
          `  ${paint('cause', `cause: ${printable(cause.what)}`)}`,
          ...(cause.hint === undefined ? [] : [`  hint: ${printable(cause.hint)}`]),
        ];
  return [printable(endpoint), ...lines, ...end].map((line) => `${line}\n`).join('');
}

export function verdictJson({ endpoint, steps, cause }: Verdict): string {
  return `${printableJson({
    Endpoint: endpoint,
    Connects: cause === undefined,
    Cause: cause?.kind ?? '',
    What: cause?.what ?? '',
    Hint: cause?.hint ?? '',
    Steps: steps.map(({ step, mark, seen }) => ({ Step: step, Mark: mark, Seen: seen })),
  })}\n`;
}
