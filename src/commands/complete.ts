// Answers a TAB: one question to the engine at most, in a moment or not at all, and never a word on stderr.
import type { Call } from '../call.ts';
import type { CompleteRequest, DockerOptions } from '../core/arguments/argv.ts';
import { beginning, completionText, directives, projectOf, wantedAt } from '../core/arguments/completion.ts';
import type { Candidate, Wanted } from '../core/arguments/completion.ts';
import {
  containerCandidates,
  decodeExtras,
  endpointCandidates,
  indexCandidates,
  networkCandidates,
  projectCandidates,
  serviceCandidates,
} from '../core/arguments/completion-data.ts';
import type { Extra } from '../core/arguments/completion-data.ts';
import type { Environment } from '../core/endpoint.ts';
import { divideServices } from '../core/compose-profiles.ts';
import type { DeclaredServices } from '../core/compose-profiles.ts';
import { ofAll, ofAnyProject } from '../core/labels.ts';
import { printable, shellWord } from '../core/printable.ts';
import type { Located } from '../shell/compose-files.ts';
import { optionsOfDocker } from '../shell/docker-line.ts';
import type { Engine } from '../shell/engine.ts';
import { programs, userGroups, users } from '../shell/machine-candidates.ts';
import { list, observeProject } from '../shell/observe.ts';
import { writeOut } from '../shell/print.ts';

/** How long somebody who pressed TAB looks on. */
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
  const offer = await Promise.race([find(words, docker, call).catch(() => nothing), late]);
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

async function find(words: readonly string[], docker: DockerOptions, call: Call): Promise<Offer> {
  const wanted = wantedAt(words);
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
    case 'commands':
      return { candidates: programs(prefix, call.env['PATH'] ?? ''), directive: directives.files };
    case 'services':
    case 'containers':
    case 'networks':
    case 'projects':
    case 'indexes':
    case 'endpoints':
      // It goes into a line that a shell will read.
      return only((await ofEngine(wanted, docker, call)).filter(({ value }) => value === shellWord(value)));
  }
}

async function ofEngine(
  wanted: Exclude<Wanted, { kind: 'these' }>,
  docker: DockerOptions,
  call: Call,
): Promise<readonly Candidate[]> {
  const engine = await call.engine(optionsOfDocker() ?? docker, () => {});
  if (!engine.ok) return [];
  let extras: ReadonlyMap<string, Extra> = new Map();
  const listening: Engine = {
    ...engine.value,
    list: async (labels) => {
      const answer = await engine.value.list(labels);
      if (answer.ok) extras = decodeExtras(answer.value.json);
      return answer;
    },
  };
  if (wanted.kind === 'containers' || wanted.kind === 'projects') {
    const all = await list(wanted.kind === 'projects' ? ofAnyProject : ofAll, listening);
    if (!all.ok) return [];
    return wanted.kind === 'projects' ? projectCandidates(all.value) : containerCandidates(all.value, extras);
  }
  const subject = wanted.rest[0] ?? 'SERVICE';
  // Who writes to a pipe means it for the run.
  const manner = { sparePipes: true };
  const seen = await observeProject(projectOf(wanted.options), call, listening, subject, manner);
  if (!seen.ok) return [];
  const { project, containers, locate } = seen.value;
  // Where there is no project, SERVICE is a container.
  if (project === undefined) return wanted.kind === 'services' ? containerCandidates(containers, extras) : [];
  if (wanted.kind === 'networks') return networkCandidates(containers, project.name);
  if (wanted.kind === 'indexes') return indexCandidates(containers, project.name);
  if (wanted.kind === 'endpoints') return endpointCandidates(containers, project.name, wanted.rest[0] ?? '', extras);
  const { services, behindProfile } = await declared(await locate(), call.env);
  return serviceCandidates(containers, project.name, services, extras, behindProfile);
}

/** What the files declare on their own: Compose would be asked for longer than a TAB takes. */
async function declared(location: Located, env: Environment): Promise<DeclaredServices> {
  if (location.files.length === 0) return divideServices([], undefined);
  const { readComposeFile } = await import('../shell/compose-yaml.ts');
  const files = location.files.map((file) => readComposeFile(file, location.read));
  const services = files.flatMap((read) => (read.ok ? Object.entries(read.value.services) : []));
  return divideServices(services, env['COMPOSE_PROFILES'] ?? location.dotEnv['COMPOSE_PROFILES']);
}
