// --replace: containers that are stopped for as long as COMMAND runs, and started again however netexec ends.
import { setTimeout as pause } from 'node:timers/promises';
import type { EngineAddress, Environment } from '../../core/engine/engine-address.ts';
import type { ListedContainer } from '../../core/engine/containers.ts';
import { isContainerId } from '../../core/engine/helper-specification.ts';
import { markerContainer } from '../../core/own-container/replaced-marker.ts';
import type { Replaced } from '../../core/own-container/replaced-marker.ts';
import { fail, success } from '../../core/failure/failure.ts';
import type { Failure, Result } from '../../core/failure/failure.ts';
import { parseJson } from '../../core/json/decode.ts';
import { shellWord } from '../../core/text/printable.ts';
import { ownVariables, withoutRuntimes } from '../../core/entry/environment.ts';
import { restoreWords } from '../../roles.ts';
import { connectActions, inJson } from '../engine/engine-actions.ts';
import type { EngineActions } from '../engine/engine-actions.ts';
import { removeContainer } from '../engine/own-containers.ts';
import { isUnreached } from './far-way.ts';
import { supervisor } from '../engine/supervisors.ts';
import { callerName } from '../observe/caller.ts';
import { say } from '../terminal/say.ts';

type Stopped = Pick<ListedContainer, 'id' | 'name'>;

/** The guard's. */
interface Task {
  readonly endpoint: EngineAddress;
  readonly containers: readonly Stopped[];
  /** The id of the container that tells of them. */
  readonly marker: string;
}

/** Has them run again. */
export type Restore = () => Promise<void>;

/**
 * @param image of the container that tells of them until they run again
 * @param sh the machine's, which waits in netexec's stead
 */
export async function stopReplaced(
  actions: EngineActions,
  endpoint: EngineAddress,
  { project, replaces: containers }: { readonly project: string; readonly replaces: readonly Stopped[] },
  image: Result<string>,
  sh: string,
  env: Environment,
): Promise<Result<Restore>> {
  if (!image.ok) return image;
  const names = containers.map(({ name }) => name);
  const marker = await makeMarker(actions, image.value, { project, supervisor: supervisor(), containers: names });
  if (!marker.ok) return marker;
  const guard = spawnGuard(sh, { endpoint, containers, marker: marker.value }, env);
  say(
    `${said(containers, 'is', 'are')} stopped, and ${containers.length === 1 ? 'starts' : 'start'} again when COMMAND exits`,
  );
  const stops = containers.map(({ id }) => actions.wait(`POST /containers/${id}/stop`).answer);
  const refused = (await Promise.all(stops)).find((each) => !each.ok && !isThatWay(each.failure));
  const restore = async (): Promise<void> => {
    await startAgain(actions, containers, marker.value);
    // A line tells it from netexec's end.
    guard.stdin.write('\n');
    guard.stdin.end();
  };
  if (refused === undefined || refused.ok) return success(restore);
  await restore();
  return fail(refused.failure);
}

async function makeMarker(actions: EngineActions, image: string, replaced: Replaced): Promise<Result<string>> {
  const request = 'POST /containers/create';
  const made = await actions.ask(request, inJson(markerContainer(image, replaced)));
  if (!made.ok) return made;
  const { Id: id } = made.value as { Id?: unknown };
  return isContainerId(id) ? success(id) : fail({ kind: 'engine-nonsense', request, problem: 'Id: invalid format' });
}

/** By kill -9 it hears the end of its input, without a line. It is in a session of its own: no Ctrl-C meets it. */
function spawnGuard(sh: string, { endpoint, containers, marker }: Task, env: Environment) {
  const task = JSON.stringify({ endpoint, containers: containers.map(({ id, name }) => ({ id, name })), marker });
  return Bun.spawn([sh, '-c', 'read -r _ || exec "$@"', 'netexec', process.execPath, ...restoreWords(task)], {
    detached: true,
    cwd: '/',
    env: { ...withoutRuntimes(env), ...ownVariables },
    stdio: ['pipe', 'ignore', 'inherit'],
  });
}

/** The guard's part, in a process of its own. */
export async function restoreContainers([task = '']: readonly string[]): Promise<void> {
  const { endpoint, containers, marker } = parseJson(task) as Task;
  const actions = connectActions(endpoint, callerName);
  if (actions.ok) await startAgain(actions.value, containers, marker);
}

/** What has stood in for them may have their ports a moment longer. */
const longest = { looks: 60, betweenLooks: 250 };

async function startAgain(actions: EngineActions, containers: readonly Stopped[], marker: string): Promise<void> {
  const start = async ({ id, name }: Stopped): Promise<boolean> => {
    for (let looks = 1; ; looks++) {
      const started = await actions.ask(`POST /containers/${id}/start`);
      if (started.ok || isThatWay(started.failure)) return true;
      if (looks >= longest.looks || !(isBusy(started.failure) || isUnreached(started.failure))) {
        const { explain } = await import('../../core/failure/explain.ts');
        say(`cannot start ${name} again (docker start ${shellWord(name)}): ${explain(started.failure).what}`);
        return false;
      }
      await pause(longest.betweenLooks);
    }
  };
  const started = await Promise.all(containers.map(start));
  if (started.every(Boolean)) await removeContainer(actions, marker);
}

/** It runs, or does not, already. */
const isThatWay = (failure: Failure): boolean => failure.kind === 'engine-refused' && failure.status === 304;

const isBusy = (failure: Failure): boolean =>
  failure.kind === 'engine-refused' && /already (allocated|in use)/i.test(failure.message);

const said = (containers: readonly Stopped[], one: string, several: string): string =>
  `${containers.map(({ name }) => name).join(', ')} ${containers.length === 1 ? one : several}`;
