// What netexec says beside COMMAND: a line on stderr, with nothing of others' in it that could steer the terminal.
import { printable } from '../../core/text/printable.ts';
import { hanging } from '../../core/text/wrapped.ts';

export const say = (text: string): void =>
  void process.stderr.write(`${hanging(`netexec: ${printable(text)}`, errorWidth())}\n`);

/** In columns; undefined where standard error is no terminal. */
export const errorWidth = (): number | undefined =>
  process.stderr.isTTY ? process.stderr.columns || undefined : undefined;

export const warn = (text: string): void => say(`warning: ${text}`);
