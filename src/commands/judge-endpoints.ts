// Looks at endpoints from outside and, where that does not tell, from inside the service's network: --check and --wait do.
import type { Call } from '../call.ts';
import type { CheckRequest, RunRequest } from '../core/arguments/argv.ts';
import { defaultsOf } from '../core/arguments/read-options.ts';
import type { NameFacts } from '../core/check/check-facts.ts';
import { nobodyHas } from '../core/check/check-name.ts';
import { decide, decideByName } from '../core/check/check-verdict.ts';
import type { Verdict } from '../core/check/check-verdict.ts';
import type { CheckedEndpoint } from '../core/check/checked-endpoint.ts';
import { askedEndpoints, endpointFacts } from '../core/check/endpoint-facts.ts';
import type { Asked, Here } from '../core/check/endpoint-facts.ts';
import type { Begun } from '../core/check/findings.ts';
import { farVariables, lookupOptions } from '../core/check/probe-request.ts';
import type { ProbeRequest } from '../core/check/probe-request.ts';
import type { Surroundings } from '../core/check/surroundings.ts';
import { success } from '../core/failure/failure.ts';
import type { Result } from '../core/failure/failure.ts';
import type { Target } from '../core/entry/plan.ts';
import { withSettings } from '../core/arguments/settings.ts';
import { probeWords } from '../roles.ts';
import { observeEvidence } from '../shell/check/evidence.ts';
import { hasSearchList, observeAsked, observeSurroundings } from '../shell/check/observe-outside.ts';
import { runProbe } from '../shell/check/probe-run.ts';
import type { Probe } from '../shell/check/probe-run.ts';
import { observeHere } from '../shell/check/this-machine.ts';
import { observeAsker, vantageOf } from '../shell/check/vantage.ts';
import type { Vantage } from '../shell/check/vantage.ts';
import type { Engine } from '../shell/engine/engine.ts';
import { observeNames } from '../shell/observe/observe-names.ts';
import { planFor } from './run.ts';

/** What leads to the service, and how long each step is given. */
type JudgeRequest = Omit<CheckRequest, 'endpoints' | 'format'> & {
  /** The container, where it is known. */
  readonly at?: Target | undefined;
  /** One look of many: who else listens makes a better hint, and would take a helper container each. */
  readonly again?: true;
};

/** Is told what is found, in the endpoints' order. */
export interface JudgeCallbacks {
  readonly note: (text: string) => void;
  /** Of a step inside, when it begins. */
  readonly step: (endpoint: string, step: Begun['step']) => void;
  readonly verdict: (verdict: Verdict, name: NameFacts) => void;
}

/** @returns 0 when all have been told of; else the status of the program inside, which a signal has ended */
export async function judgeEndpoints(
  wanted: readonly CheckedEndpoint[],
  request: JudgeRequest,
  call: Call,
  engine: Engine,
  callbacks: JudgeCallbacks,
): Promise<Result<number>> {
  const seen = await observe(wanted, request, call, vantageOf(engine, call), callbacks);
  if (!seen.ok) return seen;
  const settled = seen.value.asked.map((asked) => decideByName(factsOf(asked, seen.value, request)));
  // Where the name alone tells, nothing has to be entered.
  const told = settled.map((verdict) => (seen.value.searches && isNobodys(verdict) ? undefined : verdict));
  const prober = told.includes(undefined) ? await findProber(request, call, seen.value) : undefined;
  if (prober?.ok === true) return lookInside(prober.value, told, seen.value, request, callbacks);
  if (prober !== undefined && settled.includes(undefined)) return prober;
  for (const [index, { name }] of seen.value.asked.entries()) {
    const verdict = settled[index];
    if (verdict !== undefined) callbacks.verdict(verdict, name);
  }
  return success(0);
}

/** From outside. */
interface Seen {
  readonly engine: Vantage;
  readonly target: Target;
  readonly around: Surroundings;
  readonly asked: readonly Asked[];
  readonly here: Here;
  /** Whether programs in there search for names. */
  readonly searches: boolean;
}

