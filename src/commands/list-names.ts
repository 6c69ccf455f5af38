// --list-names: every name on the networks of the project, or all that one SERVICE can resolve.
import type { Call } from '../call.ts';
import type { ReportRequest } from '../core/arguments/argv.ts';
import { keyOf } from '../core/engine/containers.ts';
import { notLookedUp } from '../core/names/dns-names.ts';
import { addressesOfServer, nameServerOf } from '../core/names/name-server.ts';
import { success } from '../core/failure/failure.ts';
import type { Result } from '../core/failure/failure.ts';
import type { NetworkName } from '../core/names/names.ts';
import {
  changedResolvConf,
  nameColumns,
  nameRows,
  namesNotLookedUp,
  namesTableColumns,
  namesTableRows,
} from '../core/report/report-rows.ts';
import { otherServers, visibleNames } from '../core/names/visible-names.ts';
import { readContainerFiles } from '../shell/observe/container-files.ts';
import type { Engine } from '../shell/engine/engine.ts';
import { containersOn, listNetworks } from '../shell/observe/observe-networks.ts';
import { namesOnAll, observeProjectNetworks } from '../shell/observe/observe-project-networks.ts';
import { findTarget } from '../shell/observe/observe-target.ts';
import { reportText } from '../shell/terminal/report-width.ts';
import { warn } from '../shell/terminal/say.ts';

export async function listNames(request: ReportRequest, call: Call, engine: Engine): Promise<Result<string>> {
  const { subject } = request;
  const names =
    subject === undefined
      ? await namesOfProject(request, call, engine)
      : await namesOfService(request, subject, call, engine);
  if (!names.ok) return names;
  for (const warning of namesNotLookedUp(names.value)) warn(warning);
  const shown = subject === undefined ? names.value : names.value.filter(({ name }) => notLookedUp(name) === undefined);
  const isTable = !request.quiet && (request.format ?? '').trim().replace(/^table$/, '') === '';
  return isTable
    ? reportText(namesTableColumns, namesTableRows(shown, request.noTrunc), request)
    : reportText(nameColumns, nameRows(shown), request);
}

async function namesOfProject(
  request: ReportRequest,
  call: Call,
  engine: Engine,
): Promise<Result<readonly NetworkName[]>> {
  const seen = await observeProjectNetworks(request, `--${request.kind}`, call, engine);
  return seen.ok ? namesOnAll(seen.value, engine) : seen;
}

async function namesOfService(
  request: ReportRequest,
  service: string,
  call: Call,
  engine: Engine,
): Promise<Result<readonly NetworkName[]>> {
  const target = await findTarget({ ...request, service }, call, engine);
  if (!target.ok) return target;
  const { lost, notes = [], owner } = target.value;
  for (const note of notes) warn(note);
  if (lost !== undefined) warn(`${lost.said} (${lost.cure})`);
  const networks = await listNetworks(engine);
  if (!networks.ok) return networks;
  const containers = await containersOn(owner.endpoints.map(keyOf), engine);
  if (!containers.ok) return containers;
  for (const warning of containers.value.warnings) warn(warning);
  // What its hosts file says is of the network that it has lost.
  const files = lost === undefined ? readContainerFiles(target.value.container) : undefined;
  const server = nameServerOf(engine.podman());
  const own = addressesOfServer(server, owner, networks.value);
  const others = files === undefined ? undefined : otherServers(owner, files, own);
  if (others !== undefined) warn(changedResolvConf(service, others, own));
  return success(visibleNames(owner, containers.value.containers, networks.value, files, server));
}
