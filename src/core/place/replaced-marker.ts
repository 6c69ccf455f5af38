// What is left of `--stand-in --replace` where neither netexec nor its guard could start again what it had stopped: a container that never starts, whose labels tell.
import { ofProject } from '../engine/labels.ts';
import type { Labels } from '../engine/labels.ts';
import { shellWord } from '../text/printable.ts';

/** What was stopped, by whom. */
export interface Replaced {
  readonly project: string;
  /** As the label of netexec's own containers has it. */
  readonly supervisor: string;
  readonly containers: readonly string[];
}

/** The netexec that has stopped them. */
const replacedLabel = 'docker-netexec.replaced-by';
const namesLabel = 'docker-netexec.replaced';
const projectLabel = 'docker-netexec.replaced-in';

/**
 * Of the project's labels it has the one by which the engine lists it, and none by which Compose takes a container for a service's.
 * @returns the body of POST /containers/create
 */
export const markerContainer = (image: string, { project, supervisor, containers }: Replaced): object => ({
  Image: image,
  Entrypoint: ['/never'],
  Labels: {
    ...Object.fromEntries(ofProject(project).map((filter) => filter.split('=') as [string, string])),
    [replacedLabel]: supervisor,
    [namesLabel]: containers.join(' '),
    [projectLabel]: project,
  },
  HostConfig: { NetworkMode: 'none', LogConfig: { Type: 'none', Config: {} } },
});

/** @returns undefined for any other container */
export function readReplaced(labels: Labels): Replaced | undefined {
  const [supervisor, project] = [labels?.[replacedLabel], labels?.[projectLabel]];
  if (supervisor === undefined || project === undefined) return undefined;
  return { project, supervisor, containers: (labels?.[namesLabel] ?? '').split(' ').filter(Boolean) };
}

/** @param stopped those that still do not run */
export const replacedText = (stopped: readonly string[]): string =>
  `${stopped.join(', ')}: stopped by a --replace whose netexec could not start ${stopped.length === 1 ? 'it' : 'them'} again`;

export const replacedCure = (stopped: readonly string[]): string => `docker start ${stopped.map(shellWord).join(' ')}`;
