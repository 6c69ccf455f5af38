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

/** As the engine's list has it. */
export interface Marker extends Replaced {
  /** When it was made, in seconds since 1970. */
  readonly created: number;
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

/** What stands in a list of containers with one that tells. */
export interface Told {
  readonly id: string;
  readonly name: string;
  readonly state: string;
  readonly replaced?: Marker;
}

/**
 * Of those whose netexec has ended.
 * @returns the names of the containers that still are stopped; and the ids of what tells of none, and has never started: a
 *   container that runs may have any label, and is not netexec's
 */
export function judgeMarkers(listed: readonly Told[], hasEnded: (marker: Marker) => boolean) {
  const stopped: string[] = [];
  const done: string[] = [];
  for (const { id, state, replaced } of listed) {
    if (replaced === undefined || state !== 'created' || !hasEnded(replaced)) continue;
    const there = listed.filter(({ name }) => replaced.containers.includes(name));
    const still = there.filter((each) => !['running', 'paused', 'restarting'].includes(each.state));
    if (still.length === 0) done.push(id);
    stopped.push(...still.map(({ name }) => name));
  }
  return { stopped: stopped as readonly string[], done: done as readonly string[] };
}

/** @param stopped those that still do not run */
export const replacedText = (stopped: readonly string[]): string =>
  `${stopped.join(', ')}: stopped by --replace, and netexec could not start ${stopped.length === 1 ? 'it' : 'them'} again`;

export const replacedCure = (stopped: readonly string[]): string => `docker start ${stopped.map(shellWord).join(' ')}`;
