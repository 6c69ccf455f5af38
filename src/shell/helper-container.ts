// The way in by the engine: a throw-away container that comes back to this machine, enters, and becomes COMMAND.
import { closeSync, constants, existsSync, fstatSync, openSync, readlinkSync } from 'node:fs';
import type { Duplex } from 'node:stream';
import { finished } from 'node:stream/promises';
import { isatty } from 'node:tty';
import type Docker from 'dockerode';
import { entryArgv } from '../core/entry-argv.ts';
import type { Lifelines, StageTexts } from '../core/entry-argv.ts';
import { fail, success } from '../core/failure.ts';
import type { Result } from '../core/failure.ts';
import { emptyImageId, helperContainer, helperImage, helperLabel, planStreams } from '../core/helper-container.ts';
import type { Descriptor, Streams } from '../core/helper-container.ts';
import type { EntryPlan } from '../core/plan.ts';
import { dockerode, explainModem } from './dockerode.ts';
import type { Entered } from './enter.ts';
import { callerName } from './host.ts';
import { startTime } from './proof.ts';
import { carryStreams, terminalSize } from './helper-streams.ts';
import type { LifelineFiles } from './lifelines.ts';
import { forwardSignals } from './signals.ts';
import { enterFolder } from './system.ts';

/** @returns COMMAND's exit status; a failure where COMMAND was never started */
export async function enterByEngine(
  plan: EntryPlan,
  texts: StageTexts,
  lifelines: Lifelines,
  files: LifelineFiles,
  accompany: (entered: Entered) => () => void,
): Promise<Result<number>> {
  const connected = dockerode(plan.endpoint);
  if (!connected.ok) return connected;
  const docker = connected.value;
  const streams = planStreams([observeDescriptor(0), observeDescriptor(1), observeDescriptor(2)], process.pid);
  const argv = entryArgv(plan, texts, {
    ...lifelines,
    reopened: streams.reopened,
    terminalSize: streams.terminal ? terminalSize() : undefined,
  });
  const before = openSync('.', constants.O_RDONLY | constants.O_DIRECTORY);
  try {
    // The container comes back to netexec's own working directory.
    if (plan.workdir !== undefined) process.chdir(plan.workdir);
    const container = await create(docker, argv, plan, streams);
    return await run(docker, container, plan, streams, files, accompany);
  } catch (error) {
    return explainModem(error, (error as Asked).request ?? '', plan.endpoint, callerName);
  } finally {
    files.close();
    // --restart looks for the project from where netexec was called; also where that folder has no name any more.
    enterFolder(before);
    closeSync(before);
  }
}

interface Asked {
  readonly request?: string;
}

/** Has what goes wrong tell what was asked. */
async function asking<Answer>(request: string, answer: Promise<Answer>): Promise<Answer> {
  try {
    return await answer;
  } catch (error) {
    throw Object.assign(error as object, { request } satisfies Asked);
  }
}

async function run(
  docker: Docker,
  container: Docker.Container,
  plan: EntryPlan,
  streams: Streams,
  files: LifelineFiles,
  accompany: (entered: Entered) => () => void,
): Promise<Result<number>> {
  let signalled = false;
  const signal = (name: NodeJS.Signals): void => {
    signalled = true;
    files.signal(name);
  };
  const letGo = [forwardSignals(signal, plan.ignoredSignals, false), accompany({ signal })];
  try {
    const stream = await asking('POST /containers/ID/attach', attach(container, streams));
    // Asked before the start: a container that is gone cannot be asked any more.
    const gone = container.wait({ condition: 'removed' }) as Promise<{ readonly StatusCode: number }>;
    gone.catch(() => {});
    const carried = carryStreams(docker, container, stream, streams, () => signal('SIGPIPE'));
    letGo.push(() => carried.release());
    await asking('POST /containers/ID/start', container.start());
    void removeForgottenContainers(docker).catch(() => {});
    const { StatusCode: status } = await asking('POST /containers/ID/wait', gone);
    await carried.printed;
    if (files.isReady() || signalled || status === 125) return success(status);
    return fail({ kind: 'stage-failed', status, way: plan.way.kind, reason: undefined });
  } catch (error) {
    // One that has started goes with its COMMAND, and takes itself away.
    await container.remove({ force: true }).catch(() => {});
    throw error;
  } finally {
    for (const each of letGo) each();
  }
}

