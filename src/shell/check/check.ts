// --check: looks at each endpoint from outside and from inside the service's network, and says why it does not connect.
import type { CheckRequest } from '../../core/arguments/argv-checks.ts';
import type { RunRequest } from '../../core/arguments/argv.ts';
import type { NameFacts } from '../../core/check/check-facts.ts';
import { verdictJson, verdictText } from '../../core/check/check-text.ts';
import { nobodyHas } from '../../core/check/check-name.ts';
import type { Verdict } from '../../core/check/check-verdict.ts';
import { parseCheckedEndpoint, withPort } from '../../core/check/checked-endpoint.ts';
import type { CheckedEndpoint } from '../../core/check/checked-endpoint.ts';
import { fail, success } from '../../core/failure.ts';
import type { Result } from '../../core/failure.ts';
import type { EntryPlan } from '../../core/plan.ts';
import { printable } from '../../core/printable.ts';
import { isLoopback } from '../../core/check/socket-tables.ts';
import { probeWords } from '../../roles.ts';
import { callerEnvironment } from '../caller-environment.ts';
import { judge, judgeOutside } from './check-judge.ts';
import type { Asked } from './check-judge.ts';
import { hasSearchList, observeName, observeSurroundings } from './check-surroundings.ts';
import type { Surroundings } from './check-surroundings.ts';
import { checkAll } from './check-table.ts';
import type { Engine } from '../engine.ts';
import { workingDirectory } from '../host.ts';
import { observeTarget } from '../observe.ts';
import { paintFor } from '../paint.ts';
import { print } from '../print.ts';
import { runProbe } from './probe-run.ts';
import { showProgress } from './progress.ts';

/** What a run does, too: main has it loaded already. */
export interface WayIn {
  /** The engine that is meant. */
  reach(): Promise<Result<Engine>>;
  prepare(run: RunRequest): Promise<Result<EntryPlan>>;
  readonly enter: (plan: EntryPlan) => Promise<Result<number>>;
}

/** @returns the exit status, the verdicts being printed: 1 where an endpoint does not connect */
export async function check(request: CheckRequest, way: WayIn): Promise<Result<number>> {
  const wanted: CheckedEndpoint[] = [];
  for (const text of request.endpoints) {
    const endpoint = parseCheckedEndpoint(text);
    const expected =
      'HOST, HOST:PORT with a port up to 65535, or a URL, such as https://api:8443 (options go before SERVICE)';
    if (endpoint === undefined) return fail({ kind: 'invalid-value', flag: '--check', value: text, expected });
    wanted.push(endpoint);
  }
  const engine = await way.reach();
  if (!engine.ok) return engine;
  if (wanted.length === 0) return checkAll(request, engine.value);
  const target = await observeTarget(request, callerEnvironment(), engine.value);
  if (!target.ok) return target;
  for (const note of target.value.notes ?? []) process.stderr.write(`netexec: warning: ${printable(note)}\n`);
  const around = await observeSurroundings(request.service, target.value, engine.value);
  if (!around.ok) return around;
  const asked = await askNames(wanted, around.value, request);
  if (!asked.ok) return asked;
  // Where the name alone tells, nothing has to be entered.
  const settled = asked.value.map((each) => judgeOutside(each, around.value, request.timeout));
  const searches = await hasSearchList(around.value);
  const told = settled.map((verdict) => (searches && isNobodys(verdict) ? undefined : verdict));
  const plan = told.every((verdict) => verdict !== undefined) ? undefined : await way.prepare(probeRun(request));
  if (plan?.ok === true) return judgeInside(asked.value, told, around.value, request, plan.value, way.enter);
  if (!settled.every((verdict) => verdict !== undefined)) return plan ?? success(1);
  for (const [index, verdict] of settled.entries()) show(verdict, request.format, index);
  return success(1);
}

const isNobodys = (verdict: Verdict | undefined): boolean =>
  verdict?.cause !== undefined && nobodyHas.includes(verdict.cause.kind);

