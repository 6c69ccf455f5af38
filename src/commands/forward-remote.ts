// --forward, --proxy and --reverse without COMMAND, where the container is not of this kernel: by a far end in its network, which
// the engine carries to.
import { calledWith } from '../call.ts';
import type { Call } from '../call.ts';
import { inside } from '../core/arguments/argv.ts';
import type { DockerOptions, RunRequest } from '../core/arguments/argv.ts';
import { mayReturn } from '../core/engine/container-return.ts';
import { projectOf } from '../core/entry/plan.ts';
import type { EntryPlan, Target } from '../core/entry/plan.ts';
import { fail, success } from '../core/failure/failure.ts';
import type { Failure, Result } from '../core/failure/failure.ts';
import { pinnedVariables, pinNotes } from '../core/names/pinned-names.ts';
import { onlyHere } from '../core/relay/only-here.ts';
import { describeFailure, sayFailure, tooMany } from '../core/relay/local-port-text.ts';
import { notReversed } from '../core/relay/reverse-text.ts';
import type { Reverse } from '../core/relay/reverses.ts';
import type { Engine } from '../shell/engine/engine.ts';
import { howItEnded } from '../shell/engine/how-it-ended.ts';
import { endOfCall } from '../shell/enter/signals.ts';
import { findNetwork } from '../shell/observe/observe-names.ts';
import { findTarget } from '../shell/observe/observe-target.ts';
import { keepWay, openFarWay } from '../shell/own-container/far-way.ts';
import type { FarWay } from '../shell/own-container/far-way.ts';
import { findRelay } from '../shell/own-container/relay-file.ts';
import type { Reach } from '../shell/relay/join.ts';
import { refusalInside } from '../shell/relay/listen-inside.ts';
import type { OpenPort } from '../shell/relay/listen.ts';
import { ownLoop } from '../shell/relay/own-loop.ts';
import { tellCauses } from '../shell/relay/reach.ts';
import { serve } from '../shell/relay/serve.ts';
import { reachByTunnel } from '../shell/relay/reach-by-tunnel.ts';
import { reverseByTunnel } from '../shell/relay/reverse-by-tunnel.ts';
import { isLinux } from '../shell/process/system.ts';
import { errorWidth, say, warn } from '../shell/terminal/say.ts';

/**
 * @param localPorts of this machine, which listen already
 * @param ready is called once they lead there
 * @param place the container, where it is one of netexec's own
 * @returns as the life of a run has it: 128+n by signal n, 125 where the container has ended
 */
export async function forwardRemote(
  request: RunRequest,
  docker: DockerOptions,
  call: Call,
  localPorts: readonly OpenPort[],
  ready: () => void,
  place?: Target,
): Promise<Result<number>> {
  const engine = await call.engine(docker, warn);
  if (!engine.ok) return engine;
  const waited = await waitThere(request, call, engine.value, place);
  if (!waited.ok) return waited;
  const opened = await openWay(request, call, engine.value, localPorts, place);
  if (!opened.ok) return opened;
  const reversed = reverseThere(request);
  const way = keepWay(opened.value, {
    open: () => openWay(request, call, engine.value, localPorts, place),
    // A container that is gone meanwhile is waited for where that is asked for.
    mayPass: (failure) => request.restart && mayReturn(failure),
    ended: (name, status) => {
      say(containerExited(name, status, request.restart));
      return request.restart;
    },
    found: ({ far, name }) => {
      say(`${name} is reachable again: forwarding its ports`);
      reversed.listen(far.tunnel);
    },
  });
  const reach = reachBy(request, localPorts, way.now);
  for (const each of localPorts)
    for (const descriptor of each.descriptors) serve(each, descriptor, reach, () => say(tooMany));
  const over = Promise.race([endOfCall(call.ignoredSignals).status, way.over, reversed.refused]);
  reversed.listen(opened.value.far.tunnel);
  const end = await Promise.race([reversed.ready.then(ready).then(() => over), over]);
  way.close();
  if (typeof end === 'number') return success(end);
  if (end === undefined) return success(125);
  // A failure would wait for what listens, and for signals.
  const { renderFailure } = await import('../core/failure/explain.ts');
  const { text, status } = renderFailure(end, calledWith(request, call), errorWidth());
  process.stderr.write(text);
  return success(status);
}

