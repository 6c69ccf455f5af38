// The language of the scenarios: an intent, a Compose project that really runs, and steps through the real docker CLI.
import { after, before, test } from 'node:test';
import type { TestContext } from 'node:test';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { artifactsFolder, composeFolder, installedPlugin, lockProject, processesWith } from './grounds.ts';
import { describeStep, must, runStep, startStep } from './steps.ts';
import type { Run, RunOptions, Started } from './steps.ts';

export { must } from './steps.ts';
export type { Run, RunOptions, Started } from './steps.ts';

export type Scenario = ReturnType<typeof makeScenario>;

/** Of `docker inspect`, what scenarios look at. */
export interface Inspected {
  readonly Id: string;
  readonly Name: string;
  readonly State: { readonly Status: string; readonly Pid: number };
  readonly Config: { readonly Hostname: string };
  readonly HostConfig: { readonly PortBindings: Readonly<Record<string, unknown>> };
  readonly NetworkSettings: {
    readonly Ports: Readonly<Record<string, unknown>>;
    readonly Networks: Readonly<Record<string, { readonly IPAddress: string }>>;
  };
}

/**
 * Registers one test. `intent` is a sentence: "psql must reach the database by its alias".
 * @param project a folder of projects/, up before the first scenario of the file and gone after the last
 */
export function scenario(
  intent: string,
  { project }: { readonly project: string },
  body: (s: Scenario) => Promise<void>,
): void {
  useProject(project);
  test(intent, async (t) => {
    const artifacts = artifactsFolder(intent);
    const folder = mkdtempSync(join(tmpdir(), 'netexec-scenario-'));
    folders.add(folder);
    chmodSync(folder, 0o755);
    const steps: Run[] = [];
    const running = new Set<Started>();
    const s = makeScenario(t, project, folder, steps, running);
    let failed = true;
    try {
      await body(s);
      failed = s.subtestFailed();
    } finally {
      for (const started of running) started.kill('SIGKILL');
      killAll(s.processes());
      await Promise.allSettled([...running].map(({ ended }) => ended));
      if (failed) await leaveArtifacts(artifacts, project, steps);
      rmSync(folder, { recursive: true, force: true });
    }
  });
}

const used = new Set<string>();
const folders = new Set<string>();

/** Brings a project up before the tests of this file, and down after them; NETEXEC_KEEP=1 leaves it running. */
export function useProject(project: string): void {
  if (used.has(project)) return;
  used.add(project);
  let unlock: (() => void) | undefined;
  before(async () => {
    if (!existsSync(composeFolder(project))) throw new Error(`there is no project ${project}`);
    unlock = await lockProject(project);
    // What a run that was killed has left would be in the way.
    await goDown(project);
    await composed(project, ['up', '-d', '--wait', '--quiet-pull']);
  });
  after(async () => {
    try {
      if (process.env['NETEXEC_KEEP'] !== '1') await goDown(project);
    } finally {
      unlock?.();
    }
    // A scenario's t.after may have taken steps, and those have made a home again.
    for (const folder of folders) rmSync(folder, { recursive: true, force: true });
  });
}

