// The project's name that a Compose file says, read from its text alone where that can be done without doubt.

/** `unsure`: only a reader of YAML can tell. */
export type NameInText = { readonly name: string | undefined } | 'unsure';

/** The keys of a usual file stand at the beginning of a line each, and what belongs to them is indented. */
const usualLine = /^(?:[A-Za-z_][\w.-]*:(?:[ \t].*)?|[ \t].*|#.*|- .*|)$/;
const nameLine = /^name:[ \t]+([\w$][\w.${}:?+-]*?)[ \t]*(?:[ \t]#.*)?$/;

/** What YAML may take for a number, a truth value or nothing. */
const noString = /^(?:true|false|yes|no|on|off|y|n|null|[-+]?[.\d][\w.:+-]*)$/i;

/**
 * What is written in another way than usual is not guessed at: quotes, anchors, several documents, a text that
 * runs on over lines.
 */
export function nameInText(text: string): NameInText {
  // What YAML takes for a line's end, and this does not.
  if (/\r(?!\n)|[\u0085\u2028\u2029\uFEFF]/.test(text)) return 'unsure';
  const lines = text.split(/\r?\n/);
  if (!lines.every((line) => usualLine.test(line))) return 'unsure';
  const first = lines.find((line) => /^[^#]*[^#\s]/.test(line));
  if (first === undefined) return { name: undefined };
  if (!/^[A-Za-z_]/.test(first)) return 'unsure';
  const named = lines.flatMap((line, at) => (line.startsWith('name:') ? [at] : []));
  const [at] = named;
  if (at === undefined) return { name: undefined };
  const name = nameLine.exec(lines[at] ?? '')?.[1];
  const runsOn = lines.slice(at + 1).find((line) => /\S/.test(line) && !/^\s*#/.test(line));
  if (named.length > 1 || name === undefined || name.endsWith(':') || noString.test(name)) return 'unsure';
  if (runsOn !== undefined && /^[ \t]/.test(runsOn)) return 'unsure';
  // A text or a list over several lines may hold a line that looks like a key.
  return lines.slice(0, at).some(isOpen) ? 'unsure' : { name };
}

/** Whether a line may begin something that ends on a later one, other than by its indentation. */
const isOpen = (line: string): boolean => {
  const value = /^\s*#/.test(line) ? '' : line;
  const count = (mark: RegExp): number => value.match(mark)?.length ?? 0;
  return count(/"/g) % 2 === 1 || count(/'/g) % 2 === 1 || count(/[[{]/g) !== count(/[\]}]/g);
};
