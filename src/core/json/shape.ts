// The shapes of the JSON that every run reads: checked as it is, by a few functions. A schema library takes longer to
// load than a run has; what only reports read has one (decode.ts).
import type { Decoded } from './decode.ts';

/** Says what is wrong with a piece of JSON; undefined: it is a Value. */
export interface Shape<Value> {
  (json: unknown): Problem | undefined;
  /** There for the types alone. */
  readonly value?: Value;
}

/** What is wrong, and the keys that lead there. */
interface Problem {
  readonly path: readonly (string | number)[];
  readonly what: string;
}

export type ValueOf<Of> = Of extends Shape<infer Value> ? Value : never;

/** @returns the value, or a problem such as `State.Pid: expected int` for the first thing that is wrong */
export function decodeShape<Value>(shape: Shape<Value>, json: unknown): Decoded<Value> {
  const problem = shape(json);
  if (problem === undefined) return { ok: true, value: json as Value };
  const where = problem.path.length === 0 ? 'top level' : problem.path.join('.');
  return { ok: false, problem: `${where}: ${problem.what}` };
}

const wrong = (what: string): Problem => ({ path: [], what });

export const string: Shape<string> = (json) => (typeof json === 'string' ? undefined : wrong('expected string'));
export const number: Shape<number> = (json) => (typeof json === 'number' ? undefined : wrong('expected number'));
export const boolean: Shape<boolean> = (json) => (typeof json === 'boolean' ? undefined : wrong('expected boolean'));
export const integer: Shape<number> = (json) =>
  number(json) ?? (Number.isSafeInteger(json) ? undefined : wrong('expected int'));
export const natural: Shape<number> = (json) => integer(json) ?? (Number(json) < 0 ? wrong('too small') : undefined);

/** What is looked at, if at all, by whoever wants it. */
export const anything: Shape<unknown> = () => undefined;

export const matching =
  (pattern: RegExp): Shape<string> =>
  (json) =>
    string(json) ?? (pattern.test(String(json)) ? undefined : wrong('invalid format'));

export const nullable =
  <Value>(shape: Shape<Value>): Shape<Value | null> =>
  (json) =>
    json === null ? undefined : shape(json);

export const optional =
  <Value>(shape: Shape<Value>): Shape<Value | undefined> =>
  (json) =>
    json === undefined ? undefined : shape(json);

export const nullish = <Value>(shape: Shape<Value>): Shape<Value | null | undefined> => optional(nullable(shape));

export const listOf =
  <Value>(shape: Shape<Value>): Shape<readonly Value[]> =>
  (json) =>
    Array.isArray(json) ? (tooMany(json) ?? firstProblem(json.entries(), () => shape)) : wrong('expected array');

export const recordOf =
  <Value>(shape: Shape<Value>): Shape<Readonly<Record<string, Value>>> =>
  (json) => {
    if (!isObject(json)) return wrong('expected record');
    const entries = Object.entries(json);
    return tooMany(entries) ?? firstProblem(entries, () => shape);
  };

/** No engine has so many of anything, and what is done with them may take the square of it. */
const most = 20_000;
const tooMany = (entries: readonly unknown[]): Problem | undefined =>
  entries.length > most ? wrong(`more than ${most}`) : undefined;

type Shapes = Readonly<Record<string, Shape<unknown>>>;

/** An object with at least these fields. */
export function fields<Of extends Shapes>(shapes: Of): Shape<{ readonly [Key in keyof Of]: ValueOf<Of[Key]> }> {
  const keys = Object.keys(shapes);
  return (json) =>
    isObject(json)
      ? firstProblem(
          keys.map((key) => [key, json[key]] as const),
          (key) => shapes[key],
        )
      : wrong('expected object');
}

function firstProblem<Key extends string | number>(
  entries: Iterable<readonly [Key, unknown]>,
  shapeOf: (key: Key) => Shape<unknown> | undefined,
): Problem | undefined {
  for (const [key, value] of entries) {
    const problem = shapeOf(key)?.(value);
    if (problem !== undefined) return { ...problem, path: [key, ...problem.path] };
  }
  return undefined;
}

export const isObject = (json: unknown): json is Readonly<Record<string, unknown>> =>
  typeof json === 'object' && json !== null && !Array.isArray(json);
