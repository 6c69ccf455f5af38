// What was given for an action → its options' values, by the table; what does not go together is refused.
import { fail, success } from '../failure/failure.ts';
import type { Failure, Result } from '../failure/failure.ts';
import type { Words } from './option-entry.ts';
import type { Read } from './option-values.ts';
import { takeOptions, takeOptionsAnywhere } from './option-words.ts';
import type { FlagName, Given, NamedFlag, Taken } from './option-words.ts';
import type { Preset } from './preset.ts';
import { actions, netexecOptions } from './options.ts';
import type { Action, NamedOption, OptionName, Options } from './options.ts';

// The table's entries as types: what an option goes with, what its value is called in a request, and what that is.
type CompanionsOf<Name extends OptionName> = Name extends Action
  ? never
  : Options[Name] extends { readonly goesWith: readonly (infer Companion)[] }
    ? Companion
    : 'run';
type NamesWith<Companion> = {
  [Name in OptionName]: Extract<CompanionsOf<Name>, Companion> extends never ? never : Name;
}[OptionName];

type KeyOf<Name extends OptionName> = Options[Name] extends { readonly as: infer Key extends string } ? Key : Name;
type ValueOf<Name extends OptionName> = Options[Name] extends { readonly value: infer Its }
  ? Its extends { readonly read: Read<infer Value> }
    ? Value
    : string | undefined
  : boolean;

/** The values of all options that go with an action, or with an option that does. */
export type OptionsOf<Asked extends Action> = {
  readonly [Name in NamesWith<Asked | NamesWith<Asked>> as KeyOf<Name>]: ValueOf<Name>;
};

/** The action that is asked for. */
export const actionOf = (given: Given): Action =>
  (Object.keys(actions) as Action[]).find((action) => action !== 'run' && given[action]) ?? 'run';

/** What leads to the project, from options that may be wrong otherwise. */
export const projectGiven = ({
  'project-name': name,
  file,
  'project-directory': folder,
}: Given): Pick<OptionsOf<'run'>, 'projectName' | 'files' | 'projectDirectory'> => ({
  projectName: name?.at(-1),
  files: file ?? [],
  projectDirectory: folder?.at(-1),
});

/**
 * The options of a line and what else is in it. A report's stand anywhere, for none of its words is COMMAND's: `web --check
 * redis` as well, since no COMMAND begins with a dash.
 */
export function takeLine(words: readonly string[], table: readonly NamedFlag[]): Result<Taken> {
  const front = takeOptions(words, table);
  if (!front.ok || front.value.dashes) return front;
  const isReport = actionOf(front.value.options) !== 'run';
  if (!isReport && !/^-(?!-?$)/.test(front.value.rest[1] ?? '')) return front;
  const whole = takeOptionsAnywhere(words, table);
  if (isReport || !whole.ok) return isReport ? whole : front;
  const asked = actionOf(whole.value.options);
  // `psql -h postgres`: SERVICE was forgotten, and -h is COMMAND's.
  return asked === 'run' || (asked === 'help' && whole.value.rest.length > 1) ? front : whole;
}

/** The values of the options of an action; a failure where something else is given, or what cannot stand together. */
export function readOptions<Asked extends Action>(asked: Asked, { options, rest }: Taken): Result<OptionsOf<Asked>> {
  const failure = findStray(asked, options) ?? findSurplus(asked, rest) ?? findClash(options, netexecOptions);
  return failure === undefined ? readValues(asked, options) : fail(failure);
}

/** The values of the options of an action where none is given. */
export function defaultsOf<Asked extends Action>(asked: Asked): OptionsOf<Asked> {
  const values = readValues(asked, {});
  if (!values.ok) throw new Error(`no value of an option that is not given: ${values.failure.kind}`);
  return values.value;
}

function readValues<Asked extends Action>(asked: Asked, given: Given): Result<OptionsOf<Asked>> {
  const values: Record<string, unknown> = {};
  for (const option of goingWith([asked, ...goingWith([asked]).map(({ name }) => name)])) {
    const value = readValue(option, given);
    if (!value.ok) return value;
    values[option.as ?? option.name] = value.value;
  }
  return success(values as OptionsOf<Asked>);
}

function readValue({ name, value }: NamedOption, given: Given): Result<unknown> {
  if (value === undefined) return success(given[name] === true);
  const words = (given[name] ?? []) as readonly string[];
  return value.read === undefined ? success(words.at(-1)) : value.read(words, `--${name}`);
}

/** The options that go with any of these. */
const goingWith = (companions: readonly (Action | OptionName)[]): readonly NamedOption[] =>
  netexecOptions.filter(
    ({ name, goesWith = ['run'] }) => !(name in actions) && goesWith.some((each) => companions.includes(each)),
  );

/** The first option, in the table's order, that goes with nothing of what is there. */
function findStray(asked: Action, given: Given): Failure | undefined {
  const there = netexecOptions.filter(({ name }) => given[name]);
  const fitting = goingWith([asked, ...there.map(({ name }) => name)]);
  const stray = there.find((option) => option.name !== asked && !fitting.includes(option));
  if (stray === undefined) return undefined;
  const flag = `--${stray.name}`;
  const [companion = 'run', ...others] = stray.goesWith ?? [];
  if (others.length === 0 && companion !== 'run' && !(companion in actions))
    return { kind: 'flag-needs-flag', flag, other: `--${companion}` };
  return asked === 'run'
    ? { kind: 'flag-for-reports', flag }
    : { kind: 'flags-exclude-each-other', flags: [`--${asked}`, flag] };
}

function findSurplus(asked: Action, rest: readonly string[]): Failure | undefined {
  const { takes, further }: Words = actions[asked];
  const argument = further === undefined ? rest[takes.length] : undefined;
  return argument === undefined ? undefined : { kind: 'surplus-argument', argument, flag: `--${asked}` };
}

/** The first two options that cannot stand beside each other. */
export function findClash(given: Given, table: readonly NamedFlag[]): Failure | undefined {
  for (const { name, excludes = [] } of table.filter((option) => given[option.name])) {
    const other = excludes.find((each) => isGiven(each, given));
    if (other !== undefined) return { kind: 'flags-exclude-each-other', flags: [`--${name}`, `--${other}`] };
  }
  return undefined;
}

/** @param words an option, perhaps with a value, as it is typed */
function isGiven(words: string, given: Given): boolean {
  const [name, value] = words.split(' ') as [FlagName, string?];
  const its = given[name];
  return value === undefined ? Boolean(its) : Array.isArray(its) && its.at(-1) === value;
}

/** What was typed wins. */
export function withPreset(typed: Taken, { service, command, options }: Preset): Taken {
  const words = typed.rest.length > 0 ? typed.rest : command;
  const merged = { last: typed.last, options: { ...options, ...typed.options } };
  return service === undefined
    ? { ...merged, dashes: true, rest: words }
    : { ...merged, dashes: false, rest: [service, ...words] };
}
