// Who calls, and what the caller has given up: by the kernel's word alone.
import { readFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import type { UserInfo } from 'node:os';
import { readStatus } from '../core/restraints.ts';
import type { CallerStatus } from '../core/restraints.ts';

let known: CallerStatus | undefined;

export function caller(): CallerStatus {
  known ??= readStatus(readFileSync('/proc/self/status', 'utf8'), Number(read('/proc/sys/kernel/cap_last_cap') || 40));
  return known;
}

export const callerUid = (): number => caller().identity.uid;

/** The caller's name, or number where it has none, for messages. */
export const callerName = (): string => account()?.username ?? `uid ${callerUid()}`;

/** The caller's home as the machine's accounts have it; undefined for a number without an account. */
export const accountsHome = (): string | undefined => account()?.homedir;

/** What is said of another, as fakeroot has it, is not the caller's. */
function account(): UserInfo<string> | undefined {
  try {
    const found = userInfo();
    return found.uid === callerUid() ? found : undefined;
  } catch {
    return undefined;
  }
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
