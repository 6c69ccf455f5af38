// --all: COMMAND once in each running replica, at the same time, each line with the name of its container in front.
import type { Call } from '../call.ts';
import { inside } from '../core/arguments/argv.ts';
import type { DockerOptions, RunRequest, ServiceRun } from '../core/arguments/argv.ts';
import { runningReplicas } from '../core/compose/project.ts';
import type { EntryPlan } from '../core/entry/plan.ts';
import { renderFailure } from '../core/failure/explain.ts';
import { fail, success } from '../core/failure/failure.ts';
import type { Result } from '../core/failure/failure.ts';
import { linePrefixes } from '../core/report/prefixed-lines.ts';
import { printable } from '../core/text/printable.ts';
import { openOutputs, openPrefixedOutput } from '../shell/enter/prefixed-output.ts';
import type { Outputs } from '../shell/enter/prefixed-output.ts';
import { observeProject } from '../shell/observe/observe-target.ts';
import { errorWidth, warn } from '../shell/terminal/say.ts';
import { dryRun } from './dry-run.ts';
import { carryOut, prepare, tunnelFor } from './run.ts';

/** @returns the highest exit status of all */
export async function runInAll(given: RunRequest, docker: DockerOptions, call: Call): Promise<Result<number>> {
  const request = { ...given, service: inside(given) };
  const { command, dryRun: only, service, workdir } = request;
  if (command.length === 0) return fail({ kind: 'all-without-terminal', service, lacks: 'COMMAND' });
  const replicas = await findReplicas(request, docker, call);
  if (!replicas.ok) return replicas;
  if (only) return describeAll(replicas.value, docker, call);
  const plans: EntryPlan[] = [];
  const tunnels: ReturnType<typeof tunnelFor>[] = [];
  for (const each of replicas.value) {
    const tunnel = tunnelFor(docker, call);
    const plan = await tunnel.open(await prepare(each, docker, call, { anywhere: true }));
    if (!plan.ok) return plan;
    if (plan.value.way.program?.asks === true)
      return fail({ kind: 'all-without-terminal', service, lacks: 'password' });
    plans.push(plan.value);
    tunnels.push(tunnel);
  }
  // Each by itself would go there and come back, and take the others along.
  if (workdir !== undefined) process.chdir(workdir);
  const [first] = plans;
  const prefixes = linePrefixes(
    plans.map(({ target }) => printable(target.container.name)),
    first?.context.project,
  );
  const outputs = openOutputs();
  const said = new Set<string>();
  const statuses = plans.map((plan, index) => {
    const notes = plan.notes.filter((note) => !said.has(note));
    for (const note of notes) said.add(note);
    return runOne({ ...plan, notes, workdir: undefined }, prefixes[index] ?? '', outputs, request, call);
  });
  const highest = Math.max(...(await Promise.all(statuses)));
  await Promise.all(tunnels.map((tunnel) => tunnel.finish()));
  process.exit(highest);
}

/** A request for each, by its number; the given one, where there is no such service, or it does not run: its plan says so. */
async function findReplicas(
  request: ServiceRun,
  docker: DockerOptions,
  call: Call,
): Promise<Result<readonly ServiceRun[]>> {
  const engine = await call.engine(docker, warn);
  if (!engine.ok) return engine;
  const seen = await observeProject(request, call, engine.value, request.service);
  if (!seen.ok) return seen;
  const { project, containers } = seen.value;
  const numbers = project === undefined ? [] : runningReplicas(containers, project.name, request.service);
  return success(numbers.length === 0 ? [request] : numbers.map((index) => ({ ...request, index })));
}

async function describeAll(
  replicas: readonly RunRequest[],
  docker: DockerOptions,
  call: Call,
): Promise<Result<number>> {
  for (const each of replicas) {
    const described = await dryRun(each, docker, call);
    if (!described.ok) return described;
  }
  return success(0);
}

async function runOne(
  plan: EntryPlan,
  prefix: string,
  outputs: Outputs,
  request: RunRequest,
  call: Call,
): Promise<number> {
  const output = openPrefixedOutput(prefix, outputs);
  const own = { ...plan, streams: ['nothing', output.stdout, output.stderr] } as const;
  const again = (): never => {
    throw new Error('--all does not go with --restart');
  };
  const ended = await carryOut(success(own), request, call, again);
  await output.end();
  if (ended.ok) return ended.value;
  const { text, status } = renderFailure(ended.failure, undefined, errorWidth());
  process.stderr.write(text);
  return status;
}