/** The first that cannot be had there is a failure; once all are there, one that is not any more is said. */
function reverseThere(request: RunRequest) {
  let refuse!: (failure: Failure) => void;
  let isReady = false;
  const refused = new Promise<Failure>((resolve) => (refuse = resolve));
  const refuseOne = (reverse: Reverse, error: string): void => {
    if (isReady) say(notReversed(reverse.inside, inside(request), error));
    else refuse(refusalInside(undefined, reverse, inside(request), error));
  };
  const reversed = reverseByTunnel(request.reverses, refuseOne);
  void reversed.ready.then(() => (isReady = true));
  return { ...reversed, refused };
}

const containerExited = (name: string, status: string, restart: boolean): string =>
  `${name} exited${status === '' ? '' : ` with status ${status}`}: ${
    restart ? 'its ports stay open and wait for it' : 'closing its ports (with --restart they would stay open)'
  }`;

/** What would be reached. */
export async function planRemote(
  request: RunRequest,
  docker: DockerOptions,
  call: Call,
  place?: Target,
): Promise<Result<Pick<EntryPlan, 'endpoint' | 'target'>>> {
  const engine = await call.engine(docker, warn);
  if (!engine.ok) return engine;
  const target = await observe(request, call, engine.value, place);
  return target.ok ? success({ endpoint: engine.value.endpoint, target: target.value }) : target;
}

/** @returns the container, where this can be had of it */
async function observe(request: RunRequest, call: Call, engine: Engine, place?: Target): Promise<Result<Target>> {
  const what = onlyHere(request);
  if (what !== undefined) return fail({ kind: 'only-here', what, host: engine.endpoint.host });
  if (place !== undefined) return notByPodman(request, engine) ?? success(place);
  const { service = '' } = request;
  const asked = { ...request, service, serviceEnv: false };
  const [target, relays] = await Promise.all([findTarget(asked, call, engine), findRelay(engine, call.env)]);
  if (!target.ok) return fail(await howItEnded(target.failure, asked, engine));
  return relays.ok ? (notByPodman(request, engine) ?? target) : relays;
}

/** Podman's DNS server cannot be asked for one network's names. What the engine is, it has told by now. */
const notByPodman = ({ network }: RunRequest, engine: Engine): Result<never> | undefined =>
  network !== undefined && engine.podman() !== undefined
    ? fail({ kind: 'pinned-by-podman', hasCommands: isLinux })
    : undefined;

/** Whatever keeps netexec from entering that network, an endpoint is looked at from there. */
async function waitThere(request: RunRequest, call: Call, engine: Engine, place?: Target): Promise<Result<unknown>> {
  if (request.waits.length === 0) return success(undefined);
  const target = await observe(request, call, engine, place);
  if (!target.ok) return target;
  const { waitForEndpoints } = await import('./wait.ts');
  return waitForEndpoints({ ...request, elevate: 'tunnel' }, call, engine, place);
}

async function openWay(
  request: RunRequest,
  call: Call,
  engine: Engine,
  localPorts: readonly OpenPort[],
  place?: Target,
): Promise<Result<FarWay>> {
  const target = await observe(request, call, engine, place);
  if (!target.ok) return target;
  const loop = ownLoop(target.value, { localPorts, reverses: request.reverses });
  if (loop !== undefined) return fail(loop);
  for (const note of target.value.notes ?? []) warn(note);
  const variables = await lookups(request, target.value, call, engine);
  return variables.ok ? openFarWay(target.value, engine, call, variables.value) : variables;
}

/** By which names are looked up as --network has it. */
async function lookups(
  request: RunRequest,
  target: Target,
  call: Call,
  engine: Engine,
): Promise<Result<readonly string[]>> {
  if (request.network === undefined) return success([]);
  const found = await findNetwork(request, request.network, target.owner, projectOf(target), call, engine);
  if (!found.ok) return found;
  for (const note of pinNotes(found.value, {})) warn(note);
  return success(pinnedVariables(found.value));
}

/** Says why a connection is not made, once for each cause. */
export function reachBy(request: RunRequest, localPorts: readonly OpenPort[], way: () => Promise<FarWay>): Reach {
  const service = inside(request);
  let asked = 0;
  const outcome = tellCauses((upstream, error) => {
    const said = sayFailure(localPorts, asked, upstream, describeFailure(upstream, service, error));
    ({ asked } = said);
    said.lines.forEach(say);
  });
  return async (upstream, givenUp) => {
    const { far } = await way();
    const found = await reachByTunnel(far.tunnel)(upstream, givenUp);
    // What is reset with the whole tunnel is told of by that.
    if (found !== 'ECONNRESET') outcome(upstream, typeof found === 'string' ? found : undefined);
    return found;
  };
}
