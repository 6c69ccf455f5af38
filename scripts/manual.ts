// Makes the man page docker-netexec(1): the help text's sections, with the option table of docs/reference.md.
import { helpText } from '../src/core/arguments/help.ts';
import { helpSections } from '../src/core/arguments/help-options.ts';
import type { HelpSection } from '../src/core/arguments/help-options.ts';
import { referenceRows } from './reference-options.ts';

export function manual(version: string, reference: string): string {
  const [usage, ...sections] = helpSections(helpText);
  const usageLines = usage?.lines ?? [];
  const blank = usageLines.indexOf('');
  const examples = sections.find(({ title }) => title === 'Examples');
  const last = sections.at(-1);
  const exit = last?.lines.slice(last.lines.findIndex((line) => line.startsWith('Exit status:'))) ?? [];
  return [
    `.TH DOCKER-NETEXEC 1 "" "docker-netexec ${version}" "Docker CLI plugins"`,
    '.SH NAME',
    'docker-netexec \\- run programs of this machine in the network of a Compose service',
    '.SH SYNOPSIS',
    '.nf',
    ...usageLines.slice(0, blank).map((line) => escape(line.replace(/^(Usage:)?\s+/, ''))),
    '.fi',
    '.SH DESCRIPTION',
    escape(
      usageLines
        .slice(blank + 1)
        .join(' ')
        .trim(),
    ),
    '.SH OPTIONS',
    ...sections.flatMap((section) => optionSection(section, reference)),
    '.SH EXIT STATUS',
    escape(exit.join(' ').replace('Exit status: ', '')),
    '.SH EXAMPLES',
    '.nf',
    ...(examples?.lines ?? []).filter(Boolean).map((line) => escape(line.trim())),
    '.fi',
    '.SH SEE ALSO',
    '.BR docker (1),',
    '.BR nsenter (1),',
    '.BR network_namespaces (7)',
    '',
  ].join('\n');
}

function optionSection({ title, options }: HelpSection, reference: string): readonly string[] {
  if (options.length === 0) return [];
  const rows = referenceRows(reference);
  return [
    `.SS ${escape(title)}`,
    ...options.flatMap(({ name, short, value, text }) => {
      const row = rows.find(
        (each) =>
          each.options.length === 1 &&
          each.options[0]?.includes(`--${name}`) === true &&
          new RegExp(`--${name}(?: |$)`).test(each.options[0]),
      );
      const words = [short === undefined ? '' : `\\fB\\-${short}\\fR, `, `\\fB${escape(`--${name}`)}\\fR`];
      const meaning = withoutLinks(row?.meaning ?? text)
        .replaceAll('`', '')
        .replaceAll('\\|', '|');
      return ['.TP', words.join('') + (value === undefined ? '' : ` \\fI${escape(value)}\\fR`), escape(meaning)];
    }),
  ];
}

/** What a link leads to is not at hand in a terminal, and what is only there to lead goes with it. */
const withoutLinks = (text: string): string =>
  text
    .replaceAll(/: \[why\]\([^)]*\)|, see (?:below|\[below\]\([^)]*\))/g, '')
    .replaceAll(/\[([^\]]+)\]\([^)]*\)/g, '$1');

/** For troff: backslashes and dashes as they are, and no line that it takes for one of its own. */
const escape = (text: string): string =>
  text
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replace(/^([.'])/, '\\&$1');
