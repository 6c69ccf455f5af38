// The plan → the one command that carries it out: every word of it, none of it ever read by a shell.
import { held } from './held-paths.ts';
import type { Lifelines } from './lifelines.ts';
import { entersNetwork } from './stays-on-host.ts';
import type { EntryPlan } from './plan.ts';
import { joinsProcesses } from './processes.ts';
import { planStage } from './stage-parts.ts';
import type { FurtherTexts, StagePart } from './stage-parts.ts';
import { isTunnel, ways } from '../ways/ways.ts';

/** The shell texts that are run on the way, and how netexec's own program, which restores the environment, is told its words. */
export interface StageTexts extends FurtherTexts {
  readonly entry: string;
  /** Those parts that have been loaded. */
  readonly stage: Readonly<Partial<Record<StagePart, string>>>;
  readonly launch: (words: readonly string[]) => readonly string[];
}

export function entryArgv(plan: EntryPlan, texts: StageTexts, lifelines: Lifelines): readonly [string, ...string[]] {
  const { tools, view } = plan;
  const users = hasOwnUsers(plan) ? ['--user', '--map-root-user'] : [];
  const network = isTunnel(plan.way) ? ['--net'] : [];
  const ownMounts =
    view === undefined && !joinsProcesses(plan)
      ? []
      : [tools.unshare, ...users, ...network, '--mount', '--propagation', 'slave', '--'];
  return [
    ...entered(plan, texts, lifelines),
    ...ownMounts,
    ...staged(plan, texts, lifelines),
    ...launched(plan, texts, lifelines),
  ];
}

/** By a user namespace of the caller's own, where no container is entered whose engine has one. */
const hasOwnUsers = (plan: EntryPlan): boolean =>
  !entersNetwork(plan) && ways[plan.way.kind].arrivesAs === 'mapped root';

/** What the way puts in front, and what enters the network. */
function entered(
  plan: EntryPlan,
  { entry }: StageTexts,
  { supervisor, started, paths }: Lifelines,
): readonly [string, ...string[]] {
  const { way, tools, process } = plan;
  const outside = !entersNetwork(plan);
  const pid = outside ? '' : `${process.pid}`;
  const takeHold = [tools.sh, '-c', entry, 'netexec', `${supervisor}`, started, pid] as const;
  const network = paths.network === undefined ? [] : [`--net=${paths.network}`];
  const { parent, arrivesAs, program } = ways[way.kind];
  const users = arrivesAs === 'mapped root' ? [`--user=${paths.users}`, '--preserve-credentials'] : [];
  // Set first of all, so that no step of the entry can outlive netexec; what has it cleared has the guard.
  const tied = [tools.setpriv, '--pdeathsig', 'KILL', '--'] as const;
  if (parent === 'netexec') return outside ? tied : [...tied, tools.nsenter, ...users, ...network, '--'];
  const back = parent === 'daemon' ? backToNetexec : [];
  const from = outside
    ? back.concat(back.length > 0 ? [`--net=${held.supervisor}/ns/net`] : [])
    : [...back, ...network];
  const entering = from.length === 0 ? takeHold : ([...takeHold, tools.nsenter, ...from, '--'] as const);
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

function staged(plan: EntryPlan, texts: StageTexts, lifelines: Lifelines): readonly string[] {
  const { parts, told } = planStage(plan, lifelines, texts);
  const text = parts.map((part) => texts.stage[part] ?? lacking(part)).join('');
  return [plan.tools.sh, '-c', text, 'netexec', ...told, '--'];
}

/** What enters as root is all of what was planned, or nothing. */
function lacking(part: StagePart): never {
  throw new Error(`the part ${part} of the stage has not been loaded`);
}

/** COMMAND, by way of the last step where its environment comes from a file. */
function launched(
  { carriage, command, ignoredSignals, openFiles }: EntryPlan,
  { launch }: StageTexts,
  { priorities = [], nice = '' }: Lifelines,
): readonly string[] {
  if (carriage.kind === 'inherit') return command.words;
  const [program, ...words] = [...priorities, command.file];
  // The stage puts the executable in front, by the descriptor on which it has opened it.
  const [name, ...rest] = command.words;
  const shown = priorities.length === 0 ? [name] : [program, ...words];
  return launch([openFiles ?? '', nice, ignoredSignals.join(','), program, ...shown, ...rest]);
}
