// What --wait makes of a verdict of --check: whether COMMAND may start, or what it still waits for.
import { callIt } from './check-facts.ts';
import type { Candidate, NameFacts } from './check-facts.ts';
import type { Verdict } from './check-verdict.ts';
import { isUp } from '../engine/containers.ts';
import type { Failure } from '../failure/failure.ts';
import { shellWord } from '../text/printable.ts';

/** An endpoint that is not ready yet, and why. */
export interface Awaited {
  readonly endpoint: string;
  readonly what: string;
  readonly hint: string | undefined;
}

/** @returns undefined where it connects, and where whoever is behind it says that all is well */
export function awaited({ endpoint, cause }: Verdict, name: NameFacts): Awaited | undefined {
  if (cause !== undefined) return { endpoint, what: cause.what, hint: cause.hint };
  const sick = holders(name).find(({ health }) => health !== undefined && health !== 'healthy');
  if (sick === undefined) return undefined;
  const what = `it connects, but ${callIt(sick)} is ${sick.health === 'starting' ? 'not healthy yet' : sick.health}`;
  return {
    endpoint,
    what,
    hint: `see what its healthcheck reports: docker inspect -f ${healthLog} ${shellWord(sick.container)}`,
  };
}

const healthLog = "'{{json .State.Health}}'";

/** Those that answer to the name, or have the address. */
const holders = ({ meant, candidates }: NameFacts): readonly Candidate[] =>
  candidates.filter(
    ({ container, state }) => isUp(state) && (meant === undefined || meant.containers.includes(container)),
  );

/** The line that says what is waited for. */
export function waitText(open: readonly Awaited[], seconds: number): string {
  const endpoints = [...new Set(open.map(({ endpoint }) => endpoint))].join(', ');
  const nearest = open.map(({ hint }) => hint).find((hint) => hint?.startsWith('did you mean'));
  return `waiting for ${endpoints}, at most ${seconds} s: ${open[0]?.what}${nearest === undefined ? '' : `; ${nearest}`}`;
}

/** @param check the line that shows each step */
export function waitOver({ endpoint, what, hint }: Awaited, seconds: number, check: string): Failure {
  return { kind: 'wait-over', endpoint, seconds, what, hint: hint ?? `see each step: ${check}` };
}
