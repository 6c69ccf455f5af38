// The plan → its text: a line a step, each with its cause. --dry-run prints it, tests compare it, bug reports quote it.
import { shortId } from '../engine/containers.ts';
import { describeIntercepts } from '../relay/intercepts.ts';
import { printable, printableJson, shellWord } from '../text/printable.ts';
import { block, hanging, wrapped } from '../text/wrapped.ts';
import type { HostView } from '../names/host-view.ts';
import type { PrivateView } from '../names/private-view.ts';
import { isTunnel, ways } from '../ways/ways.ts';
import { staysOnHost } from './stays-on-host.ts';
import type { EntryPlan, Identity, Target } from './plan.ts';
import { isInRoot, pathOfFile } from './service-files.ts';

/** What is shown beside the plan itself. */
export interface Shown {
  /** Values that may be secrets, too. */
  readonly values?: boolean;
  /** What leads in or out, a line each. */
  readonly ports?: readonly PortLine[];
  /** The endpoints of --wait. */
  readonly waits?: readonly string[];
  /** The networks of --on, as the caller calls them. */
  readonly on?: readonly string[];
  /** Where what was not typed is from. */
  readonly preset?: string | undefined;
  /** There is no COMMAND: what runs is the inner end of a relay. */
  readonly isRelay?: boolean;
  /** The width of the terminal that shows the text; undefined where none does. */
  readonly terminal?: number | undefined;
}

/** A sentence, then a line a step; more of them where the terminal is too narrow for one. */
export function describePlan(plan: EntryPlan, shown: Shown = {}): string {
  return describeRows(sentence(plan, shown), rowsOf(plan, shown), shown.terminal);
}

/** @param terminal the width of the one that shows it */
function describeRows(heading: string, rows: readonly Row[], terminal: number | undefined): string {
  const indent = Math.max(...rows.map(([step]) => step.length)) + 2;
  const lines = rows.map(([step, what, cause]) => {
    const [done, why] = [printable(what), `# ${printable(cause)}`];
    const whole = `${done}  ${why}`;
    const below = ' '.repeat(indent);
    return wrapped(whole, terminal, indent).length < 2
      ? `${step.padEnd(indent)}${whole}`
      : `${step.padEnd(indent)}${block(done, terminal, indent)}\n${below}${block(why, terminal, indent + 2)}`;
  });
  return [hanging(printable(heading), terminal), ...lines].map((line) => `${line}\n`).join('');
}

/** An object a step. */
export const describePlanJson = (plan: EntryPlan, shown: Shown = {}): string => describeRowsJson(rowsOf(plan, shown));

const describeRowsJson = (rows: readonly Row[]): string =>
  rows.map(([step, what, cause]) => `${printableJson({ Step: step, What: what, Cause: cause })}\n`).join('');

function sentence(plan: EntryPlan, { isRelay = false, on = [] }: Shown): string {
  const what = isRelay
    ? "This machine's ports would be forwarded"
    : `${shellWord(plan.command.words[0] ?? '')} would run`;
  if (staysOnHost(plan))
    return `${what} in this machine's network, with the names of ${whoseNames(plan, on)}, in a private /etc, set up ${ways[plan.way.kind].called}:`;
  if (isTunnel(plan.way))
    return `${what} in its own network, with connections ${whereOf(plan, true, on)} through a helper container, set up ${ways[plan.way.kind].called}:`;
  return `${what} ${whereOf(plan, isRelay, on)}, entered ${ways[plan.way.kind].called}:`;
}

function whereOf({ target, context }: EntryPlan, isRelay: boolean, on: readonly string[]): string {
  const { own } = target;
  const into = isRelay ? 'into' : 'in';
  if (own?.service !== undefined) return `${into} the place of ${own.service}`;
  if (own !== undefined) return `${isRelay ? into : 'on'} ${networksOf(context, on)}`;
  return networkOf(target, into);
}

function networkOf(target: Target, into: 'into' | 'in'): string {
  return `${into} the network of ${nameOf(target)}`;
}

const whoseNames = ({ target, context }: EntryPlan, on: readonly string[]): string =>
  target.own === undefined ? nameOf(target) : networksOf(context, on);

function networksOf(context: EntryPlan['context'], on: readonly string[]): string {
  const networks = on.length === 0 || on.includes('all') ? context.networks : on;
  return `the network${networks.length > 1 ? 's' : ''} ${networks.join(', ')}`;
}

const nameOf = ({ container: { name, compose } }: EntryPlan['target']): string =>
  compose === undefined ? `container ${name}` : `${compose.service} (container ${name})`;

