// The help text, in sections. What it says of options is in their table.
import { formsOf } from './option-words.ts';
import { sections } from './options.ts';
import type { NamedOption } from './options.ts';

export const usageLine = 'docker netexec [OPTIONS] SERVICE [--] [COMMAND [ARG...]]';

export const checkUsage = 'docker netexec [OPTIONS] --check [SERVICE [HOST[:PORT]...]]';

export const printEnvUsage = 'docker netexec [OPTIONS] --print-env SERVICE';

/** What help and man page say besides, a line each. */
export const helpParts = {
  usage: [
    usageLine,
    'docker netexec [OPTIONS] --on NETWORK[,NETWORK...] -- [COMMAND [ARG...]]',
    `${checkUsage} | --doctor`,
    'docker netexec [OPTIONS] --list-networks | --list-names [SERVICE]',
    'docker netexec [OPTIONS] --hostaliases [NETWORK] | --print-env SERVICE',
  ],
  description: [
    'Run a program from this machine in the network of a Compose service. It reaches',
    'the other services by name, as SERVICE does, and keeps your user, files,',
    'environment, terminal and exit status. Without COMMAND, it starts your shell.',
  ],
  examples: [
    'docker netexec web -- psql -h postgres -U app',
    'docker netexec web curl http://api:8080/health',
    'docker netexec --check web postgres:5432',
  ],
  exitStatus: [
    "COMMAND's own; 128+n if signal n ended it; 125 if netexec failed,",
    '126 if COMMAND cannot run, 127 if it is not found; 1 if --check finds a fault.',
  ],
};

/** As help and reference show it: `-p, --project-name NAME`. */
export const optionForm = (option: NamedOption): string =>
  formsOf(option).toReversed().join(', ') + (option.value === undefined ? '' : ` ${option.value.word}`);

const width = 32;

function optionLine(option: NamedOption): string {
  const form = (option.short === undefined ? '      ' : '  ') + optionForm(option);
  const column = form.length > width - 2 ? `${form}\n${' '.repeat(width)}` : form.padEnd(width);
  return column + option.help;
}

export const helpText = [
  `Usage:  ${helpParts.usage.join('\n        ')}`,
  helpParts.description.join('\n'),
  ['Examples:', ...helpParts.examples.map((line) => `  ${line}`)].join('\n'),
  ...sections.map(({ title, options }) =>
    [...(title === '' ? [] : [`${title}:`]), ...options.map(optionLine)].join('\n'),
  ),
  `Exit status: ${helpParts.exitStatus.join('\n')}\n`,
].join('\n\n');
