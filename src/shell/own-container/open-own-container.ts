// Creates a container of netexec's own, on networks of a project or in a service's stead, and holds it open: the way in finds it as it finds any container.
import { release } from 'node:os';
import type { Duplex } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import type { RunRequest } from '../../core/arguments/argv.ts';
import type { Target } from '../../core/entry/plan.ts';
import { fail, success } from '../../core/failure/failure.ts';
import type { Result } from '../../core/failure/failure.ts';
import { ownContainerBody, plannedContainer, planOwnContainer } from '../../core/own-container/own-container.ts';
import type { Holder, OwnContainerPlan, StandsFor } from '../../core/own-container/own-container.ts';
import { tcpPorts } from '../../core/own-container/stand-in-health.ts';
import { isOn, isUp, shortId } from '../../core/engine/containers.ts';
import type { Container, ListedContainer } from '../../core/engine/containers.ts';
import { connectActions, inJson } from '../engine/engine-actions.ts';
import type { EngineActions } from '../engine/engine-actions.ts';
import type { Engine } from '../engine/engine.ts';
import {
  findImage,
  programFolders,
  removeContainer,
  removeForgottenContainers,
  useOwnContainer,
} from '../engine/own-containers.ts';
import { supervisor } from '../engine/supervisors.ts';
import type { Caller } from '../observe/caller-environment.ts';
import { callerName } from '../observe/caller.ts';
import { warn } from '../terminal/say.ts';
import { shellWord } from '../../core/text/printable.ts';
import { asksTunnel } from '../../core/ways/ways.ts';
import { holdRoles } from '../../roles.ts';
import { farImageOf } from './far-end.ts';
import { holding } from './hold.ts';
import { findRelay } from './relay-file.ts';
import { stopReplaced } from './replaced.ts';
import { provenNumbers } from '../observe/proven-numbers.ts';
import { observeProjectNetworks } from '../observe/observe-project-networks.ts';
import { findTrusted, trustedPath } from '../observe/program.ts';
import { inspect, isElsewhere, proven, reachable } from '../observe/observe-target.ts';

export interface OwnContainer {
  readonly target: Target;
  /** @returns when it is gone */
  close(): Promise<void>;
}

/** Of --on, or of --stand-in. */
export async function openOwnContainer(
  request: RunRequest,
  caller: Caller,
  engine: Engine,
): Promise<Result<OwnContainer>> {
  const actions = connectActions(engine.endpoint, callerName);
  if (!actions.ok) return actions;
  const seen = await observe(request, caller, engine, actions.value);
  if (!seen.ok) return seen;
  const sh = findTrusted('sh');
  if (sh === undefined) return fail({ kind: 'tool-missing', tool: 'sh', searched: trustedPath });
  const making = await chooseHolder(seen.value, request, sh, caller, engine, actions.value);
  if (!making.ok) return making;
  const { find, holder } = making.value;
  const image = find();
  const { plan, replaces } = seen.value;
  const stopped =
    replaces.length > 0
      ? await stopReplaced(actions.value, engine.endpoint, seen.value, await image, sh, caller.env)
      : success(undefined);
  if (!stopped.ok) return stopped;
  let { of } = seen.value;
  const specify = (found: string, runtime: string | undefined): object => {
    if (holder === holdRoles) of = { ...of, farImage: found };
    return ownContainerBody(plan, { holder, supervisor: supervisor(), image: found, runtime });
  };
  const use = async (id: string): Promise<Result<OwnContainer>> => {
    const own = await start(actions.value, id, { ...seen.value, of }, request, engine);
    if (own.ok) void removeForgottenContainers(actions.value);
    else await removeContainer(actions.value, id);
    return own;
  };
  const own = await useOwnContainer(actions.value, image, specify, use, plan.name, find);
  if (stopped.value === undefined) return own;
  const restore = stopped.value;
  if (!own.ok) await restore();
  return own.ok ? success({ ...own.value, close: () => own.value.close().then(restore) }) : own;
}

