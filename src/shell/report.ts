// The reports: what networks there are, what names are on them, and the HOSTALIASES files of all of them.
import type { ReportRequest } from '../core/arguments/argv.ts';
import { drawings, readProvider } from '../core/arguments/option-values.ts';
import { aliasFile, isAlias } from '../core/aliases.ts';
import type { AliasTarget } from '../core/aliases.ts';
import { aliasPath } from '../core/alias-plan.ts';
import { notCarried, notLookedUp } from '../core/dns-names.ts';
import { isUp } from '../core/engine-state.ts';
import { fail, success } from '../core/failure.ts';
import type { Result } from '../core/failure.ts';
import { networkNames, serviceOf } from '../core/names.ts';
import { otherServers, visibleNames } from '../core/visible-names.ts';
import type { NetworkName } from '../core/names.ts';
import { projectNetworks } from '../core/networks.ts';
import type { ProjectNetwork } from '../core/networks.ts';
import type { ProjectName } from '../core/project.ts';
import { runningProjects } from '../core/project.ts';
import type { Column, Row } from '../core/report.ts';
import { readContainerFiles } from './container-files.ts';
import type { Caller } from './caller-environment.ts';
import { sent } from './engine.ts';
import type { Engine } from './engine.ts';
import { containersOn, listNetworks } from './observe-networks.ts';
import { findTarget, observeProject } from './observe.ts';
import type { SeenProject } from './observe.ts';
import { print } from './print.ts';
import { reportText } from './report-text.ts';
import { writeAliasFiles } from './runtime-folder.ts';
import { warn } from './say.ts';

/** @returns the exit status, the report being printed */
export async function report(request: ReportRequest, caller: Caller, engine: Engine): Promise<Result<number>> {
  const text = await answerReport(request, caller, engine);
  if (!text.ok) return text;
  print(text.value);
  return success(0);
}

function answerReport(request: ReportRequest, caller: Caller, engine: Engine): Promise<Result<string>> {
  switch (request.kind) {
    case 'list-networks':
      return listNetworksReport(request, caller, engine);
    case 'list-names':
      return request.subject === undefined
        ? listNamesReport(request, caller, engine)
        : visibleNamesReport(request, request.subject, caller, engine);
    case 'hostaliases':
      return hostaliasesReport(request, caller, engine);
  }
}

const networkColumns: readonly Column[] = columns('Network', 'Key', 'Driver', 'Subnet', 'Internal', 'Services');
const nameColumns: readonly Column[] = columns('Name', 'Network', 'Address', 'Service', 'Container');
const aliasColumns: readonly Column[] = columns('Network', 'File', 'Names');

function columns(...keys: readonly string[]): readonly Column[] {
  return keys.map((key) => ({ key, header: key.toUpperCase() }));
}

async function listNetworksReport(request: ReportRequest, caller: Caller, engine: Engine): Promise<Result<string>> {
  const seen = await observeNetworks(request, caller, engine);
  if (!seen.ok) return seen;
  const { project, networks, containers } = seen.value;
  const drawing = request.quiet ? undefined : drawings.find((each) => each === request.format);
  if (drawing !== undefined) {
    const { drawNetworks, networkMap } = await import('../core/drawing/drawing.ts');
    return success(drawNetworks(networkMap(project.name, networks, containers), drawing));
  }
  const rows = networks.map(({ name, key, internal, network }): Row => {
    const here = containers.filter(
      ({ state, endpoints }) => isUp(state) && endpoints.some((each) => each.network === name),
    );
    const services = here.map((container) => serviceOf(container, project.name)[0] ?? container.name);
    return {
      Network: name,
      Key: key ?? '',
      Driver: network?.driver ?? '',
      Subnet: network?.subnets ?? [],
      Internal: internal,
      Services: [...new Set(services)].toSorted(),
    };
  });
  return reportText(networkColumns, rows, request);
}

async function listNamesReport(request: ReportRequest, caller: Caller, engine: Engine): Promise<Result<string>> {
  const seen = await observeNetworks(request, caller, engine);
  if (!seen.ok) return seen;
  const names = await namesOnAll(seen.value, engine);
  if (!names.ok) return names;
  for (const warning of namesNotLookedUp(names.value)) warn(warning);
  return reportText(nameColumns, names.value.map(nameRow), request);
}

async function visibleNamesReport(
  request: ReportRequest,
  service: string,
  caller: Caller,
  engine: Engine,
): Promise<Result<string>> {
  const target = await findTarget({ ...request, service }, caller, engine);
  if (!target.ok) return target;
  const { lost, notes = [], owner } = target.value;
  for (const note of notes) warn(note);
  if (lost !== undefined) warn(`${lost.said} (${lost.cure})`);
  const networks = await listNetworks(engine);
  if (!networks.ok) return networks;
  const containers = await containersOn(
    owner.endpoints.map(({ networkId }) => networkId),
    engine,
  );
  if (!containers.ok) return containers;
  for (const warning of containers.value.warnings) warn(warning);
  // What its hosts file says is of the network that it has lost.
  const files = lost === undefined ? readContainerFiles(target.value.container) : undefined;
  const others = files === undefined ? undefined : otherServers(owner, files);
  if (others !== undefined) warn(changedResolvConf(service, others));
  const names = visibleNames(owner, containers.value.containers, networks.value, files);
  for (const warning of namesNotLookedUp(names)) warn(warning);
  const found = names.filter(({ name }) => notLookedUp(name) === undefined);
  return reportText(nameColumns, found.map(nameRow), request);
}

