// --check: looks at each endpoint from outside and, where that does not tell, from inside the service's network, and says why
// it does not connect.
import type { Call } from '../call.ts';
import type { CheckRequest, DockerOptions, RunRequest } from '../core/arguments/argv.ts';
import { defaultsOf } from '../core/arguments/read-options.ts';
import { nobodyHas } from '../core/check/check-name.ts';
import { verdictJson, verdictText } from '../core/check/check-text.ts';
import { decide, decideByName } from '../core/check/check-verdict.ts';
import type { Verdict } from '../core/check/check-verdict.ts';
import { parseCheckedEndpoint } from '../core/check/checked-endpoint.ts';
import type { CheckedEndpoint } from '../core/check/checked-endpoint.ts';
import { askedEndpoints, endpointFacts } from '../core/check/endpoint-facts.ts';
import type { Asked, Here } from '../core/check/endpoint-facts.ts';
import type { Surroundings } from '../core/check/surroundings.ts';
import { fail, success } from '../core/failure/failure.ts';
import type { Result } from '../core/failure/failure.ts';
import type { EntryPlan, Target } from '../core/entry/plan.ts';
import { withSettings } from '../core/arguments/settings.ts';
import { probeWords } from '../roles.ts';
import { observeEvidence } from '../shell/check/evidence.ts';
import { hasSearchList, observeAsked, observeSurroundings } from '../shell/check/observe-outside.ts';
import { runProbe } from '../shell/check/probe-run.ts';
import { showProgress } from '../shell/check/progress.ts';
import { observeHere } from '../shell/check/this-machine.ts';
import type { Engine } from '../shell/engine/engine.ts';
import { observeTarget } from '../shell/observe/observe-target.ts';
import { paintFor } from '../shell/terminal/colours.ts';
import { print } from '../shell/terminal/print.ts';
import { warn } from '../shell/terminal/say.ts';
import { snapshotOf } from '../shell/engine/snapshot.ts';
import { planFor } from './run.ts';

/** @returns the exit status, the verdicts being printed: 1 where an endpoint does not connect */
export async function check(request: CheckRequest, docker: DockerOptions, call: Call): Promise<Result<number>> {
  const wanted = readEndpoints(request.endpoints);
  if (!wanted.ok) return wanted;
  const engine = await call.engine(docker, warn);
  if (!engine.ok) return engine;
  const seen = await observe(wanted.value, request, call, snapshotOf(engine.value));
  if (!seen.ok) return seen;
  const settled = seen.value.asked.map((asked) => decideByName(factsOf(asked, seen.value, request)));
  // Where the name alone tells, nothing has to be entered.
  const told = settled.map((verdict) => (seen.value.searches && isNobodys(verdict) ? undefined : verdict));
  const plan = told.includes(undefined) ? await planProbe(request, call, seen.value) : undefined;
  if (plan?.ok === true) return lookInside(plan.value, told, seen.value, request);
  if (plan !== undefined && settled.includes(undefined)) return plan;
  for (const [index, verdict] of settled.entries()) if (verdict !== undefined) show(verdict, request.format, index);
  return success(1);
}

function readEndpoints(texts: readonly string[]): Result<readonly CheckedEndpoint[]> {
  const wanted: CheckedEndpoint[] = [];
  for (const text of texts) {
    const endpoint = parseCheckedEndpoint(text);
    const expected =
      'HOST, HOST:PORT with a port up to 65535, or a URL, such as https://api:8443 (options go before SERVICE)';
    if (endpoint === undefined) return fail({ kind: 'invalid-value', flag: '--check', value: text, expected });
    wanted.push(endpoint);
  }
  return success(wanted);
}

/** From outside. */
interface Seen {
  readonly engine: Engine;
  readonly target: Target;
  readonly around: Surroundings;
  readonly asked: readonly Asked[];
  readonly here: Here;
  /** Whether programs in there search for names. */
  readonly searches: boolean;
}

