// --hostaliases: writes a HOSTALIASES file for each network of the project, and lists them, or prints the one of NETWORK.
import type { Call } from '../call.ts';
import type { ReportRequest } from '../core/arguments/argv.ts';
import { findProjectNetwork } from '../core/engine/networks.ts';
import type { AliasTarget } from '../core/names/aliases.ts';
import { fail, success } from '../core/failure/failure.ts';
import type { Result } from '../core/failure/failure.ts';
import { needsProvider } from '../core/names/resolvers.ts';
import { projectAliases } from '../core/names/project-aliases.ts';
import { aliasColumns, aliasRows } from '../core/report/report-rows.ts';
import { defaultProvider, providerIn } from '../core/arguments/settings.ts';
import type { Engine } from '../shell/engine/engine.ts';
import { namesOnAll, observeProjectNetworks } from '../shell/observe/observe-project-networks.ts';
import { reportText } from '../shell/terminal/report-width.ts';
import { writeAliasFiles } from '../shell/files/runtime-folder.ts';
import { warn } from '../shell/terminal/say.ts';

export async function hostaliases(request: ReportRequest, call: Call, engine: Engine): Promise<Result<string>> {
  const seen = await observeProjectNetworks(request, `--${request.kind}`, call, engine);
  if (!seen.ok) return seen;
  const { subject } = request;
  const { project, networks } = seen.value;
  const wanted = subject === undefined ? undefined : findProjectNetwork(subject, project.name, networks);
  if (wanted !== undefined && !wanted.ok) return wanted;
  if (!needsProvider(request.resolver) && engine.podman() !== undefined) return fail({ kind: 'no-alias-targets' });
  const target = aliasTarget(request, call);
  if (!target.ok) return target;
  const names = await namesOnAll(seen.value, engine);
  if (!names.ok) return names;
  const made = networks.flatMap(({ network }) => network ?? []);
  const { files, warnings } = projectAliases(project.name, made, names.value, call.runtimeFolder, target.value);
  // A bad template is found before anything is written.
  const table = await reportText(aliasColumns, aliasRows(files), request);
  if (!table.ok) return table;
  for (const warning of warnings) warn(warning);
  const failure = writeAliasFiles({ folder: call.runtimeFolder, files });
  if (failure !== undefined) return fail(failure);
  return wanted === undefined
    ? table
    : success(files.find(({ networks: [of] }) => of === wanted.value.name)?.text ?? '');
}

function aliasTarget({ resolver, provider: given }: ReportRequest, { env }: Call): Result<AliasTarget> {
  if (!needsProvider(resolver)) return success({ kind: 'engine' });
  const provider = given === undefined ? providerIn(env) : success(given);
  return provider.ok ? success({ kind: 'provider', domain: provider.value ?? defaultProvider }) : provider;
}
