// What netexec says beside COMMAND: a line on stderr, with nothing of others' in it that could steer the terminal.
import { printable } from '../../core/text/printable.ts';

export const say = (text: string): void => void process.stderr.write(`netexec: ${printable(text)}\n`);

export const warn = (text: string): void => say(`warning: ${text}`);
