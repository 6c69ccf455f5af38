// Who calls, and what the caller has given up: by the kernel's word alone.
import { readFileSync } from 'node:fs';
import { readStatus } from '../../core/ways/restraints.ts';
import type { CallerStatus } from '../../core/ways/restraints.ts';
import { accountOf } from '../process/libc.ts';
import { readOrEmpty } from '../files/attempt.ts';

let known: CallerStatus | undefined;

export function caller(): CallerStatus {
  known ??= readStatus(
    readFileSync('/proc/self/status', 'utf8'),
    Number(readOrEmpty('/proc/sys/kernel/cap_last_cap') || 40),
  );
  return known;
}

export const callerUid = (): number => caller().identity.uid;

/** The caller's name, or number where it has none, for messages. */
export const callerName = (): string => accountOf(callerUid())?.name ?? `uid ${callerUid()}`;

/** The caller's home as the machine's accounts have it; undefined for a number without an account. */
export const accountsHome = (): string | undefined => accountOf(callerUid())?.home;
