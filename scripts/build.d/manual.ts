// Makes the man page docker-netexec(1), of what help says, the option table, and what docs/reference.md says of each.
import { helpParts } from '../../src/core/arguments/help-text.ts';
import { sections } from '../../src/core/arguments/options.ts';
import type { NamedOption } from '../../src/core/arguments/options.ts';
import { optionMeanings } from '../reference-options.ts';

export function manual(version: string, reference: string): string {
  const meanings = optionMeanings(reference);
  return [
    `.TH DOCKER-NETEXEC 1 "" "docker-netexec ${version}" "Docker CLI plugins"`,
    '.SH NAME',
    'docker-netexec \\- run programs from this machine in the network of a Compose service',
    '.SH SYNOPSIS',
    '.nf',
    ...helpParts.usage.map(escape),
    '.fi',
    '.SH DESCRIPTION',
    escape(helpParts.description.join(' ')),
    '.SH OPTIONS',
    ...sections.flatMap(({ title, options }) => [
      ...(title === '' ? [] : [`.SS ${escape(title)}`]),
      ...options.flatMap((option) => optionLines(option, meanings.get(option.name) ?? option.help)),
    ]),
    '.SH EXIT STATUS',
    escape(helpParts.exitStatus.join(' ')),
    '.SH EXAMPLES',
    '.nf',
    ...helpParts.examples.map(escape),
    '.fi',
    '.SH SEE ALSO',
    '.BR docker (1),',
    '.BR nsenter (1),',
    '.BR network_namespaces (7)',
    '',
  ].join('\n');
}

const optionLines = ({ name, short, value }: NamedOption, meaning: string): readonly string[] => [
  '.TP',
  [
    short === undefined ? '' : `\\fB\\-${short}\\fR, `,
    `\\fB${escape(`--${name}`)}\\fR`,
    value === undefined ? '' : ` \\fI${escape(value.word)}\\fR`,
  ].join(''),
  escape(withoutLinks(meaning).replaceAll('`', '')),
];

/** What a link leads to is not at hand in a terminal, and what is only there to lead goes with it. */
const withoutLinks = (text: string): string =>
  text.replaceAll(/: \[why\]\([^)]*\)|, see \[[^\]]+\]\([^)]*\)/g, '').replaceAll(/\[([^\]]+)\]\([^)]*\)/g, '$1');

/** For troff: backslashes and dashes as they are, and no line that it takes for one of its own. */
const escape = (text: string): string =>
  text
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replace(/^([.'])/, '\\&$1');
