// Who calls, and what the caller has given up: by the kernel's word alone.
import { readFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { readStatus } from '../../core/ways/restraints.ts';
import type { CallerStatus } from '../../core/ways/restraints.ts';
import { accountOf } from '../process/libc.ts';
import { readOrEmpty } from '../files/attempt.ts';
import { isLinux } from '../process/system.ts';

let known: CallerStatus | undefined;

export function caller(): CallerStatus {
  known ??= readStatus(
    readFileSync('/proc/self/status', 'utf8'),
    Number(readOrEmpty('/proc/sys/kernel/cap_last_cap') || 40),
  );
  return known;
}

export const callerUid = (): number => (isLinux ? caller().identity.uid : userInfo().uid);

/** The caller's name, or number where it has none, for messages. */
export const callerName = (): string =>
  (isLinux ? accountOf(callerUid())?.name : userInfo().username) ?? `uid ${callerUid()}`;

/** The caller's home as the machine's accounts have it; undefined for a number without an account. */
export const accountsHome = (): string | undefined => (isLinux ? accountOf(callerUid())?.home : userInfo().homedir);
