// The way in by the engine: a throw-away container that comes back to this machine, enters, and becomes COMMAND.
import { existsSync, fstatSync, readlinkSync } from 'node:fs';
import type { Duplex } from 'node:stream';
import { isatty } from 'node:tty';
import { entryArgv } from '../../core/entry/entry-argv.ts';
import type { StageTexts } from '../../core/entry/entry-argv.ts';
import { heldBy } from '../../core/entry/held-paths.ts';
import { fail, success } from '../../core/failure/failure.ts';
import type { Failure, Result } from '../../core/failure/failure.ts';
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
  readHelpers,
} from '../../core/engine/helper-specification.ts';
import type { Descriptor, Streams } from '../../core/engine/helper-specification.ts';
import { longestEntry } from '../../core/entry/lifecycle.ts';
import type { Exit } from '../../core/entry/lifecycle.ts';
import type { Lifelines } from '../../core/entry/lifelines.ts';
import type { EntryPlan } from '../../core/entry/plan.ts';
import { connectActions, inJson, query } from '../engine/engine-actions.ts';
import type { EngineActions } from '../engine/engine-actions.ts';
import { patience, sent } from '../engine/engine.ts';
import type { EntryListener } from './enter.ts';
import { callerName } from '../observe/caller.ts';
import { startTime } from '../observe/prove-process.ts';
import { oomScore } from '../observe/caller-priorities.ts';
import { carryStreams, terminalSize } from './helper-streams.ts';
import type { LifelineFiles } from './lifeline-files.ts';

/** What is on its way while netexec does other things. */
interface EngineWay {
  readonly engine: EngineActions;
  readonly image: Promise<Result<string>>;
}

type Entry = (
  texts: StageTexts,
  lifelines: Lifelines,
  files: LifelineFiles,
  listener: EntryListener,
) => Promise<Result<Exit>>;

export async function openEngineWay(plan: EntryPlan): Promise<Entry> {
  const connected = connectActions(plan.endpoint, callerName);
  if (!connected.ok) return () => Promise.resolve(connected);
  const engine = connected.value;
  const image = findImage(engine);
  await sent();
  return (...rest) => enterByEngine({ engine, image }, plan, ...rest);
}

async function enterByEngine(
  { engine, image }: EngineWay,
  plan: EntryPlan,
  texts: StageTexts,
  lifelines: Lifelines,
  files: LifelineFiles,
  listener: EntryListener,
): Promise<Result<Exit>> {
  const own = plan.streams ?? (['caller', 'caller', 'caller'] as const);
  const observe = (number: 0 | 1 | 2): Descriptor => {
    const stream = own[number];
    return stream === 'nothing' ? 'device' : observeDescriptor(stream === 'caller' ? number : stream);
  };
  const streams = planStreams([observe(0), observe(1), observe(2)], (number) => {
    const stream = own[number];
    if (stream === 'nothing') return '/dev/null';
    return heldBy(plan.way, process.pid, typeof stream === 'number' ? stream : number);
  });
  const argv = entryArgv(plan, texts, {
    ...lifelines,
    reopened: streams.reopened,
    terminalSize: streams.terminal ? terminalSize() : undefined,
  });
  const enterWith = async (found: Result<string>, runtime: string | undefined): Promise<Result<Exit>> => {
    if (!found.ok) return found;
    const container = await create(engine, found.value, argv, plan, streams, runtime);
    return container.ok ? run(engine, container.value, streams, files, listener) : container;
  };
  let entered = await enterWith(await image, plainRuntime);
  // Where two runs make the image at once, the tidying of one takes away that of the other.
  if (isMissing(entered, /no such image/i)) entered = await enterWith(await findImage(engine), plainRuntime);
  const other = entered.ok ? undefined : await otherRuntime(engine, entered.failure);
  if (other === undefined) return entered;
  const again = await enterWith(await findImage(engine), undefined);
  const refused = !again.ok && again.failure.kind === 'engine-refused';
  return refused ? fail({ kind: 'runtime-fails', runtime: other, message: again.failure.message }) : again;
}

const isMissing = (answer: Result<unknown>, words = /^/): boolean =>
  !answer.ok &&
  answer.failure.kind === 'engine-refused' &&
  answer.failure.status === 404 &&
  words.test(answer.failure.message);

/** Where the engine has not the usual one, its default has to do. Podman knows of none in this place. */
async function otherRuntime(engine: EngineActions, failure: Failure): Promise<string | undefined> {
  if (failure.kind !== 'engine-refused' || !/runtime|runc/i.test(failure.message)) return undefined;
  const info = await engine.ask('GET /info');
  const { DefaultRuntime: name } = (info.ok ? info.value : {}) as { DefaultRuntime?: string };
  return name === plainRuntime ? undefined : name;
}

