// The parts that a verdict of --check is put together from.
import type { CauseKind, Judgement, Step } from './check-verdict.ts';

/** Nothing to say. */
export const nothing: Judgement = { steps: [] };

export const good = (step: Step['step'], seen: string): Judgement => ({ steps: [{ step, mark: 'good', seen }] });

export const note = (step: Step['step'], seen: string): Judgement => ({ steps: [{ step, mark: 'note', seen }] });

/** @param what the cause in a sentence; without it, what was seen is the cause */
export function bad(
  step: Step['step'],
  seen: string,
  kind: CauseKind,
  hint: string | undefined,
  what = seen,
): Judgement & Required<Pick<Judgement, 'cause'>> {
  return { steps: [{ step, mark: 'bad', seen }], cause: { kind, what, hint } };
}

export const also = (judgement: Judgement, ...more: readonly Judgement[]): Judgement => ({
  ...judgement,
  steps: [...judgement.steps, ...more.flatMap(({ steps }) => steps)],
});

export const list = (words: readonly string[], word: 'and' | 'or' = 'and'): string =>
  words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} ${word} ${words.at(-1)}`;

export const duration = (milliseconds: number): string =>
  milliseconds < 1
    ? 'less than 1 ms'
    : milliseconds < 1000
      ? `${Math.round(milliseconds)} ms`
      : `${(milliseconds / 1000).toFixed(1)} s`;

export const unique = <Item>(items: readonly Item[]): readonly Item[] => [...new Set(items)];
