// --forward, --proxy and --reverse: ports of this machine lead into the service's network, and ports in there to this machine,
// for as long as COMMAND runs, or without COMMAND until netexec is ended.
import { setTimeout as pause } from 'node:timers/promises';
import { isatty } from 'node:tty';
import type { Call } from '../call.ts';
import { inside, isAlone } from '../core/arguments/argv.ts';
import type { DockerOptions, RunRequest } from '../core/arguments/argv.ts';
import { oneOf } from '../core/arguments/option-values.ts';
import { defaultsOf } from '../core/arguments/read-options.ts';
import { fail, success } from '../core/failure/failure.ts';
import type { Failure, Result } from '../core/failure/failure.ts';
import type { EntryPlan, Target } from '../core/entry/plan.ts';
import { resolvers } from '../core/names/resolvers.ts';
import { describeLocalPort, describeNesting, localPortJson, tooMany } from '../core/relay/local-port-text.ts';
import { isAloneElsewhere } from '../core/relay/only-here.ts';
import { describeReverse, reverseJson } from '../core/relay/reverse-text.ts';
import { withSettings } from '../core/arguments/settings.ts';
import { relayWords } from '../roles.ts';
import { isLinux } from '../shell/process/system.ts';
import { print } from '../shell/terminal/print.ts';
import type { FarWay } from '../shell/own-container/far-way.ts';
import { closeAll, listenForAll } from '../shell/relay/listen.ts';
import { settle } from '../shell/relay/join.ts';
import { openOuterEnd } from '../shell/relay/outer.ts';
import type { OuterEnd, Ports } from '../shell/relay/outer.ts';
import { serve } from '../shell/relay/serve.ts';
import { say, warn } from '../shell/terminal/say.ts';
import { supervise } from '../shell/enter/supervise.ts';
import { carryOut, openOwnContainerOf, leave, planFor, prepare, tunnelFor } from './run.ts';

/** @returns COMMAND's exit status; without one, that by which netexec was ended */
export async function forward(request: RunRequest, docker: DockerOptions, call: Call): Promise<Result<number>> {
  const format = oneOf('--format', request.format || undefined, ['table', 'json'] as const, 'table');
  if (!format.ok) return format;
  const listening = listenForAll(request.localPorts, inside(request));
  if (!listening.ok) return listening;
  const own = await openOwnContainerOf(request, docker, call);
  if (!own.ok) return own;
  const ports = { localPorts: listening.value, reverses: request.reverses };
  const json = format.value === 'json';
  const isWithout = isLinux ? isAlone(request) : isAloneElsewhere(request);
  const forwarding = { request, docker, call, place: own.value?.target, ports, json, isWithout };
  const status = await (isWithout ? alone(forwarding) : beside(forwarding));
  // Ctrl-C is there on the terminal, and no line of its own.
  if (isWithout && status.ok && status.value === 130 && isatty(2)) process.stderr.write('\n');
  return leave(status, own.value);
}

interface Forwarding {
  readonly request: RunRequest;
  readonly docker: DockerOptions;
  readonly call: Call;
  /** Undefined where the container is a service's. */
  readonly place: Target | undefined;
  readonly ports: Ports;
  readonly json: boolean;
  /** There is no COMMAND, and no shell. */
  readonly isWithout: boolean;
}

