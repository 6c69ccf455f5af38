// In the place of src/shell/system.ts where netexec is one executable: Bun takes a user's name and home from the environment.
export { accountOf, changeFolder as enterFolder } from './libc.ts';
