// What the parts of docs/reliability.md are made of: lines of prose, tables, how many tests passed.

/** In lines of at most 100 columns; code is not broken. */
export function prose(text: string): string {
  const lines: string[] = [];
  for (const [word] of text.matchAll(/(?:`[^`]*`|[^\s`])+/g)) {
    const longer = `${lines.at(-1) ?? ''} ${word}`;
    if (lines.length > 0 && longer.length <= 100) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines.join('\n');
}

export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

/** By the runner's own count, at the end of its TAP. */
export function passedOf(tap: string): string {
  const [passed, all] = ['pass', 'tests'].map((word) => new RegExp(`^# ${word} (\\d+)$`, 'm').exec(tap)?.[1]);
  return `${passed} of ${all}`;
}