/** Without COMMAND the inner end is what runs, and what signals are for. */
async function alone(forwarding: Forwarding): Promise<Result<number>> {
  const { request, docker, call, place } = forwarding;
  // Nothing is beside it.
  const asked = { ...relayRun(request, call), localPorts: [], reverses: [] };
  let outer: OuterEnd | undefined;
  let refused: Result<void> | undefined;
  let told = false;
  let isReady = false;
  const plan = async (again: boolean): Promise<Result<EntryPlan>> => {
    outer?.close();
    const made = await prepare(asked, docker, call, { place });
    // A network that is lost is waited for; the first time it is as COMMANDs have it.
    if (!made.ok || (again && made.value.target.lost !== undefined)) return made;
    const opened = openOuterEnd(made.value, forwarding.ports, request, false, again ? undefined : call.line);
    if (!opened.ok) return opened;
    outer = opened.value;
    return success(outer.plan);
  };
  const first = isLinux ? await plan(false) : undefined;
  if (first === undefined || takesFarEnd(first))
    return (await import('./forward-remote.ts')).forwardRemote(
      request,
      docker,
      call,
      forwarding.ports.localPorts,
      () => tell(forwarding),
      place,
    );
  const status = await supervise(first, {
    onContainerEnd: request.restart ? 'wait' : 'end',
    ignoredSignals: call.ignoredSignals,
    beforeEntry: (made, again) => {
      if (!again) for (const note of made.notes) warn(note);
      isReady = false;
      void outer?.ready.then((found) => {
        isReady = found.ok;
        if (!found.ok) {
          refused = found;
          outer?.close();
        } else if (!told) {
          told = true;
          take(forwarding);
        }
      });
      return undefined;
    },
    prepare: () => plan(true),
  });
  outer?.close();
  if (refused !== undefined && !refused.ok) return refused;
  // It could not even tell why.
  const isUnable = !isReady && status.ok && status.value === 1;
  return isUnable ? fail({ kind: 'handover-failed', error: undefined }) : status;
}

/** Whether the network cannot be entered, and can be reached by the engine. */
export const takesFarEnd = (plan: Result<EntryPlan>): boolean => !plan.ok && notEntered.includes(plan.failure.kind);

const notEntered: readonly Failure['kind'][] = [
  'not-by-tunnel',
  'container-not-here',
  'own-process-namespace',
  'platform-unsupported',
];

/** The inner end has the sockets by now: those here would keep the ports when it is gone. */
function take(forwarding: Forwarding): void {
  tell(forwarding);
  if (!forwarding.request.restart) closeAll(forwarding.ports.localPorts);
}

/** What is ready. */
function tell({ request, call, ports: { localPorts, reverses }, json, isWithout }: Forwarding): void {
  const service = inside(request);
  for (const note of localPorts.flatMap(({ notes }) => notes)) warn(note);
  const lines = [
    ...localPorts.map((each) => (json ? localPortJson : describeLocalPort)(each, service)),
    ...reverses.map((each) => (json ? reverseJson : describeReverse)(each, service)),
  ];
  const text = lines.map((line) => `${line}\n`).join('');
  // What COMMAND prints is its own.
  if (json && isWithout) print(text);
  else process.stderr.write(text);
  const nesting = localPorts.length > 0 ? describeNesting(call.env) : undefined;
  if (nesting !== undefined) warn(nesting);
}

/** With COMMAND there are two entries, in the same container; the relay's begins before COMMAND's, and ends after it. */
async function beside(forwarding: Forwarding): Promise<Result<number>> {
  const { request, docker, call, place } = forwarding;
  let { ports } = forwarding;
  const ownTunnel = tunnelFor(docker, call);
  let relay: Relay | undefined;
  let told = false;
  let closed = false;
  const plan = async (): Promise<Result<EntryPlan>> => {
    // Without its container it would lead nowhere; who connects meanwhile waits.
    await relay?.stop();
    return ownTunnel.open(await prepare(request, docker, call, { place, anywhere: true }), ports.reverses);
  };
  const lost = (): void => {
    if (!request.restart) return;
    // Nobody would take who connects.
    closeAll(ports.localPorts);
    closed = true;
  };
  const begin = async ({ target, tunnel }: EntryPlan): Promise<Failure | undefined> => {
    if (tunnel !== undefined) {
      if (!told) await serveByTunnel(forwarding, ownTunnel.way);
      told = true;
      return undefined;
    }
    if (closed) {
      const same = ports.localPorts.map((each) => ({ ...each, local: each.listening }));
      const opened = listenForAll(same, inside(request));
      if (!opened.ok) return opened.failure;
      ports = { ...ports, localPorts: opened.value };
      closed = false;
    }
    const started = await startRelay(target, { ...forwarding, ports }, told ? undefined : call.line, lost);
    if (!started.ok) return started.failure;
    relay = started.value;
    const ready = await relay.ready;
    if (!ready.ok) return ready.failure;
    if (!told) take(forwarding);
    told = true;
    return undefined;
  };
  const status = await carryOut(await plan(), request, call, plan, { before: begin });
  await relay?.stop();
  await ownTunnel.finish();
  return status;
}

