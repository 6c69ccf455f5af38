// --forward and --proxy where the container is not of this kernel: by a far end in its network, which the engine carries to.
import { setTimeout as pause } from 'node:timers/promises';
import { constants } from 'node:os';
import type { Call } from '../call.ts';
import { inside } from '../core/arguments/argv.ts';
import type { DockerOptions, RunRequest } from '../core/arguments/argv.ts';
import { mayReturn } from '../core/engine/container-return.ts';
import { readExitStatus } from '../core/engine/helper-specification.ts';
import type { EntryPlan, Target } from '../core/entry/plan.ts';
import { fail, success } from '../core/failure/failure.ts';
import type { Failure, Result } from '../core/failure/failure.ts';
import { foreignPlatform, onlyHere } from '../core/relay/only-here.ts';
import { describeFailure, sayFailure, tooMany } from '../core/relay/listener-text.ts';
import { connectActions } from '../shell/engine/engine-actions.ts';
import type { EngineActions } from '../shell/engine/engine-actions.ts';
import type { Engine } from '../shell/engine/engine.ts';
import { howItEnded } from '../shell/engine/how-it-ended.ts';
import { listenForSignals } from '../shell/enter/signals.ts';
import { callerName } from '../shell/observe/caller.ts';
import { findTarget } from '../shell/observe/observe-target.ts';
import { openFarEnd } from '../shell/place/far-end.ts';
import type { FarEnd } from '../shell/place/far-end.ts';
import type { Reach } from '../shell/relay/join.ts';
import type { OpenListener } from '../shell/relay/listen.ts';
import { tellCauses } from '../shell/relay/reach.ts';
import { serve } from '../shell/relay/serve.ts';
import { reachByTunnel } from '../shell/relay/tunnel.ts';
import { say, warn } from '../shell/terminal/say.ts';

/**
 * @param listeners of this machine, which listen already
 * @param ready is called once they lead there
 * @returns as the life of a run has it: 128+n by signal n, 125 where the container has ended
 */
export async function forwardElsewhere(
  request: RunRequest,
  docker: DockerOptions,
  call: Call,
  listeners: readonly OpenListener[],
  ready: () => void,
): Promise<Result<number>> {
  const engine = await call.engine(docker, warn);
  if (!engine.ok) return engine;
  const opened = await openWay(request, call, engine.value);
  if (!opened.ok) return opened;
  let way = Promise.resolve(opened.value);
  const reach = reachBy(request, listeners, () => way);
  for (const each of listeners)
    for (const descriptor of each.descriptors) serve(each, descriptor, reach, () => say(tooMany));
  ready();
  const signalled = endOfCall(call);
  for (;;) {
    const now = await way;
    const end = await Promise.race([signalled, endOf(now)]);
    if (typeof end === 'number') {
      now.far.close();
      return success(end);
    }
    now.far.close();
    if (end.ended !== undefined) {
      const told = `${now.name} exited${end.ended === '' ? '' : ` with status ${end.ended}`}`;
      say(
        `${told}${request.restart ? ': its ports stay open and wait for it' : ': closing its ports (with --restart they would stay open)'}`,
      );
      if (!request.restart) return success(125);
    } else say('lost the connection to the helper container, and all open connections with it: reconnecting');
    const again = openAgain(request, call, engine.value);
    // Who connects meanwhile waits.
    way = again.then((found) => found.way ?? new Promise<Way>(() => {}));
    const found = await Promise.race([signalled, again]);
    if (typeof found === 'number') return success(found);
    if (found.failure !== undefined) return found.failure;
    say(`${found.way?.name ?? ''} is reachable again: forwarding its ports`);
  }
}

interface Way {
  readonly far: FarEnd;
  /** The container's. */
  readonly name: string;
  /** With its status; undefined where the engine does not tell. */
  readonly ended: Promise<string | undefined>;
}

/** What would be reached. */
export async function planElsewhere(
  request: RunRequest,
  docker: DockerOptions,
  call: Call,
): Promise<Result<Pick<EntryPlan, 'endpoint' | 'target'>>> {
  const engine = await call.engine(docker, warn);
  if (!engine.ok) return engine;
  const target = await observe(request, call, engine.value);
  return target.ok ? success({ endpoint: engine.value.endpoint, target: target.value }) : target;
}

