// A process that passes for a container: with a network and mounts of its own, and in /etc the files that an engine keeps for it.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fakeEngine } from '../fake-engine.ts';
import type { FakeEngine, Reply, Wishes } from '../fake-engine.ts';
import { recordingWith } from '../recordings.ts';
import { inOwn } from './place.ts';
import type { Place } from './place.ts';

const containers = recordingWith().containers;
export const idOf = (name: string): string => String(containers[name]?.['Id']);

/** For a table of runs: the recorded project, in which one container can be entered. @returns its engine */
export async function withContainer(place: Place, name = 'shop-web-1', wishes: Wishes = {}): Promise<FakeEngine> {
  const pid = await startContainer(place, idOf(name));
  const engine = await fakeEngine(recordingWith({ folder: place.cwd, pids: { [name]: pid } }), place.socket, wishes);
  place.cleanUp(() => engine.close());
  return engine;
}

/** The id of the helper container, and what an engine that makes it answers: it never ends. */
export const helper = 'ab'.repeat(32);
export const emptyImage = {
  Id: `sha256:${'cd'.repeat(32)}`,
  RootFS: { Layers: ['sha256:5f70bf18a086007016e948b04aed3b82103a36bea41755b6cddfaf10ace3c6ef'] },
  Config: {},
};
export const helperReplies: Readonly<Record<string, Reply>> = {
  'GET /images/docker-netexec:helper/json': { status: 200, json: emptyImage },
  'POST /containers/create': { status: 201, json: { Id: helper, Warnings: [] } },
  [`POST /containers/${helper}/attach`]: {
    answer: (connection) => connection.write('HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n'),
  },
  [`POST /containers/${helper}/wait`]: {
    answer: (connection) => connection.write('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n'),
  },
  [`POST /containers/${helper}/start`]: { bytes: 'HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n' },
  [`DELETE /containers/${helper}`]: { bytes: 'HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n' },
};

/** As of an engine that knows of no runc, and whose default runtime starts nothing. */
export const withOddRuntime = (): Wishes =>
  makingContainers(
    { status: 400, json: { message: 'Unknown runtime specified runc' } },
    { status: 400, json: { message: 'OCI runtime create failed: odd: no such program' } },
  );

/** As of an engine whose image another run has taken away in between, once; it makes no container then, for want of room. */
export const withLostImage = (): Wishes =>
  makingContainers(
    { status: 404, json: { message: 'No such image: sha256:1' } },
    { status: 500, json: { message: 'no space left on device' } },
  );

/** @param answers to one request for a container after the other */
function makingContainers(...answers: readonly Reply[]): Wishes {
  let asked = 0;
  const layer = 'sha256:5f70bf18a086007016e948b04aed3b82103a36bea41755b6cddfaf10ace3c6ef';
  const image = { Id: 'sha256:1', RootFS: { Layers: [layer] }, Config: {} };
  return {
    reply: (request): Reply | undefined => {
      if (request.startsWith('GET /images/')) return { status: 200, json: image };
      if (request === 'GET /info') return { status: 200, json: { DefaultRuntime: 'odd' } };
      return request === 'POST /containers/create' ? answers[asked++] : undefined;
    },
  };
}

/**
 * @param namespaces further ones of its own
 * @returns the number of its first process, once the mounts are there
 */
export async function startContainer(place: Place, id: string, ...namespaces: readonly string[]): Promise<number> {
  const folder = join(place.folder, id);
  mkdirSync(folder);
  for (const file of ['hosts', 'resolv.conf']) writeFileSync(join(folder, file), '');
  const [program = '', ...words] = inOwn('--mount', '--net', ...namespaces);
  const script = `for file in hosts resolv.conf; do
    mount --bind "$1/$file" "/etc/$file" || exit
  done
  echo ready
  exec sleep 600`;
  const child = spawn(program, [...words, 'sh', '-c', script, 'sh', folder], { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(child, 'exit');
  place.cleanUp(async () => {
    child.kill('SIGKILL');
    await ended;
  });
  await Promise.race([once(child.stdout, 'data'), ended]);
  if (child.pid === undefined || child.exitCode !== null) throw new Error('the fake container did not start');
  // In a process namespace of its own it is a child of unshare's.
  const children = readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8');
  return namespaces.includes('--pid') ? Number.parseInt(children, 10) : child.pid;
}
