// What Node does well, and the executable's runtime otherwise (src/executable/system.ts stands in this one's place there).
import { userInfo } from 'node:os';

/** A user, as the machine's accounts have it; undefined for a number without an account. */
export function accountOf(uid: number): { readonly name: string; readonly home: string } | undefined {
  try {
    const { uid: told, username: name, homedir: home } = userInfo();
    // What is said of another, as fakeroot has it, is not this one's.
    return told === uid ? { name, home } : undefined;
  } catch {
    return undefined;
  }
}

/** @param descriptor of an open folder, also one that has no name any more */
export const enterFolder = (descriptor: number): void => process.chdir(`/proc/self/fd/${descriptor}`);