function makeScenario(t: TestContext, project: string, folder: string, steps: Run[], running: Set<Started>) {
  const home = join(folder, 'home');
  mkdirSync(home);
  let subtestFailed = false;

  const options = async (given: RunOptions): Promise<RunOptions> => ({
    cwd: composeFolder(project),
    ...given,
    env: { ...(await cleanEnvironment(home)), ...given.env },
  });

  const start = async (argv: readonly string[], given: RunOptions = {}): Promise<Started> => {
    const all = await options(given);
    const started = startStep(given.through?.(argv, all.cwd ?? '/') ?? argv, all);
    running.add(started);
    const settle = (step?: Run): void => {
      running.delete(started);
      if (step !== undefined) steps.push(step);
    };
    started.ended.then(settle, () => settle());
    return started;
  };

  const run = async (argv: readonly string[], given: RunOptions = {}): Promise<Run> =>
    (await start(argv, { ...given, input: given.input ?? '' })).ended;

  const inspect = async (name: string, given?: RunOptions): Promise<Inspected> => {
    const labels = [`project=${projectName(project)}`, `service=${name}`, 'oneoff=False'];
    const filters = labels.flatMap((label) => ['--filter', `label=com.docker.compose.${label}`]);
    const { stdout: ids } = await must(run(['docker', 'ps', '-aq', '--no-trunc', ...filters], given));
    const argv = ['docker', 'inspect', '--type', 'container', ids.split('\n').at(-1) || name];
    const { stdout } = await must(run(argv, given));
    const [inspected] = JSON.parse(stdout) as Inspected[];
    if (inspected === undefined) throw new Error(`no container of ${name}`);
    return inspected;
  };

  return {
    /** node:test's own context: diagnostic, after and the like. */
    t,
    /** A folder of this scenario's own, removed at its end; other users may enter it. */
    folder,
    projectFolder: composeFolder(project),
    projectName: projectName(project),
    /** Any program of the host. */
    run,
    /** A program that goes on while the scenario does other things; killed at the end if it has not ended. */
    start,
    docker: (args: readonly string[], given?: RunOptions) => run(['docker', ...args], given),
    compose: (args: readonly string[], given?: RunOptions) => run(['docker', 'compose', ...args], given),
    /** `docker netexec ARGS...` */
    netexec: (args: readonly string[], given?: RunOptions) => run(['docker', 'netexec', ...args], given),
    /** `docker-netexec ARGS...`, without docker in between. */
    standalone: async (args: readonly string[], given?: RunOptions) =>
      run([join(await installedPlugin(), 'cli-plugins/docker-netexec'), ...args], given),
    /** All processes that the steps have started, directly or not, and that still run: `PID ARGV`. */
    processes: () => processesWith(`HOME=${folder}/`),
    /** The environment that every step gets, for a test that starts processes itself. */
    environment: () => cleanEnvironment(home),
    /** The container of a service (its oldest), else of that name; `given` are the options of a step on its engine. */
    inspect,
    /** The IPv4 address of a service on a network, by the network's key in the Compose file or its full name. */
    address: async (service: string, network: string, given?: RunOptions): Promise<string> => {
      const networks = (await inspect(service, given)).NetworkSettings.Networks;
      const address = (networks[`${projectName(project)}_${network}`] ?? networks[network])?.IPAddress;
      if (!address) throw new Error(`${service} has no address on ${network}`);
      return address;
    },
    eventually,
    /** A part of the scenario that fails on its own and lets the next go on. */
    subtest: (name: string, check: () => void | Promise<void>) =>
      t.test(name, async () => {
        try {
          await check();
        } catch (error) {
          subtestFailed = true;
          throw error;
        }
      }),
    subtestFailed: () => subtestFailed,
  };
}

/** Asks again and again until `check` neither throws nor answers false; then gives its answer. */
async function eventually<Answer>(check: () => Answer | Promise<Answer>, seconds = 60): Promise<Answer> {
  const end = Date.now() + seconds * 1000;
  for (;;) {
    let problem: unknown = new Error('still false');
    try {
      const answer = await check();
      if (answer !== false) return answer;
    } catch (error) {
      problem = error;
    }
    if (Date.now() > end) throw problem;
    await pause(50);
  }
}

function killAll(processes: readonly string[]): void {
  for (const line of processes) {
    try {
      process.kill(Number.parseInt(line, 10), 'SIGKILL');
    } catch {
      // It has ended by itself.
    }
  }
}

const projectName = (project: string): string => `netexec-test-${project}`;

/** Nothing of the environment that the tests themselves run in, but where the engine is. */
async function cleanEnvironment(home: string): Promise<Record<string, string>> {
  const engine = process.env['DOCKER_HOST'];
  return {
    HOME: home,
    DOCKER_CONFIG: await installedPlugin(),
    PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
    LANG: 'C.UTF-8',
    ...(engine ? { DOCKER_HOST: engine } : {}),
  };
}

const compose = (project: string, args: readonly string[]): Promise<Run> =>
  runStep(['docker', 'compose', ...args], { cwd: composeFolder(project), timeout: 600_000 });

const composed = (project: string, args: readonly string[]): Promise<Run> => must(compose(project, args));

/**
 * An engine that is busy may count an endpoint of a container that is gone, and keep its network for ever (moby/moby#42119): the
 * project has that when it is up the next time. Whatever else is left is a failure.
 */
async function goDown(project: string): Promise<void> {
  const run = await compose(project, ['down', '-v', '-t', '0', '--remove-orphans']);
  if (run.status === 0) return;
  const kept = [...run.stderr.matchAll(/network (\S+) id \S+ has active endpoints/g)].flatMap(([, name]) => name ?? []);
  const inspect = ['docker', 'network', 'inspect', '-f', '{{len .Containers}}', ...kept];
  const containers = await runStep(inspect, { cwd: composeFolder(project) });
  const left = await compose(project, ['ps', '-aq']);
  const isBug = kept.length > 0 && containers.status === 0 && /^[0\s]+$/.test(containers.stdout) && left.stdout === '';
  if (!isBug) await must(Promise.resolve(run));
}

/** test/artifacts/INTENT: what was run and what came of it, and the project's state at that moment. */
async function leaveArtifacts(folder: string, project: string, steps: readonly Run[]): Promise<void> {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'steps.txt'), steps.map(describeStep).join('\n'));
  for (const args of [
    ['ps', '-a'],
    ['logs', '--no-color', '--timestamps'],
  ]) {
    const shown = await runStep(['docker', 'compose', '--ansi', 'never', ...args], {
      cwd: composeFolder(project),
    }).catch(String);
    writeFileSync(join(folder, `${args[0]}.txt`), typeof shown === 'string' ? shown : describeStep(shown));
  }
}
