// A hint's `docker compose` line: typed as it stands, it finds the engine and the project that this call has looked at.
import type { DockerOptions, ProjectRequest } from '../arguments/argv.ts';
import type { ComposeLabels } from '../engine/labels.ts';
import { shellWord } from '../text/printable.ts';

/** What the caller has typed that leads to the engine and the project. What variables say holds for the next line as well. */
export interface Typed extends ProjectRequest {
  readonly docker: Partial<DockerOptions>;
  /** SERVICE is a container, of whatever project. */
  readonly container: boolean;
}

/** Where no call is at hand: the lines are the plain ones. */
export const nothingTyped: Typed = {
  docker: {},
  projectName: undefined,
  files: [],
  projectDirectory: undefined,
  container: false,
};

interface Meant {
  /** Where it has to be named: its containers were found, or the caller has named it. */
  readonly project?: string | undefined;
  /** Of a container of the project: from which files it was made, wherever that was. */
  readonly made?: ComposeLabels | undefined;
}

/** For what reads the Compose files, as `up` does: by those that were given. */
export const composeByFiles = (typed: Typed, words: readonly string[], meant: Meant = {}): string => {
  const name = meant.project ?? typed.projectName;
  return line(typed, [...filesOf(typed, meant.made), ...(name === undefined ? [] : ['-p', name]), ...words]);
};

/** For what needs containers alone, as `start` and `logs` do: by the project's name, which serves in every folder. */
export const composeByName = (typed: Typed, project: string | undefined, words: readonly string[]): string =>
  project === undefined ? composeByFiles(typed, words) : line(typed, ['-p', project, ...words]);

const line = (typed: Typed, words: readonly string[]): string =>
  `${dockerLine(typed)} compose ${words.map(shellWord).join(' ')}`;

/** `docker`, with the options of its own that lead to the same engine. */
export const dockerLine = ({ docker }: Pick<Typed, 'docker'>): string =>
  ['docker', ...dockerWords(docker)].map(shellWord).join(' ');

/** `docker netexec`, with what was typed that leads to the same container. */
export const netexecLine = (typed: Typed): string =>
  [
    dockerLine(typed),
    'netexec',
    ...[
      ...(typed.projectName === undefined ? [] : ['-p', typed.projectName]),
      ...typed.files.flatMap((file) => ['-f', file]),
      ...(typed.projectDirectory === undefined ? [] : ['--project-directory', typed.projectDirectory]),
      ...(typed.container ? ['--container'] : []),
    ].map(shellWord),
  ].join(' ');

/** docker's own options, as words that lead to the same engine. */
export const dockerWords = (docker: Typed['docker']): readonly string[] =>
  optionNames.flatMap(([key, option]) => optionWords(option, docker[key]));

const optionNames = [
  ['config', '--config'],
  ['context', '--context'],
  ['host', '--host'],
  ['tls', '--tls'],
  ['tlsVerify', '--tlsverify'],
  ['tlsCaCert', '--tlscacert'],
  ['tlsCert', '--tlscert'],
  ['tlsKey', '--tlskey'],
] as const satisfies readonly (readonly [keyof DockerOptions, string])[];

const optionWords = (option: string, value: string | boolean | undefined): readonly string[] =>
  value === undefined ? [] : typeof value === 'string' ? [option, value] : [value ? option : `${option}=false`];

function filesOf(typed: Typed, made: ComposeLabels | undefined): readonly string[] {
  const { files, projectDirectory, projectName, container } = typed;
  const given = [
    ...files.flatMap((file) => ['-f', file]),
    ...(projectDirectory === undefined ? [] : ['--project-directory', projectDirectory]),
  ];
  const { files: labelled = [], workingDirectory } = made ?? {};
  // Where neither names the project, it was found from this folder, and will be again.
  const isElsewhere = projectName !== undefined || container;
  if (given.length > 0 || !isElsewhere || !labelled.every((file) => file.startsWith('/'))) return given;
  const folder =
    labelled.length === 0 || workingDirectory === undefined ? [] : ['--project-directory', workingDirectory];
  return [...labelled.flatMap((file) => ['-f', file]), ...folder];
}
