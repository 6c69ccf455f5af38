// The kinds of callers: users of a machine of their own, each with another way to the privilege that entering needs.
import { after, before } from 'node:test';
import {
  appendFileSync,
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import type { WayKind } from '../../src/core/ways/ways.ts';
import { composeFolder, installedPlugin, lock, processesWith } from './grounds.ts';
import { holdMachine, insideMachine } from './machine.ts';
import { scenario, useProject } from './scenario.ts';
import type { RunOptions, Scenario } from './scenario.ts';
import { startStep } from './steps.ts';
import type { Started } from './steps.ts';

export interface Caller {
  readonly name: string;
  readonly way: WayKind;
  /** The user who calls; COMMAND's user is root where `lead` makes the caller root. */
  readonly user: string;
  /** What the caller puts in front of every program. */
  readonly lead: readonly string[];
  readonly engine: 'shared' | 'rootless';
}

/** Who takes each way. */
const callersOf: Readonly<Record<WayKind, readonly Omit<Caller, 'way'>[]>> = {
  root: [
    { name: 'root', user: 'root', lead: [], engine: 'shared' },
    // Of what sudo lets through, all: docker has to find its plugin.
    { name: 'root through sudo', user: 'netexec-admin', lead: ['sudo', '-nE', '--'], engine: 'shared' },
  ],
  sudo: [{ name: 'a user with sudo', user: 'netexec-sudo', lead: [], engine: 'shared' }],
  doas: [{ name: 'a user with doas', user: 'netexec-doas', lead: [], engine: 'shared' }],
  docker: [{ name: 'a user of the docker group', user: 'netexec-docker', lead: [], engine: 'shared' }],
  // With --host-network alone: a user of the docker group takes it there.
  namespace: [],
  // What tunnel*.test.ts tries.
  'root-tunnel': [],
  tunnel: [],
  rootless: [{ name: 'the owner of a rootless engine', user: 'netexec-rootless', lead: [], engine: 'rootless' }],
};

export const kindsOfCallers: readonly Caller[] = (Object.keys(callersOf) as readonly WayKind[]).flatMap((way) =>
  callersOf[way].map((caller) => ({ ...caller, way })),
);

export function callerNamed(user: string): Caller {
  const found = kindsOfCallers.find((each) => each.user === user);
  if (found === undefined) throw new Error(`no caller is ${user}`);
  return found;
}

/** One who may not even ask the engine. */
export const stranger: Caller = {
  name: 'a stranger',
  way: 'docker',
  user: 'netexec-stranger',
  lead: [],
  engine: 'shared',
};

/** Users of the machine: none but these, whose numbers no real one is likely to have. */
const users: Readonly<Record<string, number>> = {
  root: 0,
  'netexec-sudo': 47101,
  'netexec-doas': 47102,
  'netexec-docker': 47103,
  'netexec-rootless': 47104,
  'netexec-stranger': 47105,
  'netexec-admin': 47106,
};
const ofEngine = ['netexec-sudo', 'netexec-doas', 'netexec-docker'];
/** A group that all of them are in. */
export const commonGroup = 47190;

export const isRoot = (caller: Caller): boolean => caller.user === 'root' || caller.lead.length > 0;
export const uidOf = (caller: Caller): number => users[isRoot(caller) ? 'root' : caller.user] ?? -1;

export interface Callers {
  /** The options of a step that this caller takes, by default from a folder that nobody else may enter. */
  step(s: Scenario, caller: Caller, options?: RunOptions): RunOptions;
  home(caller: Caller): string;
  /** What this caller's steps have started, and still runs, but for terminals: `PID ARGV`. */
  processes(caller: Caller): readonly string[];
  /** The number of the first process of a container, on the caller's engine. */
  pidOf(s: Scenario, caller: Caller, service: string): Promise<number>;
  /** Where a file of the machine is seen from outside. */
  path(file: string): string;
  /** Adds a line to sudoers(5) until the scenario ends; the last that fits counts. */
  allow(s: Scenario, line: string): void;
}

/** Everybody's: sudo asks for it where a rule does not say otherwise. */
export const password = 'netexec-password';

const rootlessUser = 'netexec-rootless';
const folderName = /^netexec-callers-(\d+)$/;
const base = '/var/tmp';
const engineScript = join(import.meta.dirname, '../../test/engines/engine');

/**
 * Of a file's scenarios, which use the project.
 * @param engine `rootless`: there is a rootless engine, too, and the project is up on it
 */
export function useCallers(project: string, engine: Caller['engine'] = 'rootless'): Callers {
  // A checkout may be where only root can enter; /tmp may be small. Names of sockets may have 107 characters.
  const folder = join(base, `netexec-callers-${process.pid}`);
  let machine: Machine | undefined;

  // Before the project is let go of; and after it has been got.
  after(async () => {
    if (machine !== undefined) await closeMachine(machine, folder);
  });
  useProject(project);
  before(async () => {
    machine = await openMachine(folder);
    await removeLeftovers(machine);
    await Promise.all([copyPlugin(folder), engine === 'rootless' && startRootless(machine, folder, project)]);
  });

  const home = (caller: Caller): string => join(folder, caller.user);
  const engineOf = (caller: Caller): Record<string, string> =>
    caller.engine === 'rootless' ? { DOCKER_HOST: rootlessHost(folder) } : {};
  return {
    home,
    processes: (caller) => processesWith(`HOME=${home(caller)}\0`).filter((line) => !/^\d+ (?:tmux|bash) /.test(line)),
    step: (s, caller, options = {}) => ({
      cwd: home(caller),
      ...options,
      through: (argv, cwd) => insideMachine(machine?.pid ?? 0, cwd, [...become(caller.user), ...caller.lead, ...argv]),
      env: {
        HOME: home(caller),
        DOCKER_CONFIG: join(folder, 'docker'),
        COMPOSE_PROJECT_NAME: s.projectName,
        ...engineOf(caller),
        ...options.env,
      },
    }),
    pidOf: async (s, caller, service) => {
      const argv = ['docker', 'inspect', '-f', '{{.State.Pid}}', `${s.projectName}-${service}-1`];
      return Number((await s.run(argv, { env: engineOf(caller) })).stdout);
    },
    path: (file) => join(`/proc/${machine?.pid}/root`, file),
    allow: (s, line) => {
      const file = join(`/proc/${machine?.pid}/root/etc/sudoers.d/zz-${++allowed}`);
      s.t.after(() => rmSync(file));
      writeFileSync(file, `${line}\n`, { mode: 0o440 });
    },
  };
}

/** A scenario with a subtest for each kind of caller, or for each row of a table and kind of caller. */
export function everyCaller(
  intent: string,
  { project }: { readonly project: string },
  check: (s: Scenario, caller: Caller) => Promise<void>,
): void {
  scenario(intent, { project }, async (s) => {
    for (const caller of kindsOfCallers) await s.subtest(caller.name, () => check(s, caller));
  });
}

export function everyRow<Row extends { readonly name: string }>(
  intent: string,
  { project, rows }: { readonly project: string; readonly rows: readonly Row[] },
  check: (s: Scenario, caller: Caller, row: Row) => Promise<void>,
): void {
  scenario(intent, { project }, async (s) => {
    for (const caller of kindsOfCallers)
      for (const row of rows) await s.subtest(`${caller.name}: ${row.name}`, () => check(s, caller, row));
  });
}

let allowed = 0;

type Machine = Started;

async function openMachine(folder: string): Promise<Machine> {
  mkdirSync(join(folder, 'machine'), { recursive: true });
  chmodSync(folder, 0o755);
  const machine = startStep(holdMachine(join(folder, 'machine')), { timeout: 3_600_000 });
  await machine.says('ready');
  const etc = (file: string): string => join(`/proc/${machine.pid}/root/etc`, file);
  const socket = process.env['DOCKER_HOST']?.replace(/^unix:\/\//, '') ?? '/var/run/docker.sock';
  const entries = Object.entries(users).filter(([name]) => name !== 'root');
  const { stdout: hash } = await execa('openssl', ['passwd', '-5', password]);
  appendFileSync(
    etc('passwd'),
    entries.map(([name, id]) => `${name}:${hash}:${id}:${id}::${join(folder, name)}:/bin/bash\n`).join(''),
  );
  const groups = [
    ...entries.map(([name, id]) => `${name}:*:${id}:`),
    `netexec-engine:*:${statSync(socket).gid}:${ofEngine.join(',')}`,
    `netexec-common:*:${commonGroup}:${entries.map(([name]) => name).join(',')}`,
  ];
  appendFileSync(etc('group'), `${groups.join('\n')}\n`);
  writeFileSync(etc('sudoers.d/netexec-test'), 'netexec-sudo,netexec-admin ALL=(ALL) NOPASSWD:SETENV: ALL\n', {
    mode: 0o440,
  });
  writeFileSync(etc('doas.conf'), 'permit nopass netexec-doas\n', { mode: 0o644 });
  for (const [name, id] of Object.entries(users)) {
    mkdirSync(join(folder, name), { mode: 0o700 });
    chownSync(join(folder, name), id, id);
  }
  return machine;
}

const become = (user: string): readonly string[] =>
  user === 'root' ? [] : ['setpriv', `--reuid=${users[user]}`, `--regid=${users[user]}`, '--init-groups', '--'];

async function copyPlugin(folder: string): Promise<void> {
  await execa('cp', ['-r', await installedPlugin(), join(folder, 'docker')]);
  await execa('chmod', ['-R', 'go=rX', join(folder, 'docker')]);
}

const rootlessHost = (folder: string): string => `unix://${folder}/e/rootless-${rootlessUser}/run/docker.sock`;

async function startRootless(machine: Machine, folder: string, project: string): Promise<void> {
  await rootless(machine, 'start', folder);
  const env = { DOCKER_HOST: rootlessHost(folder) };
  await execa('docker', ['compose', 'up', '-d', '--wait'], { cwd: composeFolder(project), env, timeout: 600_000 });
}

/** In the machine, which is where there is such a user. */
async function rootless(machine: Machine, action: 'start' | 'stop', folder: string): Promise<void> {
  const [program = '', ...args] = insideMachine(machine.pid, '/', [engineScript, 'rootless', action, rootlessUser]);
  await execa(program, args, { env: { NETEXEC_ENGINE_DIR: join(folder, 'e') }, timeout: 600_000 });
}

async function closeMachine(machine: Machine, folder: string): Promise<void> {
  if (existsSync(join(folder, 'e'))) await rootless(machine, 'stop', folder);
  machine.closeInput();
  await machine.ended;
  rmSync(folder, { recursive: true, force: true });
}

/** Of runs that were killed, by one file after the other. Every machine has the same users. */
async function removeLeftovers(machine: Machine): Promise<void> {
  const unlock = await lock('leftovers');
  try {
    const folders = readdirSync(base).filter((name) => !existsSync(`/proc/${folderName.exec(name)?.[1] ?? 'self'}`));
    for (const name of folders) {
      if (existsSync(join(base, name, 'e'))) await rootless(machine, 'stop', join(base, name));
      rmSync(join(base, name), { recursive: true, force: true });
    }
  } finally {
    unlock();
  }
}
