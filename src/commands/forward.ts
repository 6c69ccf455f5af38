// --forward: ports of this machine lead into the service's network, for as long as COMMAND runs, or until netexec is ended.
import { constants } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import type { Call } from '../call.ts';
import { inside } from '../core/arguments/argv.ts';
import type { DockerOptions, RunRequest } from '../core/arguments/argv.ts';
import { oneOf } from '../core/arguments/option-values.ts';
import { defaultsOf } from '../core/arguments/read-options.ts';
import { fail, success } from '../core/failure/failure.ts';
import type { Result } from '../core/failure/failure.ts';
import type { EntryPlan, Target } from '../core/entry/plan.ts';
import { describeForward, forwardJson } from '../core/relay/forward-text.ts';
import { withSettings } from '../core/arguments/settings.ts';
import { relayWords } from '../roles.ts';
import { print } from '../shell/terminal/print.ts';
import { closeAll, listenForAll } from '../shell/relay/listen.ts';
import type { ListeningForward } from '../shell/relay/listen.ts';
import { openOuterEnd } from '../shell/relay/outer.ts';
import type { OuterEnd } from '../shell/relay/outer.ts';
import { warn } from '../shell/terminal/say.ts';
import { supervise } from '../shell/enter/supervise.ts';
import { carryOut, findPlace, leave, planFor, prepare } from './run.ts';

/** @returns COMMAND's exit status; without one, that by which netexec was ended */
export async function forward(request: RunRequest, docker: DockerOptions, call: Call): Promise<Result<number>> {
  const format = oneOf('--format', request.format || undefined, ['table', 'json'] as const, 'table');
  if (!format.ok) return format;
  const listening = listenForAll(request.forwards);
  if (!listening.ok) return listening;
  const place = await findPlace(request, docker, call);
  if (!place.ok) return place;
  const forwarding = {
    request,
    docker,
    call,
    place: place.value?.target,
    forwards: listening.value,
    json: format.value === 'json',
  };
  return leave(await (request.command.length > 0 ? beside(forwarding) : alone(forwarding)), place.value);
}

interface Forwarding {
  readonly request: RunRequest;
  readonly docker: DockerOptions;
  readonly call: Call;
  /** Undefined where the container is a service's. */
  readonly place: Target | undefined;
  readonly forwards: readonly ListeningForward[];
  readonly json: boolean;
}

/** Without COMMAND the inner end is what runs, and what signals are for. */
async function alone(forwarding: Forwarding): Promise<Result<number>> {
  const { request, docker, call, place } = forwarding;
  const asked = relayRun(request, call);
  let outer: OuterEnd | undefined;
  const plan = async (): Promise<Result<EntryPlan>> => {
    outer?.close();
    const made = await prepare(asked, docker, call, { place });
    if (!made.ok || made.value.target.lost !== undefined) return made;
    const opened = openOuterEnd(made.value, forwarding.forwards, inside(request), false);
    if (!opened.ok) return opened;
    outer = opened.value;
    return success(outer.plan);
  };
  const status = await supervise(await plan(), {
    onContainerEnd: request.restart ? 'wait' : 'end',
    ignoredSignals: call.ignoredSignals,
    beforeEntry: (made, again) => {
      if (!again) for (const note of made.notes) warn(note);
      void outer?.ready.then(() => (again ? undefined : take(forwarding)));
      return undefined;
    },
    prepare: plan,
  });
  outer?.close();
  return status;
}

/** What is ready is told. The inner end has the sockets by now: those here would keep the ports when it is gone. */
function take({ request, forwards, json }: Forwarding): void {
  for (const each of forwards) {
    if (!json) process.stderr.write(`${describeForward(each, inside(request))}\n`);
    else if (request.command.length > 0) process.stderr.write(`${forwardJson(each, inside(request))}\n`);
    else print(`${forwardJson(each, inside(request))}\n`);
  }
  if (!request.restart) closeAll(forwards);
}

/** With COMMAND there are two entries, in the same container; what ends the one ends the other. */
async function beside(forwarding: Forwarding): Promise<Result<number>> {
  const { request, docker, call, place } = forwarding;
  const plan = await prepare(request, docker, call, { place });
  if (!plan.ok) return plan;
  let relay = await startRelay(plan.value.target, forwarding);
  if (!relay.ok) return relay;
  take(forwarding);
  const again = async (): Promise<Result<EntryPlan>> => {
    const next = await prepare(request, docker, call, { place });
    if (!next.ok || next.value.target.lost !== undefined) return next;
    if (relay.ok) await relay.value.stop();
    relay = await startRelay(next.value.target, forwarding);
    return relay.ok ? next : relay;
  };
  const status = await carryOut(plan, request, call, again);
  if (relay.ok) await relay.value.stop();
  return status;
}

/** It may have been stopped; the guard ends it with netexec. */
const longestEnd = { milliseconds: 2000 };

interface Relay {
  /** @returns when it is gone */
  stop(): Promise<void>;
}

/** What is for COMMAND ends it, and netexec: its relay ends with netexec. */
const forCommand = Object.values(constants.signals);

/** @returns once it takes connections */
async function startRelay(target: Target, { request, call, docker, forwards }: Forwarding): Promise<Result<Relay>> {
  const engine = await call.engine(docker, warn);
  if (!engine.ok) return engine;
  const asked = withSettings(relayRun(request, call), call.env);
  const plan = asked.ok ? await planFor(asked.value, Promise.resolve(success(target)), call, engine.value) : asked;
  if (!plan.ok) return plan;
  const outer = openOuterEnd(plan.value, forwards, inside(request), true);
  if (!outer.ok) return outer;
  const { plan: entry, ready, close } = outer.value;
  const ended = supervise(success(entry), { onContainerEnd: 'ignore', ignoredSignals: forCommand });
  let stopped = false;
  void ended.then((status) =>
    stopped ? undefined : warn(`the relay has ended${whichWay(status)}: no port leads on any more`),
  );
  const early = await Promise.race([ready, ended]);
  if (early !== undefined) {
    stopped = true;
    close();
    return early.ok
      ? fail({ kind: 'stage-failed', status: early.value, way: entry.way.kind, reason: undefined })
      : early;
  }
  const stop = async (): Promise<void> => {
    stopped = true;
    close();
    await Promise.race([ended, pause(longestEnd.milliseconds)]);
  };
  return success({ stop });
}

const whichWay = (status: Result<number>): string => (status.ok ? ` with status ${status.value}` : '');

const { user, capabilities, pid, serviceEnv, provider } = defaultsOf('run');
const ownDefaults = { user, capabilities, pid, serviceEnv, provider };

/** The inner end is a program like any other, and the caller's, whoever COMMAND is to be. */
export function relayRun(request: RunRequest, { env, folder }: Call): RunRequest {
  const { resolver } = request;
  return {
    ...request,
    ...ownDefaults,
    // HOSTALIASES files are for programs that know no better.
    resolver: resolver === 'host' ? resolver : 'private',
    command: [process.execPath, ...relayWords()],
    // It goes through no proxy, and says nothing of any.
    env: ['HOSTALIASES', ...Object.keys(env).filter((name) => /_proxy$/i.test(name))].map((name) => `${name}=`),
    // It looks at no file of that folder's, and may not start in one that was deleted.
    workdir: folder === undefined ? '/' : undefined,
  };
}