/** Where it is not to be made: what would be entered. */
export async function plannedOwnContainer(
  request: RunRequest,
  caller: Caller,
  engine: Engine,
): Promise<Result<Target>> {
  const actions = connectActions(engine.endpoint, callerName);
  if (!actions.ok) return actions;
  const seen = await observe(request, caller, engine, actions.value);
  if (!seen.ok) return seen;
  // What another container of this engine's is in, it would be in.
  const running = await findRunning(seen.value, engine);
  const planned = describe(plannedContainer(seen.value.plan, running?.container.pid ?? process.pid), seen.value);
  // Nothing is stopped where its place could be neither entered nor reached.
  const place = running === undefined ? success(planned) : await reachable(running, request, engine);
  if (place.ok) return success(place.value.remoteEngine === true ? { ...planned, remoteEngine: true } : planned);
  return seen.value.replaces.length > 0 ? place : success(planned);
}

/** @returns one of the containers that are seen, which runs */
async function findRunning(seen: Seen, engine: Engine): Promise<Target | undefined> {
  const other = [...seen.replaces, ...seen.containers].find(({ state }) => isUp(state));
  const running = other === undefined ? success(undefined) : await inspect(other.id, engine);
  return running.ok && running.value !== undefined && isUp(running.value.state)
    ? describe(running.value, seen)
    : undefined;
}

interface Making {
  /** @returns the image's id, once it is there */
  readonly find: () => Promise<Result<string>>;
  readonly holder: Holder;
}

async function chooseHolder(
  seen: Seen,
  { elevate = 'auto' }: RunRequest,
  sh: string,
  { env, runtimeFolder }: Caller,
  engine: Engine,
  actions: EngineActions,
): Promise<Result<Making>> {
  const isHere = !(await runsElsewhere(seen, engine));
  if (isHere) return success({ find: () => findImage(actions), holder: { sh, folders: programFolders() } });
  // Nothing is sent there in vain.
  if (elevate !== 'auto' && !asksTunnel(elevate))
    return fail({ kind: 'only-here', what: `--elevate ${elevate}`, host: engine.endpoint.host });
  const relays = await findRelay(engine, env);
  if (!relays.ok) return relays;
  const { replaces, containers, plan } = seen;
  // What is said there they may read anyway.
  const others = [...replaces, ...containers].filter(({ endpoints }) =>
    endpoints.some((each) => plan.networks.some((network) => isOn(each, network))),
  );
  return success({ find: () => farImageOf(actions, others, runtimeFolder, relays.value), holder: holdRoles });
}

/** Whether the folders of the engine's machine are not this one's, as far as that can be told before there is a container. */
async function runsElsewhere(seen: Seen, engine: Engine): Promise<boolean> {
  if (engine.endpoint.transport.kind === 'ssh') return true;
  const running = await findRunning(seen, engine);
  if (running !== undefined) {
    const here = await proven(running, engine);
    return !here.ok && isElsewhere(here.failure);
  }
  const info = await engine.info();
  const { KernelVersion: kernel } = ((info.ok && info.value.json) || {}) as { readonly KernelVersion?: unknown };
  return typeof kernel === 'string' && kernel !== release();
}

interface Seen {
  readonly project: string;
  readonly containers: readonly ListedContainer[];
  readonly plan: OwnContainerPlan;
  readonly of: StandsFor;
  /** What is stopped for it, and started again. */
  readonly replaces: readonly ListedContainer[];
}

async function observe(...asked: Parameters<typeof lookAround>): Promise<Result<Seen>> {
  const [, , engine] = asked;
  const numbers = await provenNumbers(engine);
  return numbers.ok ? lookAround(...asked) : numbers;
}

