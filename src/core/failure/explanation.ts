// The parts that explanations of failures are made of.
import leven from 'leven';
import type { Typed } from '../compose/compose-line.ts';

export interface Explanation {
  readonly what: string;
  /** A line each, below it. */
  readonly details?: readonly string[];
  readonly hint: string | undefined;
  /** 125 when netexec itself failed, 126 when COMMAND cannot be invoked, 127 when it was not found. */
  readonly status: 125 | 126 | 127;
}

/** How netexec was called: what a hint's lines are made from. */
export interface Called extends Typed {
  /** The whole line as it was typed, from `docker` on; undefined where that does not matter. */
  readonly line?: readonly string[];
  /** Those on PATH, where COMMAND is none of them. */
  readonly programs?: readonly string[];
  /** netexec's own file; undefined where that does not matter. */
  readonly plugin?: string | undefined;
  /** The engine, as variables name it: sudo does not hand them on. */
  readonly variables?: Pick<Typed['docker'], 'host' | 'context'>;
}

export const own = (what: string, hint: string | undefined): Explanation => ({ what, hint, status: 125 });

export const quoted = (word: string): string => `"${word}"`;

export const list = (words: readonly string[]): string => {
  const shown = words.slice(0, 20).join(', ');
  return words.length > 20 ? `${shown} and ${words.length - 20} more` : shown || 'none';
};

export function nearestHint(word: string, candidates: readonly string[]): string | undefined {
  const nearest = nearestOf(word, candidates);
  return nearest === undefined ? undefined : `did you mean ${nearest}?`;
}

export function nearestOf(word: string, candidates: readonly string[]): string | undefined {
  const nearest = candidates
    .map((candidate) => ({ candidate, distance: distance(word.toLowerCase(), candidate.toLowerCase()) }))
    .toSorted((one, other) => one.distance - other.distance)[0];
  return nearest !== undefined && nearest.distance <= Math.max(1, word.length / 3) ? nearest.candidate : undefined;
}

/** Two neighbours that changed places are one slip of the fingers; leven counts two changes. */
function distance(one: string, other: string): number {
  const at = one.split('').findIndex((letter, index) => letter !== other[index]);
  const swapped = `${one.slice(0, at)}${one[at + 1] ?? ''}${one[at]}${one.slice(at + 2)}`;
  return at >= 0 && swapped === other ? 1 : leven(one, other);
}
