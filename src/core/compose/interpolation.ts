// Puts values for the variables in a text, as Compose does in .env files and Compose files: ${NAME:-default} and its kin.

/** @returns undefined where there is no such variable */
export type Lookup = (name: string) => string | undefined;

export type Substituted =
  | { readonly ok: true; readonly value: string }
  | { readonly ok: false; readonly problem: string };

/**
 * A variable is $NAME or ${NAME}, or ${NAME} with an operator, which then reaches to the last brace of its line: how
 * much of that belongs to the operator is counted afterwards (compose-go, template.go).
 */
const variable =
  /\$(?:(?<escaped>\$)|(?<named>[_a-z][_a-z0-9]*)|\{(?:(?<braced>[_a-z][_a-z0-9]*(?::?[-+?][^\n]*)?)\}|(?<invalid>)))/iu;

/** What nobody writes by hand; every variable in braces may look through all that follows it. */
const limits = { length: 16_384, depth: 100 };

const withBraces = /(?<!\$)(?:\$\$)*\$\{/;

/** @param depth how many variables this text is the default of */
export function substitute(text: string, lookup: Lookup, depth = 0): Substituted {
  if (!text.includes('$')) return { ok: true, value: text };
  if ((text.length > limits.length && withBraces.test(text)) || depth > limits.depth)
    return { ok: false, problem: 'the text with variables is too long, or too deeply nested' };
  let value = '';
  let rest = text;
  for (;;) {
    const found = variable.exec(rest);
    if (found === null) return { ok: true, value: value + rest };
    const [match] = found;
    const end = closingBrace(match);
    const whole = end === undefined ? match : match.slice(0, end + 1);
    const replaced = replace(whole, lookup, depth);
    if (!replaced.ok) return replaced;
    value += rest.slice(0, found.index) + replaced.value;
    rest = rest.slice(found.index + whole.length);
  }
}

/** Where the first brace is closed again. The character behind an opening one never counts. */
function closingBrace(match: string): number | undefined {
  let open = 0;
  for (let at = 0; at < match.length; at++) {
    if (match[at] === '}') {
      open--;
      if (open === 0) return at;
    }
    if (match[at] === '{') {
      open++;
      at++;
    }
  }
  return undefined;
}

function replace(whole: string, lookup: Lookup, depth: number): Substituted {
  const { escaped, named, braced } = variable.exec(whole)?.groups ?? {};
  if (escaped !== undefined) return { ok: true, value: escaped };
  if (named !== undefined) return { ok: true, value: lookup(named) ?? '' };
  if (braced === undefined) return { ok: false, problem: `invalid variable: ${whole}` };
  const [, name = braced, operator, word = ''] = /^(\w+?)(:?[-+?])(.*)$/s.exec(braced) ?? [];
  const value = lookup(name);
  if (operator === undefined) return { ok: true, value: value ?? '' };
  // Compose reads the word first, and stumbles over what is wrong in it, whether it is wanted or not.
  const other = substitute(word, lookup, depth + 1);
  if (!other.ok) return other;
  const isSet = value !== undefined && (value !== '' || !operator.startsWith(':'));
  if (operator.endsWith('+')) return { ok: true, value: isSet ? other.value : (value ?? '') };
  if (isSet) return { ok: true, value };
  if (operator.endsWith('-')) return other;
  const reason = other.value === '' ? '' : `: ${other.value}`;
  return { ok: false, problem: `required variable ${name} is missing a value${reason}` };
}
