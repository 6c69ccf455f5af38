// What a service's container would be: by Compose's own reading of the files, and by what is there of it.
import type { RunRequest } from '../../core/arguments/argv.ts';
import { runningProjects } from '../../core/compose/project.ts';
import type { ListedContainer } from '../../core/engine/containers.ts';
import { supervisorPid } from '../../core/engine/supervisor.ts';
import { readHelpers } from '../../core/engine/helper-specification.ts';
import { fail, success } from '../../core/failure/failure.ts';
import type { Result } from '../../core/failure/failure.ts';
import {
  planStandIn,
  readBindings,
  readComposeConfig,
  runningOf,
  standInLabel,
} from '../../core/own-container/stand-in.ts';
import type { ComposeConfig, StandInPlan } from '../../core/own-container/stand-in.ts';
import { askComposeText } from '../compose/ask-compose.ts';
import type { Located } from '../compose/compose-files.ts';
import type { EngineActions } from '../engine/engine-actions.ts';
import { removeContainer } from '../engine/own-containers.ts';
import { isLeft } from '../engine/supervisors.ts';
import type { Engine } from '../engine/engine.ts';
import type { Caller } from '../observe/caller-environment.ts';
import { listNetworks } from '../observe/observe-networks.ts';
import { observeProject } from '../observe/observe-target.ts';
import { warn } from '../terminal/say.ts';

export interface SeenStandIn {
  readonly project: string;
  readonly containers: readonly ListedContainer[];
  readonly plan: StandInPlan;
}

export async function observeStandIn(
  request: RunRequest,
  service: string,
  caller: Caller,
  engine: Engine,
  actions: EngineActions,
): Promise<Result<SeenStandIn>> {
  const [seen, networks] = await Promise.all([observeProject(request, caller, engine, service), listNetworks(engine)]);
  if (!seen.ok) return seen;
  if (!networks.ok) return networks;
  for (const note of seen.value.notes) warn(note);
  const { containers } = seen.value;
  const location = await seen.value.locate();
  if (seen.value.project === undefined) {
    const folder = location.folder ?? caller.folder ?? 'this folder';
    return fail({ kind: 'no-project', name: service, folder, running: runningProjects(containers), alsoIn: [] });
  }
  const { name: project } = seen.value.project;
  const own = containers.filter(({ compose }) => compose?.project === project && compose.service === service);
  if (own.some(({ compose }) => compose?.task !== undefined)) return fail({ kind: 'stand-in-of-stack', service });
  const read = await readFiles(location, project, service);
  if (!read.ok) return read;
  const { config, hash } = read.value;
  const [taken, image, volumes] = await Promise.all([
    findStandIn(project, service, engine, actions),
    findImage(config, project, service, actions),
    listVolumes(actions),
  ]);
  if (!taken.ok) return taken;
  const present = own.filter(({ id, compose }) => compose?.oneOff !== true && !taken.value.forgotten.includes(id));
  const [first] = runningOf(present);
  const inspected = request.replace && first !== undefined ? await engine.inspect(first.id) : undefined;
  const plan = planStandIn(
    {
      project,
      service,
      config,
      hash,
      image,
      folder: location.folder,
      files: location.files,
      networks: networks.value,
      containers: present,
      published: readBindings(inspected?.ok === true ? inspected.value?.json : undefined),
      taken: taken.value.taken,
      volumes,
    },
    request.replace,
  );
  return plan.ok ? success({ project, containers, plan: plan.value }) : plan;
}

/** Nothing else can be had instead. */
const longest = { seconds: 30 };

/** A service behind a profile is one like any other here. */
async function readFiles(
  location: Located,
  project: string,
  service: string,
): Promise<Result<{ readonly config: ComposeConfig; readonly hash: string | undefined }>> {
  const unread = (reason: string | undefined): Result<never> => fail({ kind: 'stand-in-unread', service, reason });
  if (location.files.length === 0 && location.remote !== true) return unread(undefined);
  const options = ['--profile', '*', '--project-name', project];
  const [told, hash] = await Promise.all([
    askComposeText(location.words, options, ['--format', 'json'], longest.seconds),
    askComposeText(location.words, options, ['--hash', service], longest.seconds),
  ]);
  if (told === undefined) return unread('a Compose file was a pipe, and has already been read');
  if (!told.ok) return unread(told.stderr.trim().split('\n').at(-1) || 'Compose could not read it');
  const config = readComposeConfig(told.stdout);
  if (config === undefined) return unread('unexpected output from Compose');
  return success({ config, hash: hash?.ok === true ? hash.stdout.trim().split(/\s+/)[1] : undefined });
}

/** The netexec that stands in for it already; one that has ended is to stand in nobody's way. */
async function findStandIn(
  project: string,
  service: string,
  engine: Engine,
  actions: EngineActions,
): Promise<Result<{ readonly taken: string | undefined; readonly forgotten: readonly string[] }>> {
  const listed = await engine.list([`${standInLabel}=${project}/${service}`]);
  if (!listed.ok) return listed;
  const forgotten: string[] = [];
  for (const helper of readHelpers(listed.value.json)) {
    if (!isLeft(helper)) return success({ taken: supervisorPid(helper.label), forgotten });
    await removeContainer(actions, helper.id);
    forgotten.push(helper.id);
  }
  return success({ taken: undefined, forgotten });
}

async function findImage(
  { services }: ComposeConfig,
  project: string,
  service: string,
  actions: EngineActions,
): Promise<string | undefined> {
  const name = services[service]?.image ?? `${project}-${service}`;
  const image = await actions.ask(`GET /images/${encodeURIComponent(name)}/json`);
  const { Id: id } = (image.ok ? image.value : {}) as { readonly Id?: string };
  return id;
}

async function listVolumes(actions: EngineActions): Promise<readonly string[]> {
  const listed = await actions.ask('GET /volumes');
  const { Volumes: volumes } = (listed.ok ? listed.value : {}) as { readonly Volumes?: readonly { Name: string }[] };
  return (volumes ?? []).map(({ Name: name }) => name);
}
