// The plan → the one command that carries it out: every word of it, none of it ever read by a shell.
import type { EntryPlan } from './plan.ts';
import { joinsProcesses } from './processes.ts';
import { isOwnChild } from './ways.ts';

/** The shell texts that are run on the way, and the words by which netexec's own program restores the environment. */
export interface StageTexts {
  readonly stage: string;
  readonly guard: string;
  readonly waiter: string;
  readonly launch: readonly string[];
}

/** What exists only while netexec runs: itself, and what it holds open for the stage to take up. */
export interface Lifelines {
  readonly supervisor: number;
  /** When it started, as proc(5) has it: its number may be another's later. */
  readonly started: string;
  /** The Node that restores the environment. COMMAND's user may not be able to reach it by its path. */
  readonly node: string;
  /** Paths of what is held open; undefined where there is no need of it, or a descriptor is there for it. */
  readonly environment: string | undefined;
  /** A pipe that ends with netexec. */
  readonly alive: string | undefined;
  /** A file that says that COMMAND is about to start. */
  readonly ready: string | undefined;
  /** Paths of what COMMAND's descriptors 0, 1 and 2 are to be, where they are not what it inherits. */
  readonly reopened?: readonly [string | undefined, string | undefined, string | undefined];
  /** Of COMMAND's terminal, where it is not the caller's: `rows 24 cols 80`. */
  readonly terminalSize?: string | undefined;
}

export function entryArgv(plan: EntryPlan, texts: StageTexts, lifelines: Lifelines): readonly [string, ...string[]] {
  const { tools, way, view, process } = plan;
  const users = way.kind === 'rootless' ? [`--user=/proc/${process.pid}/ns/user`, '--preserve-credentials'] : [];
  const enterNetwork = [tools.nsenter, ...users, `--net=/proc/${process.pid}/ns/net`, '--'];
  const ownMounts =
    view === undefined && !joinsProcesses(plan) ? [] : [tools.unshare, '--mount', '--propagation', 'slave', '--'];
  const stage = [tools.sh, '-c', texts.stage, 'netexec', ...stageArguments(plan, texts, lifelines), '--'];
  return [...elevated(plan, lifelines), ...enterNetwork, ...ownMounts, ...stage, ...launched(plan, texts)];
}

/** What the way puts in front. */
function elevated({ way, tools }: EntryPlan, { supervisor }: Lifelines): readonly [string, ...string[]] {
  switch (way.kind) {
    case 'root':
    case 'rootless':
      // Set first of all, so that no step of the entry can outlive netexec; others would clear it, and have the guard.
      return [tools.setpriv, '--pdeathsig', 'KILL', '--'];
    case 'sudo':
    case 'doas':
      return [way.program, ...(way.asks ? [] : ['-n']), '--'];
    case 'docker':
      // In the engine's container: back to where netexec is, to its files, and to its folder, even a deleted one.
      return [tools.nsenter, `--target=${supervisor}`, '--mount', '--uts', '--ipc', '--cgroup', '--wd', '--'];
  }
}

function stageArguments(plan: EntryPlan, texts: StageTexts, lifelines: Lifelines): readonly string[] {
  const { view, identity, process, tools } = plan;
  const byFile = plan.carriage.kind === 'file';
  return Object.entries({
    parent: isOwnChild(plan.way) ? lifelines.supervisor : '',
    supervisor: isOwnChild(plan.way) ? '' : `${lifelines.supervisor} ${lifelines.started}`,
    pid: process.pid,
    cgroup: process.provenBy.cgroup,
    mount: process.provenBy.mount,
    environment: byFile ? lifelines.environment : '',
    node: byFile ? lifelines.node : '',
    alive: plan.guarded ? lifelines.alive : '',
    guard: plan.guarded ? texts.guard : '',
    waiter: joinsProcesses(plan) ? texts.waiter : '',
    sh: tools.sh,
    nsenter: tools.nsenter,
    mounter: tools.mount,
    ready: lifelines.ready,
    stdin: lifelines.reopened?.[0],
    stdout: lifelines.reopened?.[1],
    stderr: lifelines.reopened?.[2],
    terminal_size: lifelines.terminalSize,
    staging: view?.staging,
    resolv_head: view?.resolvConf.head,
    resolv_tail: view?.resolvConf.tail,
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
    kept: ['-all', ...plan.capabilities.map((name) => `+${name}`)].join(','),
  }).map(([name, value]) => `${name}=${value ?? ''}`);
}

/** COMMAND, by way of the launcher where its environment comes from a file. */
function launched(plan: EntryPlan, { launch }: StageTexts): readonly string[] {
  if (plan.carriage.kind === 'inherit') return plan.command.words;
  // The stage puts the launcher's program in front, by the descriptor on which it has opened it.
  return [...launch, plan.tools.prlimit, plan.openFiles ?? '', ...launchedCommand(plan)];
}

/** What the launcher becomes: the file, the name that it is to have, and its words. */
export function launchedCommand({ command, ignoredSignals, tools }: EntryPlan): readonly string[] {
  // Node sets signals that are ignored (nohup) back to what they do.
  const ignoring: readonly string[] =
    ignoredSignals.length === 0 ? [] : [tools.env, `--ignore-signal=${ignoredSignals.join(',')}`, '--'];
  const [program, ...words] = [...ignoring, command.file];
  const [name, ...rest] = command.words;
  const shown = ignoring.length === 0 ? [name] : [program, ...words];
  return [program, ...shown, ...rest];
}
