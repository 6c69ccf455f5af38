// How a container ended, by the engine's JSON of it: what the list of containers does not tell, for whoever wants in.
import { boolean, string, integer, natural, decodeShape, fields, nullish } from '../json/shape.ts';

export interface Ending {
  /** Undefined where it has been started again meanwhile. */
  readonly exitCode: number | undefined;
  /** How often the engine has started it again since it was started. */
  readonly restarts: number;
  readonly outOfMemory: boolean;
  /** Why the engine could not start it; '' where it could. */
  readonly error: string;
}

const schema = fields({
  RestartCount: nullish(natural),
  State: fields({ Status: string, ExitCode: integer, OOMKilled: nullish(boolean), Error: nullish(string) }),
});

/** @param json the answer to GET /containers/ID/json; one of another form has nothing to say */
export function decodeEnding(json: unknown): Ending | undefined {
  const decoded = decodeShape(schema, json);
  if (!decoded.ok) return undefined;
  const { RestartCount: restarts, State: state } = decoded.value;
  return {
    exitCode: state.Status === 'running' ? undefined : state.ExitCode,
    restarts: restarts ?? 0,
    outOfMemory: state.OOMKilled ?? false,
    error: state.Error ?? '',
  };
}

/** ` (status 3, 7 times)`, behind "keeps restarting". */
export function describeRestarts({ exitCode, restarts, outOfMemory }: Omit<Ending, 'error'>): string {
  const status = exitCode === undefined ? [] : [`status ${exitCode}`];
  const times = restarts === 0 ? [] : [restarts === 1 ? 'once' : `${restarts} times`];
  const told = [...status, ...times].join(', ');
  return `${told === '' ? '' : ` (${told})`}${outOfMemory ? ', the last time out of memory (OOM)' : ''}`;
}

/** Of the engine's words in its list, `Restarting (3) 5 seconds ago`. */
export function statusOf(words: string): number | undefined {
  const number = /^(?:Restarting|Exited) \((\d+)\)/.exec(words)?.[1];
  return number === undefined ? undefined : Number(number);
}

/** What follows the name of one that does not run, by the engine's words: ` exited with status 1, 5 seconds ago`. */
export function describeStopped(state: string, status: string): string {
  const [, code, when] = /^Exited \((\d+)\)(?: (.+))?$/.exec(status) ?? [];
  if (code !== undefined)
    return ` exited with status ${code}${when === undefined ? '' : `, ${when[0]?.toLowerCase()}${when.slice(1)}`}`;
  if (state === 'created') return ' was created but never started';
  if (state === 'exited') return ' has exited';
  return state === 'removing' ? ' is being removed' : ` is ${state}`;
}

/** Where starting it once more helps as little as before. */
export const endsAgain = ({ restarts, outOfMemory, error }: Ending): boolean =>
  error === '' && (outOfMemory || restarts > 0);
