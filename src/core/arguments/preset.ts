// `x-netexec` in a Compose file: what a call without SERVICE is to run, and where. Its keys are options, read as if they were typed in front.
import { dirname, resolve } from 'node:path/posix';
import { explain } from '../failure/explain.ts';
import { nearestOf } from '../failure/explanation.ts';
import { fail, success } from '../failure/failure.ts';
import type { Failure, Result } from '../failure/failure.ts';
import { shellWord } from '../text/printable.ts';
import type { Given, Taken } from './option-words.ts';
import { netexecOptions } from './options.ts';

/** The entry of a file, as YAML has it. */
export interface PresetEntry {
  readonly file: string;
  readonly line: number;
  /** The service in which it stands; undefined: at the top of the file. */
  readonly service: string | undefined;
  readonly keys: readonly PresetKey[];
}

export interface PresetKey {
  readonly name: string;
  readonly line: number;
  /** Variables are put in. */
  readonly value: unknown;
  /** As it stands there: what a variable holds is not to be shown. */
  readonly written: unknown;
}

/** What stands in for what was not typed. */
export interface Preset {
  readonly entry: PresetEntry;
  readonly service: string | undefined;
  /** Empty where it names none. */
  readonly command: readonly string[];
  readonly options: Given;
  /** A run whose typed options and COMMAND take the place of its own. */
  readonly followedBy: (typed: Pick<Taken, 'options' | 'rest'>) => Followed;
}

/** What a run has of a preset. */
export interface Followed {
  /** `x-netexec in /src/shop/compose.yaml:3`. */
  readonly source: string;
  /** What it gives, as if that were typed: `--service-env web -- npm test`. */
  readonly gives: string;
}

/** Those options that say where a project's programs run, and what they get; whose rights they have is the caller's to say. */
const wanted = [
  'on',
  'stand-in',
  'replace',
  'intercept',
  'service-env',
  'service-files',
  'env-file',
  'network',
  'forward',
  'reverse',
  'proxy',
  'wait',
];
const options = netexecOptions.filter(({ name }) => wanted.includes(name));

/** Of an entry. */
export const presetKeys: readonly string[] = ['service', 'command', ...options.map(({ name }) => name)];

/** @param entries those of all files, in their order; undefined where there is none */
export function choosePreset(entries: readonly PresetEntry[]): Result<Preset | undefined> {
  // Of two files the later counts, as in all else.
  const [entry, other] = [...new Map(entries.map((each) => [each.service, each])).values()];
  if (entry === undefined) return success(undefined);
  if (other === undefined) return readPreset(entry);
  return fail({
    kind: 'preset-ambiguous',
    places: [entry, other].map(({ file, line, service }) => ({ file, line, service })),
  });
}

function readPreset(entry: PresetEntry): Result<Preset> {
  const { file, line, service: own, keys } = entry;
  let [service, command]: [string | undefined, readonly string[]] = [own, []];
  const given: Record<string, boolean | readonly string[]> = {};
  const wrong = (at: number, reason: string, hint?: string): Result<never> =>
    fail({ kind: 'preset-invalid', file, line: at, reason, hint });
  for (const { name, line: at, value } of keys) {
    const texts = textsOf(value);
    if (name === 'command') {
      if (texts === undefined) return wrong(at, `command: ${expected.words}`);
      command = typeof value === 'string' ? ['sh', '-c', value] : texts;
    } else if (name === 'service') {
      if (own !== undefined)
        return wrong(at, `service: this x-netexec is in service ${own}, and means that service`, 'omit it');
      if (typeof value !== 'string' || value === '') return wrong(at, 'service: expected a service name');
      service = value;
    } else {
      const option = options.find((each) => each.name === name);
      if (option === undefined) return wrong(at, `x-netexec has no key ${JSON.stringify(name)}`, keyHint(name));
      if (option.value === undefined) {
        if (typeof value !== 'boolean') return wrong(at, `${name}: expected true or false`);
        given[name] = value;
      } else {
        if (texts === undefined) return wrong(at, `${name}: ${expected.words}`);
        const read = option.value.read?.(texts, `--${name}`);
        if (read?.ok === false) return wrong(at, explain(read.failure).what);
        // As Compose has it with its own.
        given[name] = name === 'env-file' ? texts.map((text) => resolve(dirname(file), text)) : texts;
      }
    }
  }
  const on = given['on'] !== undefined;
  if (on && own !== undefined) return wrong(line, `on: this x-netexec is in service ${own}, and COMMAND runs there`);
  if (on && service !== undefined) return wrong(line, 'x-netexec has both service and on: use only one of them');
  if (!on && service === undefined)
    return wrong(line, 'x-netexec does not say where COMMAND runs', 'add a key: service: NAME, or on: NETWORK');
  const preset = { entry, service, command, options: given };
  return success({ ...preset, followedBy: (typed) => followed(entry, service, typed) });
}

function followed(
  { file, line, keys }: PresetEntry,
  service: string | undefined,
  typed: Pick<Taken, 'options' | 'rest'>,
): Followed {
  const words = keys.flatMap(({ name, written }) => {
    if (name === 'service' || name === 'command' || name in typed.options) return [];
    const values = [written].flat();
    return typeof written === 'boolean'
      ? [written ? `--${name}` : `--${name}=false`]
      : values.map((value) => `--${name} ${shellWord(String(value))}`);
  });
  const command = typed.rest.length > 0 ? undefined : keys.find(({ name }) => name === 'command')?.written;
  const [first = '', ...others] = typeof command === 'string' ? command.trim().split('\n') : [];
  const own = Array.isArray(command) ? command.map(String).map(shellWord).join(' ') : first;
  const gives = [
    ...words,
    ...(service === undefined ? [] : [service]),
    ...(own === '' ? [] : ['--', own]),
    ...(others.length > 0 ? ['...'] : []),
  ];
  return { source: `x-netexec in ${file}:${line}`, gives: gives.join(' ') };
}

/** @param failure of a line that could stand by itself: a key does not go with it */
export function presetClash(failure: Failure, { entry: { file, line, keys } }: Preset): Failure {
  const { what, hint } = explain(failure);
  const key = keys.find(({ name }) => new RegExp(`--${name}(?![\\w-])`).test(what));
  return { kind: 'preset-invalid', file, line: key?.line ?? line, reason: what, hint };
}

const expected = { words: 'expected a string, or a list of strings' };

/** @returns undefined where it is neither a text nor a list of some */
function textsOf(value: unknown): readonly string[] | undefined {
  const values: readonly unknown[] = Array.isArray(value) ? value : [value];
  const isText = (each: unknown): boolean => (typeof each === 'string' && each !== '') || typeof each === 'number';
  return values.length > 0 && values.every(isText) ? values.map(String) : undefined;
}

function keyHint(name: string): string {
  const nearest = nearestOf(name, presetKeys);
  return nearest === undefined ? `valid keys: ${presetKeys.join(', ')}` : `did you mean ${nearest}?`;
}
