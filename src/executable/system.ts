// In the place of src/shell/system.ts where netexec is one executable: Bun takes a user's name and home from the environment.
import { accountOf, changeFolder } from './libc.ts';
import type { Account } from './libc.ts';

export const account = (): Account | undefined => accountOf(process.getuid?.() ?? -1);

export const enterFolder = changeFolder;