async function hostaliasesReport(request: ReportRequest, caller: Caller, engine: Engine): Promise<Result<string>> {
  const seen = await observeNetworks(request, caller, engine);
  if (!seen.ok) return seen;
  const { project, networks } = seen.value;
  const made = networks.flatMap(({ name, network }) => (network === undefined ? [] : [{ name, id: network.id }]));
  const wanted = request.subject === undefined ? undefined : findNetwork(request.subject, seen.value);
  if (wanted !== undefined && !wanted.ok) return wanted;
  const target = aliasTarget(request, caller);
  if (!target.ok) return target;
  const names = await namesOnAll(seen.value, engine);
  if (!names.ok) return names;
  // A bad template is found before anything is written.
  const form = await reportText(aliasColumns, [], request);
  if (!form.ok) return form;
  const folder = caller.runtimeFolder;
  const files = made.map((network) => ({
    file: aliasPath(folder, project.name, network.name, target.value),
    ...aliasFile(
      [network],
      names.value.filter((each) => each.network === network.name),
      target.value,
    ),
  }));
  const nameless = made.flatMap(({ name }) => {
    const why = target.value.kind === 'engine' ? notCarried(name) : undefined;
    return why === undefined ? [] : [`no aliases for ${JSON.stringify(name)}: it ${why}`];
  });
  for (const warning of nameless) warn(warning);
  const odd = new Set(names.value.filter(({ name }) => !isAlias(name)).map(({ name }) => name));
  for (const name of odd) warn(`glibc takes no alias ${JSON.stringify(name)}: it is in no file`);
  const failure = writeAliasFiles({ folder, files });
  if (failure !== undefined) return fail(failure);
  if (wanted !== undefined) return success(files.find(({ networks: of }) => of[0] === wanted.value)?.text ?? '');
  const rows = files.map(({ file, networks: of, names: aliases }): Row => ({
    Network: of[0] ?? '',
    File: file,
    Names: aliases,
  }));
  return reportText(aliasColumns, rows, request);
}

interface SeenNetworks extends SeenProject {
  readonly project: ProjectName;
  readonly networks: readonly ProjectNetwork[];
}

async function observeNetworks(request: ReportRequest, caller: Caller, engine: Engine): Promise<Result<SeenNetworks>> {
  const asking = Promise.all([
    observeProject(request, caller, engine, `--${request.kind}`, { whose: 'all' }),
    listNetworks(engine),
  ]);
  // While the engine thinks: what reads Compose files is loaded.
  await sent();
  const { declaredNetworks } = await import('./declared-project.ts');
  const [seen, networks] = await asking;
  if (!seen.ok) return seen;
  for (const note of seen.value.notes) warn(note);
  const { project, containers } = seen.value;
  const location = await seen.value.locate();
  if (project === undefined) {
    return fail({
      kind: 'no-project',
      name: undefined,
      folder: location.folder ?? caller.folder ?? 'this folder',
      running: runningProjects(containers),
      elsewhere: [],
    });
  }
  if (!networks.ok) return networks;
  const declared = location.files.length > 0 ? await declaredNetworks(location, project.name) : [];
  const own = projectNetworks(project.name, networks.value, containers, declared);
  if (own.length === 0) {
    const running = runningProjects(containers);
    return fail({
      kind: 'project-empty',
      project: project.name,
      source: project.source,
      service: undefined,
      declared: [],
      running,
    });
  }
  return success({ ...seen.value, project, networks: own });
}

async function namesOnAll(
  { project, networks, containers: listed }: SeenNetworks,
  engine: Engine,
): Promise<Result<readonly NetworkName[]>> {
  const ids = networks.flatMap(({ network }) => network?.id ?? []);
  const containers = await containersOn(ids, engine, listed);
  if (!containers.ok) return containers;
  for (const warning of containers.value.warnings) warn(warning);
  const all = networks.map(({ name }) => name);
  return success(networkNames(project.name, containers.value.containers, all));
}

const changedResolvConf = (service: string, servers: readonly string[]): string =>
  `/etc/resolv.conf of ${service} was changed: it names ${servers.join(' and ') || 'no server'}, not the engine's 127.0.0.11; listed is what stands in /etc/hosts`;

/** A line for each name that is there, and that no program finds. */
const namesNotLookedUp = (names: readonly NetworkName[]): readonly string[] =>
  [...new Set(names.map(({ name }) => name))].flatMap((name) => {
    const why = notLookedUp(name);
    return why === undefined ? [] : [`no program finds ${JSON.stringify(name)}: it ${why}`];
  });

function findNetwork(wanted: string, { project, networks }: SeenNetworks): Result<string> {
  const found = networks.find(({ name, key }) => name === wanted || key === wanted);
  if (found?.network !== undefined) return success(found.name);
  if (found !== undefined) return fail({ kind: 'network-not-made', network: found.name, project: project.name });
  const names = networks.map(({ name, key }) => key ?? name);
  return fail({ kind: 'network-not-joined', network: wanted, of: `project ${project.name}`, networks: names });
}

function aliasTarget(request: ReportRequest, { env }: Caller): Result<AliasTarget> {
  if (request.resolver !== 'hostaliases') return success({ kind: 'engine' });
  const provider = readProvider('NETEXEC_PROVIDER', request.provider ?? (env['NETEXEC_PROVIDER'] || 'sslip.io'));
  return provider.ok ? success({ kind: 'provider', domain: provider.value ?? '' }) : provider;
}

const nameRow = ({ name, network, addresses, services, containers }: NetworkName): Row => ({
  Name: name,
  Network: network ?? '',
  Address: addresses,
  Service: services,
  Container: containers,
});
