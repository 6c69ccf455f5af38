// --replace: containers that are stopped for as long as COMMAND runs, and started again however netexec ends.
import { setTimeout as pause } from 'node:timers/promises';
import type { EngineAddress, Environment } from '../../core/engine/engine-address.ts';
import type { ListedContainer } from '../../core/engine/containers.ts';
import { fail, success } from '../../core/failure/failure.ts';
import type { Failure, Result } from '../../core/failure/failure.ts';
import { parseJson } from '../../core/json/decode.ts';
import { shellWord } from '../../core/text/printable.ts';
import { ownVariables, withoutRuntimes } from '../../core/entry/environment.ts';
import { restoreWords } from '../../roles.ts';
import { connectActions } from '../engine/engine-actions.ts';
import type { EngineActions } from '../engine/engine-actions.ts';
import { callerName } from '../observe/caller.ts';
import { say } from '../terminal/say.ts';

type Stopped = Pick<ListedContainer, 'id' | 'name'>;

/** Has them run again. */
export type Restore = () => Promise<void>;

/** @param sh the machine's, which waits in netexec's stead */
export async function stopReplaced(
  actions: EngineActions,
  endpoint: EngineAddress,
  containers: readonly Stopped[],
  sh: string,
  env: Environment,
): Promise<Result<Restore>> {
  const guard = spawnGuard(sh, endpoint, containers, env);
  say(
    `${said(containers, 'is', 'are')} stopped, and ${containers.length === 1 ? 'starts' : 'start'} again when COMMAND has ended`,
  );
  const stops = containers.map(({ id }) => actions.wait(`POST /containers/${id}/stop`).answer);
  const refused = (await Promise.all(stops)).find((each) => !each.ok && !isThatWay(each.failure));
  const restore = async (): Promise<void> => {
    await startAgain(actions, containers);
    // A line tells it from netexec's end.
    guard.stdin.write('\n');
    guard.stdin.end();
  };
  if (refused === undefined || refused.ok) return success(restore);
  await restore();
  return fail(refused.failure);
}

/** By kill -9 it hears the end of its input, without a line. It is in a session of its own: no Ctrl-C meets it. */
function spawnGuard(sh: string, endpoint: EngineAddress, containers: readonly Stopped[], env: Environment) {
  const task = JSON.stringify({ endpoint, containers: containers.map(({ id, name }) => ({ id, name })) });
  return Bun.spawn([sh, '-c', 'read -r _ || exec "$@"', 'netexec', process.execPath, ...restoreWords(task)], {
    detached: true,
    cwd: '/',
    env: { ...withoutRuntimes(env), ...ownVariables },
    stdio: ['pipe', 'ignore', 'inherit'],
  });
}

/** The guard's part, in a process of its own. */
export async function restoreContainers([task = '']: readonly string[]): Promise<void> {
  const { endpoint, containers } = parseJson(task) as { endpoint: EngineAddress; containers: readonly Stopped[] };
  const actions = connectActions(endpoint, callerName);
  if (actions.ok) await startAgain(actions.value, containers);
}

/** What has stood in for them may have their ports a moment longer. */
const longest = { looks: 60, betweenLooks: 250 };

async function startAgain(actions: EngineActions, containers: readonly Stopped[]): Promise<void> {
  const start = async ({ id, name }: Stopped): Promise<void> => {
    for (let looks = 1; ; looks++) {
      const started = await actions.ask(`POST /containers/${id}/start`);
      if (started.ok || isThatWay(started.failure)) return;
      if (looks >= longest.looks || !isBusy(started.failure)) {
        const { explain } = await import('../../core/failure/explain.ts');
        return say(`${name} does not start again (docker start ${shellWord(name)}): ${explain(started.failure).what}`);
      }
      await pause(longest.betweenLooks);
    }
  };
  await Promise.all(containers.map(start));
}

/** It runs, or does not, already. */
const isThatWay = (failure: Failure): boolean => failure.kind === 'engine-refused' && failure.status === 304;

const isBusy = (failure: Failure): boolean =>
  failure.kind === 'engine-refused' && /already (allocated|in use)/i.test(failure.message);

const said = (containers: readonly Stopped[], one: string, several: string): string =>
  `${containers.map(({ name }) => name).join(', ')} ${containers.length === 1 ? one : several}`;