/** The program inside is a COMMAND like any other. What it is asked for is known once its container is. */
function probeRun(request: CheckRequest): RunRequest {
  const seconds = Math.max(1, Math.round(request.timeout));
  const options = callerEnvironment()['RES_OPTIONS'] ?? '';
  return {
    ...request,
    command: [process.execPath, ...probeWords()],
    network: undefined,
    resolver: 'private',
    provider: undefined,
    // It looks up as COMMAND would, by the caller's LOCALDOMAIN and RES_OPTIONS as well; but glibc must not wait longer
    // than is asked for. HOSTALIASES, which is not written for it, leads to the same.
    env: ['HOSTALIASES=', `RES_OPTIONS=${options} timeout:${seconds} attempts:1`],
    user: undefined,
    // It looks at no file of that folder's, and may not start in one that was deleted.
    workdir: workingDirectory(process.env) === undefined ? '/' : undefined,
    capabilities: [],
    serviceEnv: false,
    pid: false,
    restart: false,
    dryRun: false,
    noTrunc: false,
  };
}

/** Each endpoint with what is known of its name; one without a port becomes one for each port that is found. */
async function askNames(
  wanted: readonly CheckedEndpoint[],
  around: Surroundings,
  request: CheckRequest,
): Promise<Result<readonly Asked[]>> {
  const known = new Map<string, NameFacts>();
  const asked: Asked[] = [];
  for (const endpoint of wanted) {
    const name = known.get(endpoint.host) ?? (await observeName(endpoint.host, around, request, callerEnvironment()));
    if ('ok' in name) {
      if (!name.ok) return name;
      known.set(endpoint.host, name.value);
      asked.push(...withPorts(endpoint, name.value));
    } else asked.push(...withPorts(endpoint, name));
  }
  return success(asked);
}

function withPorts(endpoint: CheckedEndpoint, name: NameFacts): readonly Asked[] {
  const [first] = name.candidates;
  if (endpoint.port !== undefined || first === undefined) return [{ endpoint, name }];
  const open = (first.listeners ?? []).filter(({ transport, address }) => transport === 'tcp' && !isLoopback(address));
  const ports = open.length > 0 || first.listeners !== undefined ? open.map(({ port }) => port) : first.exposed;
  if (ports.length === 0) return [{ endpoint, name }];
  const sorted = [...new Set(ports)].toSorted((one, other) => one - other);
  return sorted.map((port) => ({ endpoint: withPort(endpoint, port), name }));
}

async function judgeInside(
  asked: readonly Asked[],
  settled: readonly (Verdict | undefined)[],
  around: Surroundings,
  { timeout, format }: CheckRequest,
  plan: EntryPlan,
  enterNetwork: WayIn['enter'],
): Promise<Result<number>> {
  const open = asked.filter((_, index) => settled[index] === undefined);
  const endpoints = open.map(({ endpoint }) => endpoint);
  const progress = showProgress(process.stderr);
  const question = { endpoints, known: around.owner.name, timeout: timeout * 1000 };
  const started = await runProbe(plan, question, enterNetwork, ({ endpoint, step }) => {
    const text = endpoints[endpoint]?.text ?? '';
    if (step === 'end') progress.end(text);
    else progress.begin(text, step);
  });
  if (!started.ok) return started;
  const probe = started.value;
  let failed = false;
  for (const [index, each] of asked.entries()) {
    const findings = settled[index] === undefined ? await probe.findings(open.indexOf(each)) : [];
    if (findings === undefined) break;
    const verdict = settled[index] ?? (await judge(each, around, timeout, findings));
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

function show(verdict: Verdict, format: CheckRequest['format'], index: number): void {
  const text =
    format === 'json'
      ? verdictJson(verdict)
      : `${index > 0 ? '\n' : ''}${verdictText(verdict, paintFor(process.stdout))}`;
  print(text);
}
