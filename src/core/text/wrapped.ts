// A sentence as a terminal is to show it: broken at words, and what follows the first line below it.

/** Below which there is nothing to be gained. */
const narrowest = 40;

/**
 * What is there to be copied, up to the end of its part of the sentence: a line break would cut it in two. "run docker
 * netexec there" is none.
 */
const command =
  /(?<!run )(?:sudo )?docker (?:-|compose |completion |netexec |run |rm |start |restart |logs |network |unpause )(?:'[^']*'|,(?! )|[^;,'])*[;,]?|unset \w+,?|\S+/g;

/**
 * @param width of the terminal; undefined where none shows it
 * @param indent how many columns stand in front of it
 */
export function wrapped(text: string, width: number | undefined, indent: number): readonly string[] {
  if (width === undefined || width < narrowest) return [text];
  const lines: string[] = [];
  let end = 0;
  for (const { 0: word, index } of text.matchAll(command)) {
    const last = lines.at(-1);
    const longer = last === undefined ? undefined : `${last}${text.slice(end, index)}${word}`;
    end = index + word.length;
    if (longer !== undefined && indent + columnsOf(longer) <= width) lines[lines.length - 1] = longer;
    else lines.push(word.trimEnd());
  }
  return lines;
}

/** The same as one text, the lines below the first indented. */
export const block = (text: string, width: number | undefined, indent: number): string =>
  wrapped(text, width, indent).join(`\n${' '.repeat(indent)}`);

/** A sentence by itself: little stands before its further lines, so that what is to be copied has room. */
export const hanging = (text: string, width: number | undefined): string => block(text, width, 2);

const columnsOf = (text: string): number => Array.from(text).length;