async function observe(
  wanted: readonly CheckedEndpoint[],
  request: CheckRequest,
  call: Call,
  engine: Engine,
): Promise<Result<Seen>> {
  const target = await observeTarget(request, call, engine, { whose: 'all' });
  if (!target.ok) return target;
  for (const note of target.value.notes ?? []) warn(note);
  const around = await observeSurroundings(request.service, target.value, engine);
  if (!around.ok) return around;
  const names = await observeAsked(wanted, around.value, request, call, engine);
  if (!names.ok) return names;
  return success({
    engine,
    target: target.value,
    around: around.value,
    asked: askedEndpoints(wanted, names.value),
    here: observeHere(around.value, call.env),
    searches: await hasSearchList(around.value, call, engine),
  });
}

const factsOf = (asked: Asked, { around, here }: Seen, { timeout }: CheckRequest) =>
  endpointFacts(asked, around, here, timeout);

const isNobodys = (verdict: Verdict | undefined): boolean =>
  verdict?.cause !== undefined && nobodyHas.includes(verdict.cause.kind);

/** Of the container that was looked at from outside: what is said of it is of one moment. */
async function planProbe(request: CheckRequest, call: Call, { engine, target }: Seen): Promise<Result<EntryPlan>> {
  const run = withSettings(probeRun(request, call), call.env);
  return run.ok ? planFor(run.value, Promise.resolve(success(target)), call, engine) : run;
}

/** The program inside is a COMMAND like any other. What it is asked for is known once its container is. */
function probeRun(request: CheckRequest, { env, folder }: Call): RunRequest {
  const seconds = Math.max(1, Math.round(request.timeout));
  const options = env['RES_OPTIONS'] ?? '';
  return {
    ...defaultsOf('run'),
    ...request,
    command: [process.execPath, ...probeWords()],
    listeners: [],
    // It looks up as COMMAND would, by the caller's LOCALDOMAIN and RES_OPTIONS as well; but glibc must not wait longer
    // than is asked for. HOSTALIASES, which is not written for it, leads to the same.
    env: ['HOSTALIASES=', `RES_OPTIONS=${options} timeout:${seconds} attempts:1`],
    // It looks at no file of that folder's, and may not start in one that was deleted.
    workdir: folder === undefined ? '/' : undefined,
  };
}

/** @param told the verdicts that are known without */
async function lookInside(
  plan: EntryPlan,
  told: readonly (Verdict | undefined)[],
  seen: Seen,
  { timeout, format }: CheckRequest,
): Promise<Result<number>> {
  const open = seen.asked.filter((_, index) => told[index] === undefined);
  const endpoints = open.map(({ endpoint }) => endpoint);
  const progress = showProgress(process.stderr);
  const question = { endpoints, known: seen.around.owner.name, timeout: timeout * 1000 };
  const started = await runProbe(plan, question, ({ endpoint, step }) => {
    const text = endpoints[endpoint]?.text ?? '';
    if (step === 'end') progress.end(text);
    else progress.begin(text, step);
  });
  if (!started.ok) return started;
  const probe = started.value;
  let failed = false;
  for (const [index, each] of seen.asked.entries()) {
    const findings = told[index] === undefined ? await probe.findings(open.indexOf(each)) : [];
    if (findings === undefined) break;
    const facts = endpointFacts(each, seen.around, seen.here, timeout, findings);
    const verdict = told[index] ?? (await judge(facts, seen));
    progress.clear();
    show(verdict, format, index);
    failed ||= verdict.cause !== undefined;
  }
  const status = await probe.ended;
  progress.stop();
  if (!status.ok || status.value === 125 || status.value > 128) return status;
  if (status.value !== 0) throw new Error(`the program inside ended with status ${status.value}`);
  return success(failed ? 1 : 0);
}

/** Decides, and once more where there is evidence to be looked at. */
async function judge(facts: Parameters<typeof decide>[0], { around, here, engine }: Seen): Promise<Verdict> {
  const verdict = decide(facts);
  const evidence = await observeEvidence(verdict, facts, around, here, engine);
  return evidence === undefined ? verdict : decide({ ...facts, ...evidence });
}

function show(verdict: Verdict, format: CheckRequest['format'], index: number): void {
  const text =
    format === 'json'
      ? verdictJson(verdict)
      : `${index > 0 ? '\n' : ''}${verdictText(verdict, paintFor(process.stdout))}`;
  print(text);
}
