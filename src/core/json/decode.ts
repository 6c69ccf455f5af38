// Reads JSON from outside: checks it against a schema, and says in one line where it is not what it should be.
import type * as z from 'zod/mini';

export type Decoded<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly problem: string };

/** @returns the value, or a problem such as `State.Pid: expected int` for the first thing that is wrong */
export function decode<Value>(schema: z.ZodMiniType<Value>, json: unknown): Decoded<Value> {
  const decoded = schema.safeParse(json);
  if (decoded.success) return { ok: true, value: decoded.data };
  const issue = decoded.error.issues[0];
  const where = issue === undefined || issue.path.length === 0 ? 'top level' : issue.path.map(String).join('.');
  return { ok: false, problem: `${where}: ${issue === undefined ? 'invalid' : describeIssue(issue)}` };
}

/** @returns undefined where that is none */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

// zod/mini carries no sentences of its own: they would weigh more than all of netexec's run path.
const describeIssue = (issue: z.core.$ZodIssue): string =>
  'expected' in issue && typeof issue.expected === 'string'
    ? `expected ${issue.expected}`
    : issue.code.replaceAll('_', ' ');
