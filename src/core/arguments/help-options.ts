// Reads the help text back: what it says of each option, for completion and the man page. There is one text to write.

export interface HelpOption {
  readonly name: string;
  readonly short: string | undefined;
  readonly value: string | undefined;
  /** In one line. */
  readonly text: string;
}

export interface HelpSection {
  /** Without its colon; the text in front of the first is the usage. */
  readonly title: string;
  readonly lines: readonly string[];
  readonly options: readonly HelpOption[];
}

export function helpSections(help: string): readonly HelpSection[] {
  const sections: { title: string; lines: string[] }[] = [{ title: 'Usage', lines: [] }];
  for (const line of help.trimEnd().split('\n')) {
    const title = /^(\w[\w ]*):$/.exec(line)?.[1];
    if (title === undefined) sections.at(-1)?.lines.push(line);
    else sections.push({ title, lines: [] });
  }
  return sections.map((section) => ({ ...section, options: readOptions(section.lines) }));
}

export const helpOptions = (help: string): readonly HelpOption[] =>
  helpSections(help).flatMap(({ options }) => options);

/** `  -p, --project-name NAME       Compose project, …`; what is too long has its text below, as a second line has. */
function readOptions(lines: readonly string[]): readonly HelpOption[] {
  const options: HelpOption[] = [];
  for (const line of lines) {
    const [, short, name, value, text = ''] =
      /^ {2}(?:-(\w), | {4})--([a-z-]+)(?: (\S+))?(?: {2,}(\S.*))?$/.exec(line) ?? [];
    const more = /^ {20,}(\S.*)$/.exec(line)?.[1];
    const before = options.at(-1);
    if (name !== undefined) options.push({ name, short, value, text });
    else if (more !== undefined && before !== undefined)
      options.splice(-1, 1, { ...before, text: `${before.text} ${more}`.trimStart() });
  }
  return options;
}
