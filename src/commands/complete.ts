// A TAB: one question to the engine at most, in a moment or not at all, and never a word on stderr.
import type { Call } from '../call.ts';
import type { CompleteRequest, DockerOptions } from '../core/arguments/argv.ts';
import { beginning, completionText, directives, isUnnamed, wantedAt } from '../core/arguments/completion.ts';
import type { Candidate, Wanted } from '../core/arguments/completion.ts';
import {
  containerCandidates,
  endpointCandidates,
  indexCandidates,
  interceptCandidates,
  networkCandidates,
  portCandidates,
  projectCandidates,
  runningOf,
  serviceCandidates,
} from '../core/arguments/completion-data.ts';
import { projectGiven } from '../core/arguments/read-options.ts';
import { divideServices } from '../core/compose/profiles.ts';
import type { DeclaredServices } from '../core/compose/profiles.ts';
import type { Environment } from '../core/engine/engine-address.ts';
import type { ListedContainer } from '../core/engine/containers.ts';
import { ofAll } from '../core/engine/labels.ts';
import { printable, shellWord } from '../core/text/printable.ts';
import type { Located } from '../shell/compose/compose-files.ts';
import { optionsOfDocker } from '../shell/complete/docker-line.ts';
import { listeningHere, programs, userGroups, users } from '../shell/complete/machine-candidates.ts';
import { list, observeProject } from '../shell/observe/observe-target.ts';
import { writeOut } from '../shell/terminal/print.ts';

/** How long somebody who pressed TAB looks on, in milliseconds. */
const patience = 1500;

/** What is offered, and what the shell is to do besides. */
interface Offer {
  readonly candidates: readonly Candidate[];
  readonly directive: number;
}

export async function complete(
  { words, described }: CompleteRequest,
  docker: DockerOptions,
  call: Call,
): Promise<never> {
  const nothing = { candidates: [], directive: directives.none };
  const late = new Promise<Offer>((resolve) => setTimeout(resolve, patience, nothing));
  const offer = await Promise.race([look(words, docker, call).catch(() => nothing), late]);
  const candidates = offer.candidates.filter(({ value }) => value === printable(value));
  const text = completionText(
    candidates.map(({ value, description }) => ({ value, description: printable(description) })),
    offer.directive,
    described && !call.env['DOCKER_CLI_DISABLE_COMPLETION_DESCRIPTION'],
  );
  // A shell that has stopped reading hears no more. Whatever is under way, an engine that says nothing for one, is not waited for.
  writeOut(text);
  process.exit(0);
}

async function look(words: readonly string[], docker: DockerOptions, call: Call): Promise<Offer> {
  const wanted = wantedAt(words);
  if (!isUnnamed(words) || wanted.kind === 'these') return find(wanted, docker, call);
  const { observePreset } = await import('../shell/compose/observe-preset.ts');
  const preset = observePreset(projectGiven(wanted.options), call);
  const isNamed = preset.ok && preset.value !== undefined;
  return find(wantedAt(words, isNamed), docker, call);
}

async function find(wanted: Wanted, docker: DockerOptions, call: Call): Promise<Offer> {
  if (wanted.kind === 'these') return wanted;
  const { prefix } = wanted;
  const only = (candidates: readonly Candidate[]): Offer => ({
    candidates: beginning(candidates, prefix),
    directive: directives.none,
  });
  switch (wanted.kind) {
    case 'users':
      return only(prefix.includes(':') ? userGroups(prefix) : users());
    case 'variables':
      return only(Object.keys(call.env).map((value) => ({ value, description: '' })));
    case 'listeners':
      return only(listeningHere());
    case 'ports':
      return only(await observePorts(wanted, docker, call));
    case 'interceptable':
      // COMMAND's port stands behind it.
      return { ...only(await observePorts(wanted, docker, call)), directive: directives.goesOn };
    case 'commands':
      return { candidates: programs(prefix, call.env['PATH'] ?? ''), directive: directives.files };
    case 'services':
    case 'containers':
    case 'networks':
    case 'network lists':
    case 'projects':
    case 'indexes':
    case 'endpoints': {
      const seen = await observe(wanted, docker, call);
      // Only the last of several is to be completed.
      const before = wanted.kind === 'network lists' ? prefix.slice(0, prefix.lastIndexOf(',') + 1) : '';
      const found = seen === undefined ? [] : candidatesOf(wanted, seen);
      const candidates = found.map((each) => ({ ...each, value: before + each.value }));
      // It goes into a line that a shell will read.
      return only(candidates.filter(({ value }) => value === shellWord(value)));
    }
  }
}

