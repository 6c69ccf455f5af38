// A row of the benchmarks, the verdict on it, and the table of them all.
import type { Machine } from './machine.ts';

export interface Row {
  readonly what: string;
  readonly against: string;
  readonly unit: 'ms' | 'MB' | 'KB' | 'Gbit/s' | 'µs';
  readonly own: number;
  /** Undefined where the budget is a number of its own. */
  readonly peer: number | undefined;
  readonly budget: Budget | undefined;
}

export type Budget =
  /** How many times the peer's it may be. */
  | { readonly kind: 'ratio'; readonly limit: number }
  /** How many times the peer's it has to be. */
  | { readonly kind: 'least'; readonly limit: number }
  /** How much more than the peer's. */
  | { readonly kind: 'more'; readonly limit: number }
  | { readonly kind: 'size'; readonly limit: number }
  /** Not to be told from the peer's, whose runs differ among themselves by so much (a fraction). */
  | { readonly kind: 'same'; readonly limit: number };

export const ratioOf = ({ own, peer }: Row): number => own / (peer ?? Number.NaN);

export function isKept(row: Row): boolean | undefined {
  const { own, peer = 0, budget } = row;
  switch (budget?.kind) {
    case undefined:
      return undefined;
    case 'ratio':
      return ratioOf(row) <= budget.limit;
    case 'least':
      return ratioOf(row) >= budget.limit;
    case 'more':
      return own - peer <= budget.limit;
    case 'size':
      return own <= budget.limit;
    case 'same':
      return Math.abs(ratioOf(row) - 1) <= budget.limit;
  }
}

function describeBudget({ unit, budget }: Row): string {
  switch (budget?.kind) {
    case undefined:
      return '';
    case 'ratio':
      return `≤ ${budget.limit} ×`;
    case 'least':
      return `≥ ${budget.limit} ×`;
    case 'more':
      return `≤ ${budget.limit} ${unit} more`;
    case 'size':
      return `≤ ${budget.limit} ${unit}`;
    case 'same':
      return `the same, but for ${Math.round(budget.limit * 100)} % of noise`;
  }
}

const number = (value: number): string => value.toFixed(value < 20 ? 1 : 0);

export function asTable(where: Machine, runs: number, rows: readonly Row[]): string {
  const lines = rows.map((row) => {
    const kept = isKept(row);
    const verdict = kept === undefined ? '' : kept ? ': kept' : ': **missed**';
    const cells = [
      row.what,
      row.against,
      `${number(row.own)} ${row.unit}`,
      row.peer === undefined ? '' : `${number(row.peer)} ${row.unit}`,
      row.peer === undefined ? '' : ratioOf(row).toFixed(2),
      `${describeBudget(row)}${verdict}`,
    ];
    return `| ${cells.join(' | ')} |`;
  });
  return `# Benchmarks

Written by \`scripts/bench\`. [performance.md](performance.md) explains the numbers.

Each number is the median of ${runs} runs. Each command ran in the same session as the other one.
Compare the ratios: the times are those of this machine. The caller is root, who needs no way in; by
the engine a run takes several times as long.

${where.date}: ${where.processor}, ${where.processors} processors, Linux ${where.kernel},
docker ${where.docker}, engine ${where.engine}, Compose ${where.compose}.

| what | compared with | netexec | the other | ratio | budget |
|---|---|---|---|---|---|
${lines.join('\n')}
`;
}
