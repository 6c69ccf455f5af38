// Which names programs can look up: what DNS carries (RFC 1035, 2.3.4), and what the system's resolver asks it for.

const longest = { part: 63, name: 253 };

/** @returns why DNS cannot be asked for a name, as what is said of it: `has 70 characters, DNS allows 63` */
export function notCarried(name: string): string | undefined {
  if (name.startsWith('-')) return 'begins with a hyphen, which is not allowed';
  const parts = name.split('.');
  if (parts.includes('')) return 'has an empty part before, between or after dots';
  const odd = /[^\w.-]/u.exec(name)?.[0];
  // hostname(7); names with an underscore are usual all the same, and asked for.
  if (odd !== undefined)
    return `contains ${JSON.stringify(odd)}, but names consist of letters, digits, hyphens and underscores`;
  const part = parts.find(({ length }) => length > longest.part);
  if (part !== undefined)
    return `has ${part.length} characters${part === name ? '' : ' without a dot'}, but DNS allows ${longest.part}`;
  return name.length > longest.name ? `has ${name.length} characters, but DNS allows ${longest.name}` : undefined;
}

/** @returns why no program that asks the system's resolver finds a name, whatever DNS says of it */
export function notLookedUp(name: string): string | undefined {
  const address = readAsAddress(name);
  return address === undefined ? notCarried(name) : `is read as the address ${address}`;
}

/** inet_aton(3): one to four numbers, decimal, octal or hexadecimal, of which the last fills all that is left. */
function readAsAddress(name: string): string | undefined {
  const parts = name.split('.');
  if (parts.length > 4 || !parts.every((part) => /^(0x[\da-f]+|0[0-7]*|[1-9]\d*)$/i.test(part))) return undefined;
  const numbers = parts.map((part) => (/^0\d/.test(part) ? Number.parseInt(part, 8) : Number(part)));
  const last = numbers.pop() ?? 0;
  const open = 4 - numbers.length;
  if (numbers.some((number) => number > 255) || last >= 256 ** open) return undefined;
  const rest = Array.from({ length: open }, (_, place) => Math.floor(last / 256 ** (open - 1 - place)) % 256);
  return [...numbers, ...rest].join('.');
}
