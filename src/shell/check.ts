// --check: looks at each endpoint from outside and from inside the service's network, and says why it does not connect.
import { join } from 'node:path';
import type { CheckRequest } from '../core/argv-checks.ts';
import type { RunRequest } from '../core/argv.ts';
import { addressesOf } from '../core/check-facts.ts';
import type { EndpointFacts, NameFacts } from '../core/check-facts.ts';
import { verdictJson, verdictText } from '../core/check-text.ts';
import { decide } from '../core/check-verdict.ts';
import type { Verdict } from '../core/check-verdict.ts';
import { parseCheckedEndpoint, withPort } from '../core/checked-endpoint.ts';
import type { CheckedEndpoint } from '../core/checked-endpoint.ts';
import { fail, success } from '../core/failure.ts';
import type { Result } from '../core/failure.ts';
import type { Finding } from '../core/findings.ts';
import type { EntryPlan } from '../core/plan.ts';
import type { ProbeRequest } from '../core/probe-request.ts';
import { isLoopback } from '../core/socket-tables.ts';
import { callerEnvironment } from './caller-environment.ts';
import { observeName, observeSurroundings } from './check-surroundings.ts';
import type { Surroundings } from './check-surroundings.ts';
import { checkAll } from './check-table.ts';
import type { Engine } from './engine.ts';
import type { enter } from './enter.ts';
import { observeRules } from './firewall.ts';
import { runProbe } from './probe-run.ts';
import { showProgress } from './progress.ts';

/** What a run does, too: main has it loaded already. */
export interface WayIn {
  /** The engine that is meant. */
  reach(): Result<Engine>;
  prepare(run: RunRequest): Promise<Result<EntryPlan>>;
  readonly enter: typeof enter;
}

/** @returns the exit status, the verdicts being printed: 1 where an endpoint does not connect */
export async function check(request: CheckRequest, way: WayIn): Promise<Result<number>> {
  const wanted: CheckedEndpoint[] = [];
  for (const text of request.endpoints) {
    const endpoint = parseCheckedEndpoint(text);
    const expected = 'HOST, HOST:PORT or a URL, such as https://api:8443 (options go before SERVICE)';
    if (endpoint === undefined) return fail({ kind: 'invalid-value', flag: '--check', value: text, expected });
    wanted.push(endpoint);
  }
  const engine = way.reach();
  if (!engine.ok) return engine;
  if (wanted.length === 0) return checkAll(request, engine.value);
  const plan = await way.prepare(probeRun(request));
  if (!plan.ok) return plan;
  const around = await observeSurroundings(request.service, plan.value.target, engine.value);
  if (!around.ok) return around;
  const asked = await askNames(wanted, around.value, request);
  return asked.ok ? judgeAll(asked.value, around.value, request, plan.value, way.enter) : asked;
}

/** The program inside is a COMMAND like any other. What it is asked for is known once its container is. */
function probeRun(request: CheckRequest): RunRequest {
  const seconds = Math.max(1, Math.round(request.timeout));
  return {
    ...request,
    command: [process.execPath, join(__dirname, 'probe.cjs')],
    network: undefined,
    resolver: 'private',
    provider: undefined,
    // Nothing of the caller's is to change what is found; glibc must not wait longer than is asked for.
    env: ['NODE_OPTIONS=', 'HOSTALIASES=', 'LOCALDOMAIN=', `RES_OPTIONS=timeout:${seconds} attempts:1`],
    user: undefined,
    workdir: undefined,
    capabilities: [],
    restart: false,
    dryRun: false,
  };
}

interface Asked {
  readonly endpoint: CheckedEndpoint;
  readonly name: NameFacts;
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

async function judgeAll(
  asked: readonly Asked[],
  around: Surroundings,
  request: CheckRequest,
  plan: EntryPlan,
  enterNetwork: WayIn['enter'],
): Promise<Result<number>> {
  const progress = showProgress(process.stderr);
  const started = await runProbe(plan, probeRequest(asked, around, request), enterNetwork, (begun) => {
    const text = asked[begun.endpoint]?.endpoint.text ?? '';
    if (begun.step === 'end') progress.end(text);
    else progress.begin(text, begun.step);
  });
  if (!started.ok) return started;
  const probe = started.value;
  let failed = false;
  for (const [index, each] of asked.entries()) {
    const findings = await probe.findings(index);
    if (findings === undefined) break;
    const verdict = await judge(each, around, request, findings);
    progress.clear();
    process.stdout.write(written(verdict, request.format, index > 0));
    failed ||= verdict.cause !== undefined;
  }
  const status = await probe.ended;
  progress.stop();
  if (!status.ok || status.value === 125 || status.value > 128) return status;
  if (status.value !== 0) throw new Error(`the program inside ended with status ${status.value}`);
  return success(failed ? 1 : 0);
}

const written = (verdict: Verdict, format: CheckRequest['format'], separate: boolean): string =>
  format === 'json' ? verdictJson(verdict) : `${separate ? '\n' : ''}${verdictText(verdict)}`;

function probeRequest(
  asked: readonly Asked[],
  { owner }: Surroundings,
  { timeout }: CheckRequest,
): Omit<ProbeRequest, 'answers'> {
  return { endpoints: asked.map(({ endpoint }) => endpoint), known: owner.name, timeout: timeout * 1000 };
}

async function judge(
  { endpoint, name }: Asked,
  around: Surroundings,
  { timeout }: CheckRequest,
  findings: readonly Finding[],
): Promise<Verdict> {
  const ofKind = <Kind extends Finding['kind']>(kind: Kind): readonly Extract<Finding, { kind: Kind }>[] =>
    findings.filter((finding): finding is Extract<Finding, { kind: Kind }> => finding.kind === kind);
  const facts: EndpointFacts = {
    endpoint,
    asker: around.asker,
    name,
    machine: ofKind('machine')[0],
    names: ofKind('names')[0],
    connections: ofKind('connection'),
    tls: ofKind('tls')[0],
    words: ofKind('words')[0],
    rules: [],
    timeout,
  };
  const verdict = decide(facts);
  if (verdict.cause?.kind !== 'dropped' && verdict.cause?.kind !== 'refused') return verdict;
  return decide({ ...facts, rules: await rulesBetween(facts, around) });
}

/** In the asker's network, in the other's, and on the machine in between. */
async function rulesBetween(facts: EndpointFacts, { owner, engine, listed }: Surroundings): Promise<readonly string[]> {
  const failing = facts.connections.filter(({ error }) => error !== null).map(({ address }) => address);
  const other = facts.name.candidates.find((candidate) =>
    addressesOf(candidate).some((each) => failing.includes(each)),
  );
  const id = listed.find(({ name }) => name === other?.container)?.id;
  const answer = id === undefined ? undefined : await engine.inspect(id);
  const json = answer?.ok === true ? (answer.value?.json as { State?: { Pid?: unknown } } | undefined) : undefined;
  const pid = json?.State?.Pid;
  return observeRules(
    [
      { where: `in ${facts.asker.called}'s network`, pid: owner.pid },
      ...(typeof pid === 'number' && pid > 0 ? [{ where: `in ${facts.endpoint.host}'s network`, pid }] : []),
      { where: 'on the host', pid: undefined },
    ],
    failing,
    facts.endpoint.port ?? 0,
  );
}
