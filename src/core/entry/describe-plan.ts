// The plan → its text: a line a step, each with its cause. --dry-run prints it, tests compare it, bug reports quote it.
import { shortId } from '../engine/containers.ts';
import { printable, shellWord } from '../text/printable.ts';
import type { EntryPlan, Identity } from './plan.ts';

/**
 * @param values whether values that may be secrets are shown, too
 * @param forwards what --forward has, a line each
 */
export function describePlan(plan: EntryPlan, values = false, forwards: readonly string[] = []): string {
  const rows: readonly Row[] = [
    ['engine', plan.endpoint.host, plan.endpoint.source],
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
      ? [['environment', 'through an unlinked file', plan.carriage.cause] as const]
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
    ...forwards.map((forward): Row => ['forward', forward, '--forward']),
    ...plan.notes.map((note): Row => ['warning', note, 'said before COMMAND starts']),
    ['command', plan.command.words.map(shellWord).join(' '), `${plan.command.file}, ${plan.command.cause}`],
  ];
  const width = Math.max(...rows.map(([step]) => step.length));
  return rows
    .map(([step, what, cause]) => `${step.padEnd(width)}  ${printable(what)}  # ${printable(cause)}\n`)
    .join('');
}

type Row = readonly [step: string, what: string, cause: string];

function containerRows({ context, process, target, way }: EntryPlan): readonly Row[] {
  const { container, cause, place } = target;
  const wayRow: Row = ['way', way.kind, way.cause];
  if (place !== undefined) return [['container', `a throw-away one, on ${context.networks.join(', ')}`, cause], wayRow];
  return [
    ['container', `${container.name} (${shortId(container.id)})`, cause],
    wayRow,
    [
      'namespace',
      `/proc/${process.pid}/ns/net`,
      `its process must name ${process.provenBy.ids.map(shortId).join(' or ')}`,
    ],
  ];
}

function viewRows({ view }: EntryPlan): readonly Row[] {
  if (view === undefined) return [['names', "the host's", '--resolver']];
  return [
    [
      'file',
      '/etc/resolv.conf',
      `the container's own${view.resolvConf.tail === '' ? '' : ', with the search domain of --network'}`,
    ],
    ['file', '/etc/hosts', "the host's own name, and the container's own file"],
    ['file', '/etc/nsswitch.conf', "the host's, with `hosts: files dns`"],
    ['mount', "overlay on /etc, of a tmpfs and the host's", 'seen by COMMAND alone'],
    ...view.mounts.map((point): Row => ['keep', point, 'mounted there, and not to be covered']),
    ...view.hidden.map((folder): Row => ['hide', folder, 'nscd would answer for the host']),
  ];
}

function processRows({ processes, process }: EntryPlan): readonly Row[] {
  if (processes === undefined) return [];
  if (!processes.own) return [['processes', "this machine's", '--pid: the container has none of its own']];
  return [['processes', `/proc/${process.pid}/ns/pid`, '--pid: the /proc of it covers /proc']];
}

const describeIdentity = ({ uid, gid, groups }: Identity): string => `uid=${uid} gid=${gid} groups=${groups.join(',')}`;
