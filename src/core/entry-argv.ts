// The plan → the one command that carries it out: every word of it, none of it ever read by a shell.
import type { EntryPlan } from './plan.ts';

/** The texts that are run on the way: two shell stages, and the script that restores the environment. */
export interface StageTexts {
  readonly stage: string;
  readonly guard: string;
  readonly launch: string;
}

/** What exists only while netexec runs: itself, and what it holds open for the stage to take up. */
export interface Lifelines {
  readonly supervisor: number;
  /** The Node that restores the environment. COMMAND's user may not be able to reach it by its path. */
  readonly node: string;
  /** Paths below /proc: the environment's file, the pipe that ends with netexec, the file that says COMMAND is about to start. */
  readonly files: { readonly environment: string; readonly alive: string; readonly ready: string } | undefined;
}

export function entryArgv(plan: EntryPlan, texts: StageTexts, lifelines: Lifelines): readonly [string, ...string[]] {
  const { tools, way, view, process } = plan;
  const enterNetwork = [tools.nsenter, `--net=/proc/${process.pid}/ns/net`, '--'];
  const ownMounts = view === undefined ? [] : [tools.unshare, '--mount', '--propagation', 'slave', '--'];
  const stage = [tools.sh, '-c', texts.stage, 'netexec', ...stageArguments(plan, texts, lifelines), '--'];
  const entry = [...enterNetwork, ...ownMounts, ...stage, ...launched(plan, texts)];
  // Set first of all, so that no step of the entry can outlive netexec; sudo would clear it, and has the guard instead.
  return way.kind === 'sudo'
    ? [way.program, '-n', '--', ...entry]
    : [tools.setpriv, '--pdeathsig', 'KILL', '--', ...entry];
}

function stageArguments(plan: EntryPlan, texts: StageTexts, { supervisor, node, files }: Lifelines): readonly string[] {
  const { view, identity, process, tools } = plan;
  const behindSudo = plan.way.kind === 'sudo';
  return Object.entries({
    parent: behindSudo ? '' : supervisor,
    pid: process.pid,
    ids: process.provenBy.join('\n'),
    environment: plan.carriage.kind === 'file' ? files?.environment : '',
    node: plan.carriage.kind === 'file' ? node : '',
    alive: behindSudo ? files?.alive : '',
    guard: behindSudo ? texts.guard : '',
    ready: files?.ready,
    staging: view?.staging,
    resolv_head: view?.resolvConf.head,
    resolv_tail: view?.resolvConf.tail,
    hosts_head: view?.hosts.head,
    hosts_tail: view?.hosts.tail,
    nsswitch: view?.nsswitch,
    hidden: view?.hidden.join(' '),
    ignored: plan.ignoredSignals.join(' '),
    umask: plan.umask.toString(8).padStart(4, '0'),
    open_files: plan.openFiles,
    setpriv: tools.setpriv,
    uid: identity.become?.uid,
    gid: identity.become?.gid,
    groups: identity.become?.groups.join(','),
  }).map(([name, value]) => `${name}=${value ?? ''}`);
}

/** COMMAND, by way of the launcher where its environment comes from a file. */
function launched({ carriage, command, openFiles, tools }: EntryPlan, { launch }: StageTexts): readonly string[] {
  if (carriage.kind === 'inherit') return command.words;
  // The stage puts Node in front, by the descriptor on which it has opened it.
  return ['--eval', launch, '--', tools.prlimit, openFiles ?? '', command.file, ...command.words];
}
