// The plan → the one command that carries it out: every word of it, none of it ever read by a shell.
import { held } from './held-paths.ts';
import type { LifelinePaths } from './lifelines.ts';
import type { EntryPlan } from './plan.ts';
import { joinsProcesses } from './processes.ts';
import { isOwnChild, ways } from './ways.ts';

/** The shell texts that are run on the way, and how netexec's own program, which restores the environment, is told its words. */
export interface StageTexts {
  readonly entry: string;
  readonly stage: string;
  readonly reader: string;
  readonly guard: string;
  readonly waiter: string;
  readonly launch: (words: readonly string[]) => readonly string[];
}

/** What exists only while netexec runs: itself, and what it holds open for the stage to take up. */
export interface Lifelines {
  readonly supervisor: number;
  /** When it started, as proc(5) has it: its number may be another's later. */
  readonly started: string;
  /** The executable, which restores the environment. COMMAND's user may not be able to reach it by its path. */
  readonly executable: string;
  /** Of what is held open. */
  readonly paths: LifelinePaths;
  /** Paths of what COMMAND's descriptors 0, 1 and 2 are to be, where they are not what it inherits. */
  readonly reopened?: readonly [string | undefined, string | undefined, string | undefined];
  /** Of the caller's, as setpriv(1) takes them, where COMMAND does not come by them itself. */
  readonly securebits?: readonly string[];
  /** The caller's nice value, likewise. */
  readonly nice?: string;
  /** Words that run COMMAND with the caller's priorities, likewise. */
  readonly priorities?: readonly string[];
  /** Of COMMAND's terminal, where it is not the caller's: `rows 24 cols 80`. */
  readonly terminalSize?: string | undefined;
}

export function entryArgv(plan: EntryPlan, texts: StageTexts, lifelines: Lifelines): readonly [string, ...string[]] {
  const { tools, view } = plan;
  const ownMounts =
    view === undefined && !joinsProcesses(plan) ? [] : [tools.unshare, '--mount', '--propagation', 'slave', '--'];
  const stage = [tools.sh, '-c', texts.stage, 'netexec', ...stageArguments(plan, texts, lifelines), '--'];
  return [...entered(plan, texts, lifelines), ...ownMounts, ...stage, ...launched(plan, texts, lifelines)];
}

/** What the way puts in front, and what enters the network. */
function entered(
  { way, tools, process }: EntryPlan,
  { entry }: StageTexts,
  { supervisor, started, paths }: Lifelines,
): readonly [string, ...string[]] {
  const takeHold = [tools.sh, '-c', entry, 'netexec', `${supervisor}`, started, `${process.pid}`] as const;
  const network = `--net=${paths.network}`;
  const { parent, arrivesAs, program } = ways[way.kind];
  const users = arrivesAs === 'mapped root' ? [`--user=${paths.users}`, '--preserve-credentials'] : [];
  // Set first of all, so that no step of the entry can outlive netexec; what has it cleared has the guard.
  if (parent === 'netexec') return [tools.setpriv, '--pdeathsig', 'KILL', '--', tools.nsenter, ...users, network, '--'];
  const back = parent === 'elsewhere' ? backToNetexec : [];
  const entering = [...takeHold, tools.nsenter, ...back, network, '--'] as const;
  if (way.program === undefined) return entering;
  // A rule that lets nsenter through, and nothing else, is enough.
  return [way.program.file, ...(program?.(way.program.asks) ?? []), tools.nsenter, '--', ...entering];
}

/** From where it was started elsewhere: to where netexec is, to its files as its root (chroot(2)) shows them, and to its folder, even a deleted one. */
const backToNetexec = [
  `--mount=${held.supervisor}/ns/mnt`,
  ...['uts', 'ipc', 'cgroup'].map((name) => `--${name}=${held.supervisor}/ns/${name}`),
  `--root=${held.supervisor}/root`,
  `--wd=${held.supervisor}/cwd`,
];

function stageArguments(plan: EntryPlan, texts: StageTexts, lifelines: Lifelines): readonly string[] {
  const { view, identity, process, tools } = plan;
  const { paths } = lifelines;
  return Object.entries({
    parent: isOwnChild(plan.way) ? lifelines.supervisor : '',
    held: isOwnChild(plan.way) ? '' : 'yes',
    pid: process.pid,
    process: paths.process,
    ids: process.provenBy.ids.join(' '),
    mount: process.provenBy.mount,
    environment: paths.environment,
    executable: paths.environment === undefined ? '' : lifelines.executable,
    alive: paths.alive,
    reader: view === undefined ? '' : texts.reader,
    guard: plan.lifelines.guard.by === 'stage' ? texts.guard : '',
    waiter: joinsProcesses(plan) ? texts.waiter : '',
    sh: tools.sh,
    nsenter: tools.nsenter,
    mounter: tools.mount,
    ready: paths.ready,
    stdin: lifelines.reopened?.[0],
    stdout: lifelines.reopened?.[1],
    stderr: lifelines.reopened?.[2],
    terminal_size: lifelines.terminalSize,
    staging: view?.staging,
    resolv_head: view?.resolvConf.head,
    resolv_tail: view?.resolvConf.tail,
    between: view?.resolvConf.between.join(' '),
    hosts_head: view?.hosts.head,
    hosts_tail: view?.hosts.tail,
    nsswitch: view?.nsswitch,
    mounts: view?.mounts.join('\n'),
    hidden: view?.hidden.join(' '),
    ignored: plan.ignoredSignals.join(' '),
    umask: plan.umask.toString(8).padStart(4, '0'),
    limits: plan.limits.map(({ name, soft, hard }) => `--${name}=${soft}:${hard}`).join(' '),
    open_files: plan.openFiles,
    setpriv: tools.setpriv,
    unshare: tools.unshare,
    mapped: identity.mapped ? 'yes' : '',
    uid: identity.become?.uid,
    gid: identity.become?.gid,
    groups: identity.become?.groups.join(','),
    restraints: [...plan.restraints.options, ...(lifelines.securebits ?? [])].join(' '),
    kept: ['-all', ...plan.capabilities.map((name) => `+${name}`)].join(','),
  }).map(([name, value]) => `${name}=${value ?? ''}`);
}

/** COMMAND, by way of the last step where its environment comes from a file. */
function launched(
  { carriage, command, ignoredSignals, openFiles, tools }: EntryPlan,
  { launch }: StageTexts,
  { priorities = [], nice = '' }: Lifelines,
): readonly string[] {
  if (carriage.kind === 'inherit') return command.words;
  // The runtime ignores signals of its own, and resets them at the end: those that the caller ignored (nohup) too.
  const ignoring: readonly string[] =
    ignoredSignals.length === 0 ? [] : [tools.env, `--ignore-signal=${ignoredSignals.join(',')}`, '--'];
  const between = [...priorities, ...ignoring];
  const [program, ...words] = [...between, command.file];
  // The stage puts the executable in front, by the descriptor on which it has opened it.
  const [name, ...rest] = command.words;
  const shown = between.length === 0 ? [name] : [program, ...words];
  return launch([openFiles ?? '', nice, program, ...shown, ...rest]);
}
