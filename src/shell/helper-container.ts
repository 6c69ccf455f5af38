// The way in by the engine: a throw-away container that comes back to this machine, enters, and becomes COMMAND.
import { closeSync, constants, existsSync, fstatSync, openSync, readlinkSync } from 'node:fs';
import type { Duplex } from 'node:stream';
import { text } from 'node:stream/consumers';
import { isatty } from 'node:tty';
import type Docker from 'dockerode';
import { entryArgv } from '../core/entry-argv.ts';
import type { Lifelines, StageTexts } from '../core/entry-argv.ts';
import { entryOutcome } from '../core/entry-outcome.ts';
import { fail, success } from '../core/failure.ts';
import type { Failure, Result } from '../core/failure.ts';
import { heldBy } from '../core/held-paths.ts';
import {
  emptyImageId,
  helperContainer,
  helperImage,
  helperLabel,
  importProblem,
  isContainerId,
  plainRuntime,
  planStreams,
  readExitStatus,
} from '../core/helper-container.ts';
import type { Descriptor, Streams } from '../core/helper-container.ts';
import type { EntryPlan } from '../core/plan.ts';
import { dockerode, explainModem } from './dockerode.ts';
import { patience } from './engine.ts';
import type { Entered } from './enter.ts';
import { limitEntry } from './entry-limit.ts';
import type { EntryLimit } from './entry-limit.ts';
import { callerName } from './caller.ts';
import { startTime } from './proof.ts';
import { observePriorities, oomScore } from './priorities.ts';
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
  const streams = planStreams([observeDescriptor(0), observeDescriptor(1), observeDescriptor(2)], (descriptor) =>
    heldBy(plan.way, process.pid, descriptor),
  );
  const { nice, words, securebits } = await observePriorities();
  const argv = entryArgv(plan, texts, {
    ...lifelines,
    reopened: streams.reopened,
    terminalSize: streams.terminal ? terminalSize() : undefined,
    nice,
    priorities: words,
    securebits,
  });
  const explain = (error: unknown): Result<never> =>
    explainModem(error, (error as Asked).request ?? '', plan.endpoint, callerName);
  const before = openSync('.', constants.O_RDONLY | constants.O_DIRECTORY);
  try {
    // The container comes back to netexec's own working directory.
    if (plan.workdir !== undefined) process.chdir(plan.workdir);
    const enterWith = async (runtime: string | undefined): Promise<Result<number>> => {
      const image = await findImage(docker);
      if (!image.ok) return image;
      const container = await create(docker, image.value, argv, plan, streams, runtime);
      return container.ok ? run(docker, container.value, plan, streams, files, accompany) : container;
    };
    let entered = await enterWith(plainRuntime).catch(explain);
    // Where two runs make the image at once, the tidying of one takes away that of the other.
    if (lacksImage(entered)) entered = await enterWith(plainRuntime).catch(explain);
    const other = entered.ok ? undefined : await otherRuntime(docker, entered.failure);
    if (other === undefined) return entered;
    const again = await enterWith(undefined).catch(explain);
    const refused = !again.ok && again.failure.kind === 'engine-refused';
    return refused ? fail({ kind: 'runtime-fails', runtime: other, message: again.failure.message }) : again;
  } catch (error) {
    return explain(error);
  } finally {
    // --restart looks for the project from where netexec was called; also where that folder has no name any more.
    enterFolder(before);
    closeSync(before);
  }
}

const lacksImage = (entered: Result<number>): boolean =>
  !entered.ok &&
  entered.failure.kind === 'engine-refused' &&
  entered.failure.status === 404 &&
  /no such image/i.test(entered.failure.message);

