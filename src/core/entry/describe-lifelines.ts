// What ties an entry to netexec → its text: a line for each who holds something, as which number, and how the rest is told.
import { descriptors } from './descriptors.ts';
import { held } from './held-paths.ts';
import type { Lifeline, LifelinePlan } from './lifelines.ts';
import { entersNetwork } from './stays-on-host.ts';
import type { EntryPlan } from './plan.ts';
import { joinsProcesses } from './processes.ts';

export function describeLifelines(plan: EntryPlan): string {
  const { opened, tools, handed, ready, guard, signals } = plan.lifelines;
  const rows: readonly (readonly [who: string, what: readonly string[]])[] = [
    ['netexec opens', opened.map((each) => names[each])],
    ['this takes', tools],
    ['entry starts with', handed.toSorted((one, other) => one.number - other.number).map(describeHanded)],
    ['entry.sh has', guard.by === 'stage' ? entrys(plan) : []],
    ['stage has', stages(plan)],
    ['waiter has', joinsProcesses(plan) ? [`${descriptors.waiter.ready} ${names.ready}`] : []],
    ['guard has', [`0 ${names.alive}`, ...(guard.waits ? [`${descriptors.guard.ready} ${names.ready}`] : [])]],
    ['guard is started', [`by ${guard.by === 'stage' ? 'the stage' : 'netexec'}`]],
    ['COMMAND starts', [`told by a ${ready}`]],
    ['signals go', [signals === 'guard' ? 'to the guard, for COMMAND' : 'to COMMAND']],
  ];
  const width = Math.max(...rows.map(([who]) => who.length));
  return rows
    .filter(([, what]) => what.length > 0)
    .map(([who, what]) => `${who.padEnd(width)}  ${what.join('; ')}\n`)
    .join('');
}

const names: Readonly<Record<Lifeline, string>> = {
  process: "the container's process",
  network: 'its network namespace',
  users: 'its user namespace',
  environment: "COMMAND's environment",
  files: 'what is in its files',
  ready: 'what is told that COMMAND starts',
  alive: 'a pipe that ends with netexec',
  held: 'another, for what intercepts',
};

function describeHanded({ number, holds }: LifelinePlan['handed'][number]): string {
  if (holds === 'caller') return `${number} the caller's`;
  return `${number} ${holds === 'pipe' ? 'a pipe to netexec' : names[holds]}`;
}

const { entry, stage } = descriptors;

/** The stage has these, too. */
const entrys = (plan: EntryPlan): readonly string[] => [
  `${entry.supervisor} netexec's process, and in ${held.supervisor}/fd all that it opens`,
  ...(!entersNetwork(plan) ? [] : [`${entry.process} ${names.process}`, `${entry.network} ${names.network}`]),
];

function stages(plan: EntryPlan): readonly string[] {
  const { opened, ready } = plan.lifelines;
  const joins = joinsProcesses(plan);
  return [
    ...(!entersNetwork(plan) ? [] : [`${stage.process} ${names.process}`]),
    ...(joins ? [`${stage.processes} the container's process namespace`] : []),
    ...(opened.includes('environment')
      ? [`${stage.environment} ${names.environment}`, `${stage.executable} netexec's executable`]
      : []),
    ...(joins || ready === 'pipe' ? [`${stage.ready} ${names.ready}`] : []),
  ];
}
