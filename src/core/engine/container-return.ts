// Whether a container that cannot be entered now may be there again in a moment, for --restart.
import { describeRestarts } from './container-ending.ts';
import type { Failure } from '../failure/failure.ts';

/** @returns `web, which keeps restarting (status 3, 7 times)`; undefined where the engine is not about to start it again */
export function whoRestarts(failure: Failure): string | undefined {
  const [called, restarting] =
    failure.kind === 'service-not-running'
      ? [failure.service, failure.containers.find(({ state }) => state === 'restarting')]
      : failure.kind === 'container-not-running' && failure.state === 'restarting'
        ? [failure.container, failure]
        : [];
  if (called === undefined || restarting === undefined) return undefined;
  return `${called}, which keeps restarting${restarting.ending ? describeRestarts(restarting.ending) : ''}`;
}

/** Whether a container that was there is being stopped, made anew or started again, as it looks from outside. */
export const mayReturn = ({ kind }: Failure): boolean => passing.includes(kind);

const passing: readonly Failure['kind'][] = [
  'service-not-running',
  'service-unknown',
  'project-empty',
  'no-project',
  'replica-unknown',
  // Swarm makes another task, after some seconds.
  'no-running-task',
  'no-manager',
  'container-unknown',
  'container-not-running',
  'container-not-here',
  'engine-unreachable',
  'engine-silent',
  'engine-nonsense',
  'engine-refused',
];