async function lookAround(
  request: RunRequest,
  caller: Caller,
  engine: Engine,
  actions: EngineActions,
): Promise<Result<Seen>> {
  if (request.standIn) {
    const { service = '' } = request;
    const { observeStandIn } = await import('./observe-stand-in.ts');
    const seen = await observeStandIn(request, service, caller, engine, actions);
    if (!seen.ok) return seen;
    const { project, containers, plan } = seen.value;
    const environment = request.serviceEnv ? plan.environment : undefined;
    const of = { project, service, container: plan.called, ports: tcpPorts(plan.health ?? []) };
    return success({ project, containers, plan: { ...plan, environment }, of, replaces: plan.replaces });
  }
  const seen = await observeProjectNetworks(request, '--on', caller, engine);
  if (!seen.ok) return seen;
  const { containers, networks, project } = seen.value;
  const plan = planOwnContainer(request.on, project.name, networks);
  if (!plan.ok) return plan;
  const of = { project: project.name };
  return success({ project: project.name, containers, plan: plan.value, of, replaces: [] });
}

async function start(
  actions: EngineActions,
  id: string,
  seen: Seen,
  request: RunRequest,
  engine: Engine,
): Promise<Result<OwnContainer>> {
  const [, ...further] = seen.plan.networks;
  for (const network of further) {
    const body = inJson({ Container: id, EndpointConfig: network.endpoint });
    const joined = await actions.ask(`POST /networks/${network.id}/connect`, body);
    if (!joined.ok) return joined;
  }
  const input = await actions.stream(`POST /containers/${id}/attach?stream=true&stdin=true`);
  if (!input.ok) return input;
  input.value.resume();
  const started = await actions.ask(`POST /containers/${id}/start`);
  const target = started.ok ? await targetOf(id, seen, request, engine) : started;
  if (!target.ok) {
    input.value.destroy();
    return target;
  }
  if (seen.of.farImage !== undefined) {
    const saying = setInterval(() => input.value.write('\n'), holding.said).unref();
    input.value.on('close', () => clearInterval(saying));
  }
  return success({ target: target.value, close: () => close(actions, target.value.container, input.value) });
}

async function targetOf(id: string, seen: Seen, request: RunRequest, engine: Engine): Promise<Result<Target>> {
  const container = await inspect(id, engine);
  if (!container.ok) return container;
  if (container.value === undefined || !isUp(container.value.state))
    return fail({ kind: 'container-ended', container: shortId(id), status: container.value?.exitCode });
  return reachable(describe(container.value, seen), request, engine);
}

const describe = (container: Container, { project, containers, plan, of, replaces }: Seen): Target => ({
  container: { ...container, environment: plan.environment },
  owner: container,
  lost: undefined,
  cause: causeOf(of, replaces),
  neighbours: containers.filter(({ compose }) => compose?.project === project),
  own: of,
});

function causeOf({ service }: StandsFor, replaces: readonly ListedContainer[]): string {
  if (service === undefined) return '--on';
  const names = replaces.map(({ name }) => name);
  return `--stand-in, for ${service}${names.length === 0 ? '' : `; stopped until the end: ${names.join(', ')}`}`;
}

/** An engine that is well takes half a second. */
const longestEnd = { milliseconds: 4000 };

async function close(engine: EngineActions, { id, name }: Container, input: Duplex): Promise<void> {
  const gone = engine.wait(`POST /containers/${id}/wait?condition=removed`);
  const removal = gone.begun.then(() => engine.wait(`DELETE /containers/${id}?force=true`));
  const remove = async (): Promise<boolean> => {
    // The engine may have lost the other end of its input.
    await (
      await removal
    ).answer;
    input.destroy();
    await gone.answer;
    return true;
  };
  const isGone = await Promise.race([remove(), pause(longestEnd.milliseconds, false, { ref: false })]);
  gone.giveUp();
  if (isGone) return;
  void removal.then(({ giveUp }) => giveUp());
  input.destroy();
  warn(`the engine did not confirm that container ${name} was removed (docker rm -f ${shellWord(name)})`);
}
