// A service that has no container here, in a swarm: what its manager makes of the failure.
import type { SwarmService, SwarmTask } from '../engine/swarm.ts';
import { goneNode, runs, shortName } from '../engine/swarm.ts';
import type { Network } from '../engine/networks.ts';
import type { Failure } from '../failure/failure.ts';

/** The project that the service was looked for in, which may be none; undefined where a manager would not know more. */
export function askedOfSwarm(failure: Failure): { readonly project: string | undefined } | undefined {
  const { kind } = failure;
  if (kind === 'no-project') return { project: undefined };
  const isMissing = kind === 'service-unknown' || kind === 'service-not-running' || kind === 'replica-unknown';
  return isMissing || kind === 'project-empty' ? { project: failure.project } : undefined;
}

/** By SERVICE of the stack, STACK_SERVICE, or either with the number of a task. */
export function serviceMeant(
  services: readonly SwarmService[],
  project: string | undefined,
  word: string,
): SwarmService | undefined {
  const called = [word, word.replace(/\.\d+$/, '')];
  return services.find(({ name, key, stack }) =>
    called.some((each) => each === name || (project !== undefined && stack === project && each === key)),
  );
}

/**
 * @param index the number of the task that is wanted; any
 * @param ownNode the id of the node whose containers are known
 * @param contextTo the name of the context of docker's that leads to a node
 */
export function failureOf(
  service: SwarmService,
  word: string,
  index: number | undefined,
  ownNode: string,
  networks: readonly Network[],
  contextTo: (node: NonNullable<SwarmTask['node']>) => string | undefined,
): Failure | undefined {
  const { name, key, stack, trouble, tasks } = service;
  if (!runs(service)) return { kind: 'no-running-task', stack, name, wanted: tasks.length, trouble };
  const number = index ?? /\.(\d+)$/.exec(word)?.[1];
  const running = tasks.filter(({ isRunning }) => isRunning);
  const isWanted = (task: SwarmTask): boolean => number === undefined || shortName(task) === `${name}.${number}`;
  const wanted = running.filter((task) => isWanted(task) && task.node?.id !== ownNode);
  if (wanted.length === 0) {
    const numbers = running.map((task) => Number(/\d+$/.exec(shortName(task))?.[0]));
    return number === undefined || stack === undefined || running.some(isWanted)
      ? undefined
      : { kind: 'replica-unknown', project: stack, service: key, index: Number(number), running: numbers };
  }
  const joined = networks.find(
    ({ id, reach }) => reach === 'swarm, attachable' && service.networks.some((each) => each.id === id),
  );
  return {
    kind: 'task-elsewhere',
    stack,
    service: key,
    tasks: wanted.map((task) => ({
      name: shortName(task),
      node: task.node?.name ?? goneNode,
      address: task.node?.address ?? '',
      context: task.node && contextTo(task.node),
    })),
    attachable:
      joined === undefined ? undefined : joined.compose?.project === stack ? joined.compose?.key : joined.name,
  };
}
