// The gate for text of others (the engine, containers, Compose files, servers): what it becomes where it goes to. It must
// not steer a terminal, turn the order of what is read around, hide in it, start a line, or be more than one word.

/**
 * Controls, what has no look of its own (directions, joiners, marks, tags, blanks that are none), the ends of lines and
 * paragraphs, and halves of characters. What chooses how the sign before it looks stays behind an emoji.
 */
const unsafe =
  /(?<!\p{Extended_Pictographic})[\uFE0E\uFE0F]|(?![\uFE0E\uFE0F])[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;

/** Looked for first: the tables of Unicode take longer to load than most runs have. */
const isPlain = (text: string): boolean => /^[ -~]*$/.test(text);

/** One line, or a part of one, for a person to read: on a terminal, in a table's cell, in a comment. */
export const printable = (text: string): string =>
  isPlain(text)
    ? text
    : text.replace(unsafe, (character) => (/[\u007f-\u009f]/.test(character) ? '?' : escaped(character)));

/** As JSON has it, for a file to be read by a program: the value stays what it is. */
export const printableJson = (value: unknown): string => {
  const json = JSON.stringify(value);
  return isPlain(json) ? json : json.replace(unsafe, asUnits);
};

/** A word as a shell takes it, in a line that is there to be read and typed. */
export function shellWord(word: string): string {
  if (/^[\w@%+=:,./-]+$/.test(word)) return word;
  if (isPlain(word) || word.search(unsafe) < 0) return `'${word.replaceAll("'", String.raw`'\''`)}'`;
  const text = JSON.stringify(word).slice(1, -1).replace(unsafe, asShellUnit);
  return `$'${text.replaceAll("'", String.raw`\'`)}'`;
}

/** Whether it is one word in a file of words and lines, and looks like what it is. */
export const isPrintableWord = (word: string): boolean => word !== '' && !/\s/.test(word) && word === printable(word);

const codeOf = (character: string): string => (character.codePointAt(0) ?? 0).toString(16);

/** `\n` and the like have short forms of their own. */
const escaped = (character: string): string =>
  character <= '\u001f'
    ? JSON.stringify(character).slice(1, -1)
    : character.length > 1
      ? `\\u{${codeOf(character)}}`
      : `\\u${codeOf(character).padStart(4, '0')}`;

const asUnits = (character: string): string =>
  character
    .split('')
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .join('');

const asShellUnit = (character: string): string =>
  character.length > 1 ? `\\U${codeOf(character).padStart(8, '0')}` : asUnits(character);