/** Where the engine has not the usual one, its default has to do. Podman knows of none in this place. */
async function otherRuntime(docker: Docker, failure: Failure): Promise<string | undefined> {
  if (failure.kind !== 'engine-refused' || !/runtime|runc/i.test(failure.message)) return undefined;
  const { DefaultRuntime: name } = (await asking('GET /info', docker.info() as Promise<unknown>)) as {
    DefaultRuntime?: string;
  };
  return name === plainRuntime ? undefined : name;
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
  const waiting = new AbortController();
  let limit: EntryLimit | undefined;
  const letGo = [forwardSignals(signal, plan.ignoredSignals, false), accompany({ signal }), () => waiting.abort()];
  try {
    const stream = await asking('POST /containers/ID/attach', attach(container, streams));
    letGo.push(() => void stream.destroy());
    // Asked before the start: a container that is gone cannot be asked any more.
    const asked = { condition: 'removed', abortSignal: waiting.signal } as const;
    const gone = container.wait(asked) as Promise<unknown>;
    gone.catch(() => {});
    const carried = carryStreams(container, stream, streams, () => signal('SIGPIPE'));
    letGo.push(() => carried.release());
    await asking('POST /containers/ID/start', container.start());
    limit = limitEntry(
      plan,
      () => files.isReady(),
      () => {
        files.close();
        // An engine may not tell that the container has ended.
        setTimeout(() => waiting.abort(), patience.seconds * 1000).unref();
      },
    );
    letGo.push(limit.release);
    void removeForgottenContainers(docker).catch(() => {});
    const ended = readExitStatus(await asking('POST /containers/ID/wait', gone));
    if (!ended.ok) {
      await remove(container);
      return ended;
    }
    const status = ended.value;
    await carried.printed();
    return limit.exceeded() ?? entryOutcome(plan, status, files.isReady(), signalled);
  } catch (error) {
    await remove(container);
    const exceeded = limit?.exceeded();
    if (exceeded !== undefined) return exceeded;
    throw error;
  } finally {
    for (const each of letGo) each();
  }
}

/** One that has started goes with its COMMAND, and takes itself away. */
const remove = (container: Docker.Container): Promise<unknown> => container.remove({ force: true }).catch(() => {});

async function create(
  docker: Docker,
  image: string,
  argv: readonly string[],
  plan: EntryPlan,
  streams: Streams,
  runtime: string | undefined,
): Promise<Result<Docker.Container>> {
  const started = startTime('self');
  // Given whole, dockerode would put it into the query as well. In `docker ps` its name tells whose it is.
  const options = {
    _query: { name: `docker-netexec-${process.pid}-${started}` },
    _body: helperContainer({
      image,
      target: plan.target.container.id,
      argv,
      supervisor: `${process.pid} ${started}`,
      capabilities: plan.capabilities,
      streams,
      folders: ['/usr', '/bin', '/lib', '/lib64', '/nix'].filter((folder) => existsSync(folder)),
      limits: plan.limits,
      oomScore: oomScore(),
      runtime,
    }),
  } as Docker.ContainerCreateOptions;
  const request = 'POST /containers/create';
  const container = await asking(request, docker.createContainer(options));
  return isContainerId(container.id)
    ? success(container)
    : fail({ kind: 'engine-nonsense', request, problem: 'Id: invalid format' });
}

/** @returns the id of the empty image, which is made where it is missing, or where its name is another's */
async function findImage(docker: Docker): Promise<Result<string>> {
  const image = `${helperImage.repository}:${helperImage.tag}`;
  const inspect = (): Promise<unknown> => docker.getImage(image).inspect();
  const present = emptyImageId(await inspect().catch(() => undefined));
  if (present !== undefined) return success(present);
  const progress = await asking('POST /images/create', importNothing(docker));
  const made = await asking(
    `GET /images/${image}/json`,
    inspect().catch((error: { statusCode?: number }) => {
      if (error.statusCode === 404) return undefined;
      throw error;
    }),
  );
  const id = emptyImageId(made);
  return id === undefined
    ? fail({ kind: 'image-not-made', image, there: made !== undefined, reason: importProblem(progress) })
    : success(id);
}

/** An archive with nothing in it: two blocks of zeros (tar(5)). @returns what the engine says of it */
async function importNothing(docker: Docker): Promise<string> {
  const { repository: repo, tag } = helperImage;
  const progress = await docker.importImage(Buffer.alloc(1024) as never, {
    repo,
    tag,
    changes: `LABEL ${helperLabel}=`,
  });
  const said = await text(progress);
  // Two that make it at once leave one without a name. Where that one may not be removed, it does no harm.
  const filters = { dangling: ['true'], label: [helperLabel] };
  await docker.pruneImages({ filters: JSON.stringify(filters) as never }).catch(() => {});
  return said;
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