/** @returns the container, where this can be had of it */
async function observe(request: RunRequest, call: Call, engine: Engine): Promise<Result<Target>> {
  const what = onlyHere(request);
  if (what !== undefined) return fail({ kind: 'only-here', what, host: engine.endpoint.host });
  const { service = '' } = request;
  const asked = { ...request, service, serviceEnv: false };
  const [target, info] = await Promise.all([findTarget(asked, call, engine), engine.info()]);
  if (!target.ok) return fail(await howItEnded(target.failure, asked, engine));
  if (!info.ok) return info;
  const here = `${process.platform}/${process.arch}`;
  const there = foreignPlatform(info.value.json, here);
  return there === undefined ? target : fail({ kind: 'far-end-foreign', there, here });
}

async function openWay(request: RunRequest, call: Call, engine: Engine): Promise<Result<Way>> {
  const target = await observe(request, call, engine);
  if (!target.ok) return target;
  const actions = connectActions(engine.endpoint, callerName);
  if (!actions.ok) return actions;
  const { container, owner, notes } = target.value;
  for (const note of notes ?? []) warn(note);
  const far = await openFarEnd(actions.value, owner.id, call.runtimeFolder);
  if (!far.ok) return far;
  return success({ far: far.value, name: container.name, ended: whenEnded(actions.value, owner.id) });
}

/** When the container whose network it is has ended. */
async function whenEnded(engine: EngineActions, id: string): Promise<string | undefined> {
  const told = await engine.wait(`POST /containers/${id}/wait`).answer;
  const status = told.ok ? readExitStatus(told.value) : told;
  return status.ok ? String(status.value) : undefined;
}

/** In milliseconds: a container takes its network's connections along, and the engine tells of it a moment later. */
const grace = 500;

/** @returns the status with which the container has ended; undefined where only the way to it is gone */
async function endOf({ far, ended }: Way): Promise<{ readonly ended: string | undefined }> {
  const container = ended.then((status) => status ?? far.ended.then(() => undefined));
  const lost = far.ended.then(() => Promise.race([ended, pause(grace, undefined)]));
  return { ended: await Promise.race([container, lost]) };
}

const betweenLooks = 1000;

/** The way to the engine is gone, or the engine itself. */
const unreached: readonly Failure['kind'][] = [
  'engine-unreachable',
  'engine-silent',
  'engine-nonsense',
  'far-end-silent',
];

/** As often as it takes, for as long as it may come back. */
async function openAgain(request: RunRequest, call: Call, engine: Engine) {
  for (;;) {
    const found = await openWay(request, call, engine);
    if (found.ok) return { way: found.value, failure: undefined };
    const { kind } = found.failure;
    // A container that is gone meanwhile is waited for where that is asked for.
    const mayPass = unreached.includes(kind) || (request.restart && mayReturn(found.failure));
    if (!mayPass) return { way: undefined, failure: found };
    await pause(betweenLooks);
  }
}

function reachBy(request: RunRequest, listeners: readonly OpenListener[], way: () => Promise<Way>): Reach {
  const service = inside(request);
  let asked = 0;
  const outcome = tellCauses((end, error) => {
    const said = sayFailure(listeners, asked, end, describeFailure(end, service, error));
    ({ asked } = said);
    said.lines.forEach(say);
  });
  return async (end, givenUp) => {
    const { far } = await way();
    const found = await reachByTunnel(far.tunnel)(end, givenUp);
    // What is reset with the whole tunnel is told of by that.
    if (found !== 'ECONNRESET') outcome(end, typeof found === 'string' ? found : undefined);
    return found;
  };
}

/** By what netexec is told to end. @returns its exit status */
const endOfCall = ({ ignoredSignals }: Call): Promise<number> =>
  new Promise((resolve) => {
    listenForSignals(ignoredSignals, (event) => {
      if (event.kind === 'docker-ended') resolve(128 + constants.signals.SIGTERM);
      else if (event.kind === 'signal' && !event.signal.startsWith('SIGUSR'))
        resolve(128 + constants.signals[event.signal]);
    });
  });
