// The way in by the engine: a helper container that comes back to this machine, enters, and becomes COMMAND.
import { fstatSync, readlinkSync } from 'node:fs';
import type { Duplex } from 'node:stream';
import { isatty } from 'node:tty';
import { entryArgv } from '../../core/entry/entry-argv.ts';
import type { StageTexts } from '../../core/entry/entry-argv.ts';
import { heldBy } from '../../core/entry/held-paths.ts';
import { success } from '../../core/failure/failure.ts';
import type { Result } from '../../core/failure/failure.ts';
import { helperContainer, planStreams, readExitStatus } from '../../core/engine/helper-specification.ts';
import type { Descriptor, Streams } from '../../core/engine/helper-specification.ts';
import { longestEntry } from '../../core/entry/lifecycle.ts';
import type { Exit } from '../../core/entry/lifecycle.ts';
import type { Lifelines } from '../../core/entry/lifelines.ts';
import { staysOnHost } from '../../core/entry/stays-on-host.ts';
import type { EntryPlan } from '../../core/entry/plan.ts';
import { connectActions, query } from '../engine/engine-actions.ts';
import type { EngineActions } from '../engine/engine-actions.ts';
import { patience, sent } from '../engine/engine.ts';
import {
  findImage,
  programFolders,
  removeContainer,
  removeForgottenContainers,
  useOwnContainer,
} from '../engine/own-containers.ts';
import { supervisor } from '../engine/supervisors.ts';
import { whenever } from './enter.ts';
import type { EntryCallbacks } from './enter.ts';
import { callerName } from '../observe/caller.ts';
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
  callbacks: EntryCallbacks,
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
  callbacks: EntryCallbacks,
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
  const specify = (found: string, runtime: string | undefined): object =>
    helperContainer({
      image: found,
      target: staysOnHost(plan) ? undefined : plan.target.container.id,
      argv,
      supervisor: supervisor(),
      capabilities: plan.capabilities,
      streams,
      folders: programFolders(),
      limits: plan.limits,
      oomScore: oomScore(),
      runtime,
    });
  return useOwnContainer(engine, image, specify, (id) => run(engine, id, streams, files, callbacks));
}

async function run(
  engine: EngineActions,
  id: string,
  streams: Streams,
  files: LifelineFiles,
  { entered, tell, started: onStart }: EntryCallbacks,
): Promise<Result<Exit>> {
  const cleanups: (() => void)[] = [];
  const carry = async (): Promise<Result<Exit>> => {
    // Both are there before the start: nothing of what it prints is missed, nor its end.
    const waiting = engine.wait(`POST /containers/${id}/wait?condition=next-exit`);
    cleanups.push(waiting.giveUp);
    entered({
      signal: (signal, group) => files.signal(signal, group),
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
    if (onStart !== undefined) cleanups.push(whenever(() => files.isReady(), onStart));
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
    if (!exit.ok) await removeContainer(engine, id);
    return exit;
  } finally {
    for (const cleanup of cleanups) cleanup();
  }
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

function observeDescriptor(number: number): Descriptor {
  if (isatty(number)) return 'terminal';
  if (fstatSync(number).isCharacterDevice()) return 'device';
  // One with a name in a folder would be waited for: opening it may take until another opens its other end.
  return readlinkSync(`/proc/self/fd/${number}`).startsWith('pipe:') ? 'pipe' : 'other';
}