function rowsOf(plan: EntryPlan, { values = false, ports = [], waits = [], preset }: Shown): readonly Row[] {
  return [
    ['engine', plan.endpoint.host, plan.endpoint.source],
    ...(preset === undefined
      ? []
      : [['preset', preset, 'used because SERVICE is not on the command line, which takes precedence'] as const]),
    ...containerRows(plan),
    ...viewRows(plan),
    ...processRows(plan),
    ...(plan.aliases?.files ?? []).map(({ file, networks }): Row => [
      'write',
      file,
      `HOSTALIASES for ${networks.join(', ')}`,
    ]),
    ...plan.changes.map((change): Row => {
      if (change.value === undefined) return ['unset', change.name, change.cause];
      return ['set', change.public || values ? `${change.name}=${change.value}` : change.name, change.cause];
    }),
    ...(plan.carriage.kind === 'file'
      ? [['environment', 'passed in a file that is deleted at once', plan.carriage.cause] as const]
      : []),
    [
      'user',
      plan.identity.become === undefined ? 'unchanged' : describeIdentity(plan.identity.become),
      plan.identity.cause,
    ],
    ...(plan.restraints.options.length === 0
      ? []
      : [['restrained', plan.restraints.options.join(' '), plan.restraints.cause] as const]),
    ...(plan.workdir === undefined ? [] : [['workdir', plan.workdir, '--workdir'] as const]),
    ...describeIntercepts(plan).map((line): Row => ['intercept', line, '--intercept: with an nftables table there']),
    ...ports.map(portRow),
    ...waits.map((endpoint): Row => ['wait', endpoint, '--wait: until --check finds no problem']),
    ...plan.notes.map((note): Row => ['warning', note, 'printed before COMMAND starts']),
    ['command', plan.command.words.map(shellWord).join(' '), `${plan.command.file}, ${plan.command.cause}`],
  ];
}

/** Of ports that lead elsewhere: there is no entry. */
export function describeFarPlan(
  { endpoint, target }: Pick<EntryPlan, 'endpoint' | 'target'>,
  { ports = [], terminal }: Shown,
  format: 'table' | 'json',
): string {
  const { container, cause } = target;
  const rows: readonly Row[] = [
    ['engine', endpoint.host, endpoint.source],
    ['container', `${container.name} (${shortId(container.id)})`, cause],
    ['way', 'helper container', "the container does not run on this machine's kernel"],
    ...ports.map(portRow),
  ];
  if (format === 'json') return describeRowsJson(rows);
  const what = ports.every(({ option }) => option === 'reverse')
    ? `Ports ${networkOf(target, 'in')} would lead to this machine, through a helper container there:`
    : `This machine's ports would be forwarded ${networkOf(target, 'into')}, through a helper container in it:`;
  return describeRows(what, rows, terminal);
}

const portRow = ({ option, line }: PortLine): Row => [option, line, `--${option}`];

export interface PortLine {
  readonly option: 'forward' | 'reverse' | 'proxy';
  readonly line: string;
}

type Row = readonly [step: string, what: string, cause: string];

function containerRows({ context, process, target, way, tunnel }: EntryPlan): readonly Row[] {
  const { container, cause, own } = target;
  const wayRow: Row = ['way', way.kind, way.cause];
  if (target.visible !== undefined) {
    const whose = own === undefined ? `${container.name} (${shortId(container.id)})` : context.networks.join(', ');
    return [['network', "this machine's", '--host-network'], ['names', whose, cause], wayRow];
  }
  const what =
    own === undefined
      ? `${container.name} (${shortId(container.id)})`
      : `a helper container on ${context.networks.join(', ')}`;
  const containerRow: Row = ['container', what, cause];
  if (tunnel !== undefined)
    return [
      containerRow,
      wayRow,
      [
        'network',
        `one of its own${tunnel.addresses.map((each) => `, ${each}`).join('')}`,
        'a helper container makes its connections',
      ],
    ];
  if (own !== undefined) return [containerRow, wayRow];
  return [
    containerRow,
    wayRow,
    [
      'namespace',
      `/proc/${process.pid}/ns/net`,
      `verified on entry to belong to container ${process.provenBy.ids.map(shortId).join(' or ')}`,
    ],
  ];
}

function viewRows({ view, files }: EntryPlan): readonly Row[] {
  if (view === undefined) return [['names', "the host's", '--resolver']];
  if (view.of === 'host') return hostRows(view);
  return [
    [
      'file',
      '/etc/resolv.conf',
      `the container's own${view.resolvConf.tail === '' ? '' : ', with the search domain of --network'}`,
    ],
    ['file', '/etc/hosts', "the host's own name, and the container's own file"],
    ['file', '/etc/nsswitch.conf', "the host's, with `hosts: files dns`"],
    ...laidRows(view),
    ...files.map((file): Row => [
      'file',
      pathOfFile(file),
      `${file.what} ${file.name}, read-only${isInRoot(file) ? ', in a private root directory' : ''}`,
    ]),
  ];
}

function hostRows(view: HostView): readonly Row[] {
  return [
    ...view.names.map(({ name, addresses }): Row => [
      'name',
      `${name} ${addresses.join(' ')}`,
      'in /etc/hosts, kept up to date',
    ]),
    ['file', '/etc/hosts', "these names, and the host's own entries"],
    ['file', '/etc/nsswitch.conf', "the host's, with files first for hosts"],
    ...laidRows(view),
  ];
}

const laidRows = (view: PrivateView | HostView): readonly Row[] => [
  ['mount', "overlay on /etc, of a tmpfs and the host's", 'visible only to COMMAND'],
  ...view.mounts.map((point): Row => ['keep', point, 'mounted there, and stays visible']),
  ...view.hidden.map((folder): Row => ['hide', folder, "nscd would answer with the host's names"]),
];

function processRows({ processes, process }: EntryPlan): readonly Row[] {
  if (processes === undefined) return [];
  if (!processes.own) return [['processes', "this machine's", "--pid: the container uses the host's PID namespace"]];
  return [['processes', `/proc/${process.pid}/ns/pid`, '--pid: its /proc is mounted on /proc']];
}

const describeIdentity = ({ uid, gid, groups }: Identity): string => `uid=${uid} gid=${gid} groups=${groups.join(',')}`;
