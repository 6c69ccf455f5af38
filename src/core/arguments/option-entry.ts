// What the tables of options say of an option.
import type { Read } from './option-values.ts';

/** How an option is typed. */
export interface Flag<Name extends string = string> {
  readonly short?: string;
  /** An option without one is a switch. */
  readonly value?: { readonly word: string };
  /** The options that it cannot stand beside; `resolver host` is that option with that value. */
  readonly excludes?: readonly (Name | `${Name} ${string}`)[];
  /** Why that is so, where it goes without saying for none of them. */
  readonly because?: string;
}

export interface Option<Name extends string = string> extends Flag<Name> {
  readonly value?: Value;
  /** For help and completion: a line of what is left of 80 columns. */
  readonly help: string;
  /** The actions and options of which one must be there, too; by default a run. An action's own option goes with none. */
  readonly goesWith?: readonly (Name | 'run')[];
  /** What it is in a request, where that is not its name. */
  readonly as?: string;
}

interface Value {
  /** What stands for it in help. */
  readonly word: string;
  /** By default it is the last word that was given, or undefined. */
  readonly read?: Read<unknown>;
  /** What a TAB offers: something to find out, the shell's own, or words to choose from, a description behind a tab. */
  readonly offers: Found | 'files' | 'folders' | readonly string[];
}

/** What is found out for a TAB: of the engine, or of this machine. */
export type Found = FoundInEngine | 'users' | 'variables' | 'commands' | 'listeners';
export type FoundInEngine =
  | 'services'
  | 'containers'
  | 'networks'
  | 'network lists'
  | 'projects'
  | 'indexes'
  | 'endpoints'
  | 'ports'
  | 'interceptable';

/** The words that an action takes behind its options, by what a TAB offers for each. */
export interface Words {
  readonly takes: readonly Found[];
  /** Of any number of further words. */
  readonly further?: Found;
}

/** The entries of a table as a list, in its order. */
export const listed = <Name extends string, Entry>(
  table: Readonly<Record<Name, Entry>>,
): readonly (Entry & { readonly name: Name })[] =>
  (Object.entries(table) as [Name, Entry][]).map(([name, entry]) => ({ ...entry, name }));