async function run(
  engine: EngineActions,
  id: string,
  streams: Streams,
  files: LifelineFiles,
  { entered, tell }: EntryListener,
): Promise<Result<Exit>> {
  const cleanups: (() => void)[] = [];
  const carry = async (): Promise<Result<Exit>> => {
    // Both are there before the start: nothing of what it prints is missed, nor its end.
    const waiting = engine.wait(`POST /containers/${id}/wait?condition=next-exit`);
    cleanups.push(waiting.giveUp);
    entered({
      signal: (signal) => files.signal(signal),
      kill: () => {
        files.close();
        // An engine may not tell that the container has ended.
        setTimeout(waiting.giveUp, patience.seconds * 1000).unref();
      },
    });
    const [attached, refused] = await Promise.all([attach(engine, id, streams), waiting.begun]);
    if (!attached.ok) return attached;
    const stream = attached.value;
    cleanups.push(() => void stream.destroy());
    if (refused?.ok === false) return refused;
    const resize = (w: number, h: number): void =>
      void engine.ask(`POST /containers/${id}/resize${query({ w: `${w}`, h: `${h}` })}`);
    const carried = carryStreams(stream, streams, resize, () =>
      tell({ kind: 'signal', signal: 'SIGPIPE', shared: false }),
    );
    cleanups.push(() => carried.release());
    const started = await engine.ask(`POST /containers/${id}/start`);
    if (!started.ok) return started;
    const look = (): void => (files.isReady() ? undefined : tell({ kind: 'entry-late' }));
    const limit = setTimeout(look, longestEntry.seconds * 1000);
    cleanups.push(() => clearTimeout(limit));
    void removeForgottenContainers(engine);
    const told = await waiting.answer;
    const status = told.ok ? readExitStatus(told.value) : told;
    if (!status.ok) return status;
    await carried.printed();
    return success({ status: status.value, started: files.isReady() });
  };
  try {
    const exit = await carry();
    // One that has started goes with its COMMAND, and takes itself away.
    if (!exit.ok) await remove(engine, id);
    return exit;
  } finally {
    for (const cleanup of cleanups) cleanup();
  }
}

const remove = (engine: EngineActions, id: string): Promise<unknown> =>
  engine.ask(`DELETE /containers/${id}?force=true`);

/** The one before may still be on its way out when --restart has the next one made. */
let createdBefore = 0;

async function create(
  engine: EngineActions,
  image: string,
  argv: readonly string[],
  plan: EntryPlan,
  streams: Streams,
  runtime: string | undefined,
): Promise<Result<string>> {
  const started = startTime('self');
  const made = await engine.ask(
    // In `docker ps` its name tells whose it is.
    `${creation}${query({ name: `docker-netexec-${process.pid}-${started}-${(createdBefore += 1)}` })}`,
    inJson(
      helperContainer({
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
    ),
  );
  if (!made.ok) return made;
  const { Id: id } = made.value as { Id?: unknown };
  return isContainerId(id)
    ? success(id)
    : fail({ kind: 'engine-nonsense', request: creation, problem: 'Id: invalid format' });
}

const creation = 'POST /containers/create';

/** @returns the id of the empty image, which is made where it is missing, or where its name is another's */
async function findImage(engine: EngineActions): Promise<Result<string>> {
  const image = `${helperImage.repository}:${helperImage.tag}`;
  const inspect = (): Promise<Result<unknown>> => engine.ask(`GET /images/${image}/json`);
  const before = await inspect();
  const present = before.ok ? emptyImageId(before.value) : undefined;
  if (present !== undefined) return success(present);
  const progress = await importNothing(engine);
  if (!progress.ok) return progress;
  const made = await inspect();
  if (!made.ok && !isMissing(made)) return made;
  const id = made.ok ? emptyImageId(made.value) : undefined;
  return id === undefined
    ? fail({ kind: 'image-not-made', image, there: made.ok, reason: importProblem(progress.value) })
    : success(id);
}

/** An archive with nothing in it: two blocks of zeros (tar(5)). @returns what the engine says of it */
async function importNothing(engine: EngineActions): Promise<Result<string>> {
  const { repository: repo, tag } = helperImage;
  const told = await engine.ask(
    `POST /images/create${query({ fromSrc: '-', repo, tag, changes: `LABEL ${helperLabel}=` })}`,
    { type: 'application/tar', text: '\0'.repeat(1024) },
  );
  if (!told.ok) return told;
  // Two that make it at once leave one without a name. Where that one may not be removed, it does no harm.
  const filters = JSON.stringify({ dangling: ['true'], label: [helperLabel] });
  await engine.ask(`POST /images/prune${query({ filters })}`);
  return success(typeof told.value === 'string' ? told.value : JSON.stringify(told.value));
}

function attach(engine: EngineActions, id: string, { reopened }: Streams): Promise<Result<Duplex>> {
  return engine.stream(
    `POST /containers/${id}/attach${query({
      stream: 'true',
      stdin: String(reopened[0] === undefined),
      stdout: String(reopened[1] === undefined),
      stderr: 'true',
      // Without keys of netexec's own Ctrl-P would wait for a Ctrl-Q. None are to be typed by accident.
      detachKeys: Array.from({ length: 16 }, () => 'ctrl-^').join(','),
    })}`,
  );
}

/** Those that were made and never started, as their netexec was killed in between: the engine would keep them. */
async function removeForgottenContainers(engine: EngineActions): Promise<void> {
  const filters = JSON.stringify({ label: [helperLabel], status: ['created'] });
  const made = await engine.ask(`GET /containers/json${query({ all: 'true', filters })}`);
  for (const { id, label, created } of made.ok ? readHelpers(made.value) : []) {
    const [pid = '', start] = label.split(' ');
    // One that is just being made may be of a netexec that this one cannot see.
    const isOld = Date.now() / 1000 - created > 60;
    if (isOld && startTime(pid) !== start) await remove(engine, id);
  }
}

function observeDescriptor(number: number): Descriptor {
  if (isatty(number)) return 'terminal';
  if (fstatSync(number).isCharacterDevice()) return 'device';
  // One with a name in a folder would be waited for: opening it may take until another opens its other end.
  return readlinkSync(`/proc/self/fd/${number}`).startsWith('pipe:') ? 'pipe' : 'other';
}
