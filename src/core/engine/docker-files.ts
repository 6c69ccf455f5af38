// docker's config.json → what it says, read as docker reads it: its decoder is Go's, which takes keys in any case, the
// last of several, and null for nothing said (encoding/json).
import { isObject } from '../json/shape.ts';

export interface DockerConfig {
  readonly currentContext: string | undefined;
  /** What docker warns of; it goes on then with what could be read. */
  readonly problem: string | undefined;
}

/** @param text of config.json. What stands behind the first value in it is not looked at. */
export function readDockerConfig(text: string): DockerConfig {
  const nothing = { currentContext: undefined, problem: undefined };
  if (text.trim() === '') return nothing;
  const json = parseFirst(text);
  if (!json.ok) return { ...nothing, problem: json.reason };
  if (json.value === null) return nothing;
  if (!isObject(json.value)) return { ...nothing, problem: 'top level: expected object' };
  const current = fieldOf(json.value, 'currentContext');
  return current === undefined || typeof current === 'string'
    ? { ...nothing, currentContext: current }
    : { ...nothing, problem: 'currentContext: expected string' };
}

type Parsed = { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly reason: string };

/** The runtime's own words for what is wrong may quote from it, and passwords may be in it. */
export function parse(text: string): Parsed {
  try {
    return { ok: true, value: JSON.parse(text) as unknown };
  } catch {
    return { ok: false, reason: 'it is not valid JSON' };
  }
}

function parseFirst(text: string): Parsed {
  const whole = parse(text);
  if (whole.ok) return whole;
  const first = parse(text.slice(0, endOfFirst(text)));
  return first.ok ? first : whole;
}

/** Where the first value ends, if it is one: at the bracket that closes it, or at what no number and no word has in it. */
function endOfFirst(text: string): number {
  let depth = 0;
  for (const { 0: token, index } of text.matchAll(/"(?:[^"\\]|\\.)*"|[{}[\]]|[^\s"{}[\],:]+/gs)) {
    if (token === '{' || token === '[') depth += 1;
    else if (token === '}' || token === ']') depth -= 1;
    if (depth <= 0) return index + token.length;
  }
  return text.length;
}

/** The last that says something, whatever its case. */
export const fieldOf = (json: Readonly<Record<string, unknown>>, name: string): unknown =>
  Object.entries(json)
    .filter(([key, value]) => key.toLowerCase() === name.toLowerCase() && value !== null)
    .at(-1)?.[1];