async function create(
  docker: Docker,
  argv: readonly string[],
  plan: EntryPlan,
  streams: Streams,
): Promise<Docker.Container> {
  const started = startTime('self');
  // Given whole, dockerode would put it into the query as well. In `docker ps` its name tells whose it is.
  const options = {
    _query: { name: `docker-netexec-${process.pid}-${started}` },
    _body: helperContainer({
      image: await findImage(docker),
      argv,
      supervisor: `${process.pid} ${started}`,
      capabilities: plan.capabilities,
      streams,
      folders: ['/usr', '/bin', '/lib', '/lib64', '/nix'].filter((folder) => existsSync(folder)),
      limits: plan.limits,
    }),
  } as Docker.ContainerCreateOptions;
  return asking('POST /containers/create', docker.createContainer(options));
}

/** @returns the id of the empty image, which is made where it is missing, or where its name is another's */
async function findImage(docker: Docker): Promise<string> {
  const name = `${helperImage.repository}:${helperImage.tag}`;
  const present = await docker
    .getImage(name)
    .inspect()
    .catch(() => undefined);
  const id = emptyImageId(present) ?? (await asking('POST /images/create', makeImage(docker)));
  if (id === undefined) throw new Error(`the engine makes no empty image of nothing: ${name}`);
  return id;
}

/** Of an archive with nothing in it: two blocks of zeros (tar(5)). */
async function makeImage(docker: Docker): Promise<string | undefined> {
  const { repository: repo, tag } = helperImage;
  const progress = await docker.importImage(Buffer.alloc(1024) as never, {
    repo,
    tag,
    changes: `LABEL ${helperLabel}=`,
  });
  await finished(progress.resume());
  // Two that make it at once leave one without a name.
  const filters = { dangling: ['true'], label: [helperLabel] };
  await docker.pruneImages({ filters: JSON.stringify(filters) as never });
  return emptyImageId(await docker.getImage(`${repo}:${tag}`).inspect());
}

async function attach(container: Docker.Container, { reopened }: Streams): Promise<Duplex> {
  const stream = await container.attach({
    stream: true,
    hijack: true,
    stdin: reopened[0] === undefined,
    stdout: reopened[1] === undefined,
    stderr: true,
    // Without keys of netexec's own Ctrl-P would wait for a Ctrl-Q. None are to be typed by accident.
    detachKeys: Array.from({ length: 16 }, () => 'ctrl-^').join(','),
  });
  return stream as unknown as Duplex;
}

/** Those that were made and never started, as their netexec was killed in between: the engine would keep them. */
async function removeForgottenContainers(docker: Docker): Promise<void> {
  const filters = { label: [helperLabel], status: ['created'] };
  const made = await docker.listContainers({ all: true, filters: JSON.stringify(filters) as never });
  for (const { Id: id, Labels: labels, Created: created } of made) {
    const [pid = '', start] = (labels[helperLabel] ?? '').split(' ');
    // One that is just being made may be of a netexec that this one cannot see.
    const isOld = Date.now() / 1000 - created > 60;
    if (isOld && startTime(pid) !== start) await docker.getContainer(id).remove({ force: true });
  }
}

function observeDescriptor(number: 0 | 1 | 2): Descriptor {
  if (isatty(number)) return 'terminal';
  if (fstatSync(number).isCharacterDevice()) return 'device';
  // One with a name in a folder would be waited for: opening it may take until another opens its other end.
  return readlinkSync(`/proc/self/fd/${number}`).startsWith('pipe:') ? 'pipe' : 'other';
}
