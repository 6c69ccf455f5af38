// What several COMMANDs print, told apart as `docker compose logs` does: each line with the container's name in front.

/** `web-1  | `, as wide for each: Compose leaves the project out of a name that it has made itself. */
export function linePrefixes(containers: readonly string[], project: string | undefined): readonly string[] {
  const start = `${project}-`;
  const names = containers.map((name) => (name.startsWith(start) ? name.slice(start.length) : name));
  const width = Math.max(...names.map(({ length }) => length));
  return names.map((name) => `${name.padEnd(width + 1)} | `);
}

export interface LinePrefixer {
  /** @returns the lines that are whole by now */
  take(piece: Uint8Array): Uint8Array;
  /** @returns what is left of a line without an end */
  end(): Uint8Array;
}

/** A line that is longer is told in parts. */
const longestLine = 64 * 1024;
const lineEnd = 10;

/** Byte by byte: whatever is printed, only the prefixes are added, and an end to the last line. */
export function prefixLines(prefix: string): LinePrefixer {
  const front = Buffer.from(prefix);
  let rest = Buffer.alloc(0);
  const flush = (): Uint8Array => {
    const last = rest.length === 0 ? rest : Buffer.concat([front, rest, Buffer.of(lineEnd)]);
    rest = Buffer.alloc(0);
    return last;
  };
  return {
    take: (piece) => {
      const text = Buffer.concat([rest, piece]);
      const lines: Uint8Array[] = [];
      let from = 0;
      for (let to = text.indexOf(lineEnd); to >= 0; to = text.indexOf(lineEnd, from)) {
        lines.push(front, text.subarray(from, to + 1));
        from = to + 1;
      }
      rest = text.subarray(from);
      if (rest.length > longestLine) lines.push(flush());
      return Buffer.concat(lines);
    },
    end: flush,
  };
}