/** The far end of COMMAND's own tunnel connects them, too. */
async function serveByTunnel(forwarding: Forwarding, way: () => Promise<FarWay>): Promise<void> {
  const { request, ports } = forwarding;
  const { reachBy } = await import('./forward-remote.ts');
  const reach = reachBy(request, ports.localPorts, way);
  for (const each of ports.localPorts)
    for (const descriptor of each.descriptors) serve(each, descriptor, reach, () => say(tooMany));
  tell(forwarding);
}

/** It settles, too. It may have been stopped; the guard ends it with netexec. */
const longestEnd = { milliseconds: 3000 };

interface Relay {
  /** When it takes connections, or cannot. */
  readonly ready: Promise<Result<void>>;
  /** @returns when it is gone */
  stop(): Promise<void>;
}

/** @param lost is called where it ends by itself */
async function startRelay(
  target: Target,
  { request, call, docker, ports }: Forwarding,
  line: readonly string[] | undefined,
  lost: () => void,
): Promise<Result<Relay>> {
  const engine = await call.engine(docker, warn);
  if (!engine.ok) return engine;
  const asked = withSettings(relayRun(request, call), call.env);
  const plan = asked.ok ? await planFor(asked.value, Promise.resolve(success(target)), call, engine.value) : asked;
  if (!plan.ok) return plan;
  const outer = openOuterEnd(plan.value, ports, request, true, line);
  if (!outer.ok) return outer;
  const { plan: entry, close } = outer.value;
  const ended = supervise(success(entry), { onContainerEnd: 'ignore', ignoredSignals: undefined });
  let state: 'starting' | 'ready' | 'stopped' = 'starting';
  void ended.then((status) => {
    close();
    if (state !== 'ready') return;
    lost();
    warn(
      `the relay exited${whichWay(status)}: no ports are forwarded ${request.restart ? 'until COMMAND restarts' : 'any more'}`,
    );
  });
  const gone = ended.then((status) =>
    status.ok ? fail({ kind: 'stage-failed', status: status.value, way: entry.way.kind, reason: undefined }) : status,
  );
  const ready = Promise.race([outer.value.ready, gone]).then((early) => {
    if (!early.ok) close();
    else if (state === 'starting') state = 'ready';
    return early;
  });
  const stop = async (): Promise<void> => {
    // Who has connected is served; netexec's end is that of what has only begun.
    const patience = state === 'starting' ? 0 : longestEnd.milliseconds;
    state = 'stopped';
    if (patience > 0) await settle();
    close();
    await Promise.race([ended, pause(patience)]);
  };
  return success({ ready, stop });
}

const whichWay = (status: Result<number>): string => (status.ok ? ` with status ${status.value}` : '');

const { user, capabilities, pid, serviceEnv, serviceFiles, envFiles, provider, intercepts } = defaultsOf('run');
const ownDefaults = { user, capabilities, pid, serviceEnv, serviceFiles, envFiles, provider, intercepts };

/** The inner end is a program like any other, and the caller's, whoever COMMAND is to be. */
export function relayRun(request: RunRequest, { env, folder }: Call): RunRequest {
  return {
    ...request,
    ...ownDefaults,
    // HOSTALIASES files are for programs that know no better.
    resolver: resolvers[request.resolver].relay,
    command: [process.execPath, ...relayWords()],
    // It goes through no proxy, and says nothing of any.
    env: ['HOSTALIASES', ...Object.keys(env).filter((name) => /_proxy$/i.test(name))].map((name) => `${name}=`),
    // It looks at no file of that folder's, and may not start in one that was deleted.
    workdir: folder === undefined ? '/' : undefined,
  };
}