async function observe(
  wanted: readonly CheckedEndpoint[],
  request: JudgeRequest,
  call: Call,
  engine: Vantage,
  { note }: JudgeCallbacks,
): Promise<Result<Seen>> {
  const target = await observeAsker(request, call, engine);
  if (!target.ok) return target;
  for (const text of target.value.notes ?? []) note(text);
  const around = await observeSurroundings(request, target.value, engine);
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

const factsOf = (asked: Asked, { around, here }: Seen, { timeout }: JudgeRequest) =>
  endpointFacts(asked, around, here, timeout);

const isNobodys = (verdict: Verdict | undefined): boolean =>
  verdict?.cause !== undefined && nobodyHas.includes(verdict.cause.kind);

/** Starts the program that looks from inside. */
type Prober = (question: Omit<ProbeRequest, 'answers'>, onStep: (begun: Begun) => void) => Promise<Result<Probe>>;

/** Of the container that was looked at from outside: what is said of it is of one moment. */
async function findProber(request: JudgeRequest, call: Call, { engine, target }: Seen): Promise<Result<Prober>> {
  const run = withSettings(probeRun(request, call), call.env);
  if (!run.ok) return run;
  if (target.remoteEngine === true)
    return findFarProber({ ...run.value, timeout: request.timeout }, target, engine, call);
  const plan = await planFor(run.value, Promise.resolve(success(target)), call, engine);
  return plan.ok ? success((question, onStep) => runProbe(plan.value, question, onStep)) : plan;
}

async function findFarProber(
  run: RunRequest & { readonly timeout: number },
  target: Target,
  engine: Vantage,
  call: Call,
): Promise<Result<Prober>> {
  const [place, names] = await Promise.all([engine.far(), observeNames(run, target, call, engine)]);
  if (!place.ok) return place;
  if (!names.ok) return names;
  const { runFarProbe } = await import('../shell/check/far-probe.ts');
  const variables = farVariables(call.env, run.timeout, names.value.pinned);
  const role = { target: target.owner, image: target.own?.farImage, variables };
  return success((question, onStep) => runFarProbe(place.value, role, question, onStep, call.ignoredSignals));
}

/** The program inside is a COMMAND like any other. What it is asked for is known once its container is. */
function probeRun(request: JudgeRequest, { env, folder }: Call): RunRequest {
  return {
    ...defaultsOf('run'),
    ...request,
    command: [process.execPath, ...probeWords()],
    localPorts: [],
    // HOSTALIASES, which is not written for it, leads to the same.
    env: ['HOSTALIASES=', lookupOptions(env, request.timeout)],
    // It looks at no file of that folder's, and may not start in one that was deleted.
    workdir: folder === undefined ? '/' : undefined,
  };
}

/** @param told the verdicts that are known without */
async function lookInside(
  probing: Prober,
  told: readonly (Verdict | undefined)[],
  seen: Seen,
  { timeout, again }: JudgeRequest,
  callbacks: JudgeCallbacks,
): Promise<Result<number>> {
  const open = seen.asked.filter((_, index) => told[index] === undefined);
  const endpoints = open.map(({ endpoint }) => endpoint);
  const question = { endpoints, known: seen.around.owner.name, timeout: timeout * 1000 };
  const started = await probing(question, ({ endpoint, step }) =>
    callbacks.step(endpoints[endpoint]?.text ?? '', step),
  );
  if (!started.ok) return started;
  const probe = started.value;
  for (const [index, each] of seen.asked.entries()) {
    const findings = told[index] === undefined ? await probe.findings(open.indexOf(each)) : [];
    if (findings === undefined) break;
    const facts = endpointFacts(each, seen.around, seen.here, timeout, findings);
    callbacks.verdict(
      told[index] ?? (again === true && seen.around.remoteEngine === true ? decide(facts) : await judge(facts, seen)),
      each.name,
    );
  }
  const status = await probe.ended;
  if (status.ok && status.value !== 0 && status.value !== 125 && status.value <= 128)
    throw new Error(`the program inside ended with status ${status.value}`);
  return status;
}

/** Decides, and once more where there is evidence to be looked at. */
async function judge(facts: Parameters<typeof decide>[0], { around, here, engine }: Seen): Promise<Verdict> {
  const verdict = decide(facts);
  const evidence = await observeEvidence(verdict, facts, around, here, engine);
  return evidence === undefined ? verdict : decide({ ...facts, ...evidence });
}
