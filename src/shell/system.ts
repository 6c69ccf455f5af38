// What Node does well, and the executable's runtime otherwise (src/executable/system.ts stands in this one's place there).
import { userInfo } from 'node:os';

/** The caller, as the machine's accounts have it; undefined for a number without an account. */
export function account(): { readonly name: string; readonly home: string } | undefined {
  try {
    const { username: name, homedir: home } = userInfo();
    return { name, home };
  } catch {
    return undefined;
  }
}

/** @param descriptor of an open folder, also one that has no name any more */
export const enterFolder = (descriptor: number): void => process.chdir(`/proc/self/fd/${descriptor}`);
