// Text as hostile names have it, and how what it would do to a reader is found in what is printed.
import * as fc from 'fast-check';

/** Each by itself: controls, line ends, what turns the order around, what is not to be seen, halves of characters, quoting. */
export const unsafePieces: readonly string[] = [
  ['\n', '\r', '\t', '\0', '\u0007', '\u001B[2J', '\u001B]0;x\u0007', '\u007F', '\u0085', '\u009B31m'],
  [
    '\u202A',
    '\u202B',
    '\u202C',
    '\u202D',
    '\u202E',
    '\u2066',
    '\u2067',
    '\u2068',
    '\u2069',
    '\u200E',
    '\u200F',
    '\u061C',
  ],
  ['\u200B', '\u200C', '\u200D', '\u2060', '\uFEFF', '\u00AD', '\u034F', '\u3164', '\u{E0041}', '\uFE0F'],
  ['\u2028', '\u2029', '\uD800 ', '\uDFFF'],
  ['"', "'", '\\', '`id`', '$(id)', '; rm -rf x', '#', '<b>', '&', '|', '%n', '{{.}}', '__proto__', ' '],
].flat();

export const unsafeText: fc.Arbitrary<string> = fc
  .array(fc.oneof(fc.constantFrom(...unsafePieces), fc.string({ unit: 'grapheme', maxLength: 3 })), { maxLength: 8 })
  .map((pieces) => pieces.join(''));

/** Nothing of these may be printed. A line's end is for the printer alone. */
export const unsafeSigns =
  // oxlint-disable-next-line no-control-regex, no-misleading-character-class
  /[\u0000-\u001F\u007F-\u009F\u00AD\u034F\u061C\u200B-\u200F\u2028-\u202E\u2060-\u206F\u3164\uFEFF\u{E0000}-\u{E0FFF}]|\p{Cs}/u;