/** For --forward and --intercept: SERVICE stands behind it, so it may be any. */
async function observePorts(wanted: Asked, docker: DockerOptions, call: Call): Promise<readonly Candidate[]> {
  const seen = await observe(wanted, docker, call);
  const engine = await call.engine(docker, () => {});
  if (seen?.project === undefined || !engine.ok) return [];
  const { listeningIn } = await import('../shell/complete/listening-in.ts');
  const own = runningOf(seen.containers, seen.project);
  const listening = await listeningIn(own, engine.value);
  return wanted.kind === 'interceptable'
    ? interceptCandidates(own, listening)
    : portCandidates(own, listening, wanted.prefix);
}

type Asked = Exclude<Wanted, { readonly kind: 'these' }>;

interface Seen {
  readonly containers: readonly ListedContainer[];
  /** Undefined where there is none here, or none was asked for. */
  readonly project: string | undefined;
  readonly declared: DeclaredServices;
}

/** @returns undefined where the engine does not tell */
async function observe(wanted: Asked, docker: DockerOptions, call: Call): Promise<Seen | undefined> {
  const engine = await call.engine(optionsOfDocker() ?? docker, () => {});
  if (!engine.ok) return undefined;
  if (wanted.kind === 'containers' || wanted.kind === 'projects') {
    const all = await list(ofAll, engine.value, true);
    return all.ok ? { containers: all.value, project: undefined, declared: nothingDeclared } : undefined;
  }
  const subject = wanted.rest[0] ?? 'SERVICE';
  // Who writes to a pipe means it for the run.
  const manner = { withImages: true, sparePipes: true };
  const seen = await observeProject(projectGiven(wanted.options), call, engine.value, subject, manner);
  if (!seen.ok) return undefined;
  const { containers, project, locate } = seen.value;
  const declares = project !== undefined && wanted.kind === 'services';
  const declared = declares ? await observeDeclared(await locate(), call.env) : nothingDeclared;
  return { containers, project: project?.name, declared };
}

const nothingDeclared = divideServices([], undefined);

/** What the files declare on their own: Compose would be asked for longer than a TAB takes. */
async function observeDeclared(location: Located, env: Environment): Promise<DeclaredServices> {
  if (location.files.length === 0) return nothingDeclared;
  const { readComposeFile } = await import('../shell/compose/compose-yaml.ts');
  const files = location.files.map((file) => readComposeFile(file, location.read));
  const services = files.flatMap((read) => (read.ok ? Object.entries(read.value.services) : []));
  return divideServices(services, env['COMPOSE_PROFILES'] ?? location.dotEnv['COMPOSE_PROFILES']);
}

const allNetworks: Candidate = { value: 'all', description: 'all networks' };

function candidatesOf({ kind, rest }: Asked, { containers, project, declared }: Seen): readonly Candidate[] {
  if (kind === 'projects') return projectCandidates(containers);
  if (kind === 'containers') return containerCandidates(containers);
  // Where there is no project, SERVICE is a container.
  if (project === undefined) return kind === 'services' ? containerCandidates(containers) : [];
  if (kind === 'networks') return networkCandidates(containers, project);
  if (kind === 'network lists') return [...networkCandidates(containers, project), allNetworks];
  if (kind === 'indexes') return indexCandidates(containers, project);
  if (kind === 'endpoints') return endpointCandidates(containers, project, rest[0] ?? '');
  return serviceCandidates(containers, project, declared.services, declared.behindProfile);
}
