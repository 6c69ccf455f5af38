// Verdicts → text: a block an endpoint with a tick or a cross a step, or an object a line for programs.
import type { Step, Verdict } from './check-verdict.ts';
import { printable } from '../printable.ts';

const signs: Readonly<Record<Step['mark'], string>> = { good: '✓', note: '!', bad: '✗' };

export function verdictText({ endpoint, steps, cause }: Verdict): string {
  const lines = steps.map(({ step, mark, seen }) => `  ${signs[mark]} ${step.padEnd(7)}  ${printable(seen)}`);
  const end =
    cause === undefined
      ? []
      : [
          `  cause: ${printable(cause.what)}`,
          ...(cause.hint === undefined ? [] : [`  hint: ${printable(cause.hint)}`]),
        ];
  return [printable(endpoint), ...lines, ...end].map((line) => `${line}\n`).join('');
}

export function verdictJson({ endpoint, steps, cause }: Verdict): string {
  return `${JSON.stringify({
    Endpoint: endpoint,
    Connects: cause === undefined,
    Cause: cause?.kind ?? '',
    What: cause?.what ?? '',
    Hint: cause?.hint ?? '',
    Steps: steps.map(({ step, mark, seen }) => ({ Step: step, Mark: mark, Seen: seen })),
  })}\n`;
}
