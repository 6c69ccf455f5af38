// The terminal that this process has, and whether it is in front of it, as proc(5) tells.
import { closeSync, readFileSync } from 'node:fs';
import { isatty } from 'node:tty';
import { isLinux } from '../process/system.ts';

/** Whether there is one, which then sends it signals. */
export const hasTerminal = (): boolean =>
  isLinux ? stat().terminal !== 0 : [0, 1, 2].some((number) => isatty(number));

/** Whether the kernel would stop it for changing the terminal, or reading from it. */
export function isInBackground(): boolean {
  if (!isLinux) return false;
  const { group, front } = stat();
  return front > 0 && front !== group;
}

/** When it ends the runtime sets each of its terminals as it has found it, also one that another is in front of by then. */
export function leaveTerminal(): void {
  if (!isLinux) return;
  const terminals = [0, 1, 2].filter((number) => isatty(number));
  const { group, front } = stat();
  if (front !== group) for (const terminal of terminals) closeSync(terminal);
}

/** The fields pgrp, tty_nr and tpgid. */
function stat(): Readonly<Record<'group' | 'terminal' | 'front', number>> {
  const text = readFileSync('/proc/self/stat', 'utf8');
  const [, , group = 0, , terminal = 0, front = 0] = text
    .slice(text.lastIndexOf(')') + 2)
    .split(' ')
    .map(Number);
  return { group, terminal, front };
}
