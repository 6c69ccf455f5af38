// Keeps names up to date while COMMAND runs outside of containers: looks again whenever the engine tells that one may have changed.
import { watch } from 'node:fs';
import type { FSWatcher } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { nameEvents } from '../../core/engine/network-events.ts';
import type { EngineAddress } from '../../core/engine/engine-address.ts';
import { dockerode } from '../engine/dockerode.ts';
import { releaseCode } from './release-code.ts';
import { linesOf, openEvents, settled } from './watch.ts';

/** Between two looks: a container that starts is told of many times. */
const rest = { milliseconds: 200 };
const untilAgain = { milliseconds: 1000 };

/** @param look is called once the engine listens, and then after whatever may change names; never twice at a time */
export async function keepNames(
  endpoint: EngineAddress,
  look: () => Promise<void>,
  stopping: AbortSignal,
): Promise<void> {
  const docker = dockerode(endpoint);
  if (!docker.ok) return;
  let wanted = false;
  let looking = false;
  const lookSoon = async (): Promise<void> => {
    wanted = true;
    if (looking) return;
    looking = true;
    while (wanted && !stopping.aborted) {
      await pause(rest.milliseconds, undefined, { ref: false });
      wanted = false;
      // An engine that does not answer is asked again when it is back.
      await look().catch(() => {});
    }
    looking = false;
  };
  setTimeout(releaseCode, settled.milliseconds).unref();
  const ownHosts = watchOwnHosts(() => void lookSoon());
  stopping.addEventListener('abort', () => ownHosts?.close());
  while (!stopping.aborted) {
    try {
      const stream = await openEvents(docker.value, Date.now() / 1000, stopping, nameEvents);
      void lookSoon();
      for await (const line of linesOf(stream)) if (line !== '') void lookSoon();
    } catch {
      // It is away.
    }
    await pause(untilAgain.milliseconds, undefined, { ref: false });
  }
}

/** What this machine's own hosts file says is in COMMAND's, too; by the folder, since a new one is put into its place. */
function watchOwnHosts(changed: () => void): FSWatcher | undefined {
  try {
    return watch('/etc', { persistent: false }, (_, file) => file === 'hosts' && changed());
  } catch {
    // No more may be watched (inotify(7)): it is read again with the next change of names.
    return undefined;
  }
}
