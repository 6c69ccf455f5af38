// Variables → the text of a .env file that says just that to Compose, to netexec's --env-file, and to most other readers.

/** What the dialect takes for a name. */
const isName = (name: string): boolean => /^[\p{L}\p{N}_.\-[\]]+$/u.test(name);

/** @returns undefined where the dialect has no such name */
export function dotenvLine(name: string, value: string): string | undefined {
  return isName(name) ? `${name}=${quoted(value)}\n` : undefined;
}

/**
 * In single quotes all is as it stands, and no variable is looked for. They cannot hold one of themselves as every
 * reader takes it, nor end with a backslash; and what steers a terminal is not to stand there as it is.
 */
function quoted(value: string): string {
  if (/^[\w./:@%+,=-]*$/.test(value)) return value;
  if (!/'|(?!\n)\p{Cc}|(?<!\\)(?:\\\\)*\\$/u.test(value)) return `'${value}'`;
  return `"${value.replaceAll(/[\\"$]|(?!\n)\p{Cc}/gu, escaped)}"`;
}

/** Controls by their number, in octal digits, which the dialect has a nought before. */
const escaped = (character: string): string =>
  /\p{Cc}/u.test(character)
    ? (short[character] ?? `\\0${character.charCodeAt(0).toString(8).padStart(3, '0')}`)
    : `\\${character}`;

const short: Readonly<Record<string, string>> = { '\t': '\\t', '\r': '\\r' };
