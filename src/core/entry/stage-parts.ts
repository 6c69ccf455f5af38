// The text that enters as root, the privileged stage, is made of parts: which of them a plan needs, in which order, and what they are told.
import { folderOf, heldBy } from './held-paths.ts';
import type { Lifelines } from './lifelines.ts';
import { entersNetwork, staysOnHost } from './stays-on-host.ts';
import type { EntryPlan } from './plan.ts';
import { joinsProcesses } from './processes.ts';
import { describeIntercepts } from '../relay/intercepts.ts';
import { isIPv6 } from '../names/ip-address.ts';
import { tunnelDevice, tunnelRoutes, tunnelRules } from '../relay/tunnel-rules.ts';
import { isInEtc, isInRoot } from './service-files.ts';
import { isOwnChild, isTunnel, ways } from '../ways/ways.ts';

/** Each is the file NAME.sh of src/shell/enter/stage. */
export type StagePart = keyof typeof table;
/** Each is $netexec_NAME there. */
export type StageValue = keyof ReturnType<typeof valuesOf>;

interface Part {
  readonly isNeeded: (plan: EntryPlan) => boolean;
  readonly told: readonly StageValue[];
}

const always = (): boolean => true;
const tunnels = ({ way }: EntryPlan): boolean => isTunnel(way);
const isOwn = ({ way }: EntryPlan): boolean => isOwnChild(way);
const isHeld = ({ way }: EntryPlan): boolean => !isOwnChild(way);
const isMapped = ({ identity }: EntryPlan): boolean => identity.mapped;
const isDropped = ({ identity }: EntryPlan): boolean => identity.become !== undefined && !identity.mapped;

/** In the order in which they are joined: take what is told, enter, settle what COMMAND is to have, become it. */
const table = {
  start: { isNeeded: always, told: [] },
  streams: {
    isNeeded: ({ way }) => ways[way.kind].parent === 'daemon',
    told: ['stdin', 'stdout', 'stderr', 'terminal_size'],
  },
  'start-guard': {
    isNeeded: ({ lifelines }) => lifelines.guard.by === 'stage',
    told: ['guard', 'alive', 'waits', 'ready'],
  },
  child: { isNeeded: isOwn, told: ['parent'] },
  prove: { isNeeded: entersNetwork, told: ['pid', 'ids', 'mount'] },
  processes: { isNeeded: joinsProcesses, told: ['ready'] },
  view: {
    isNeeded: ({ view }) => view !== undefined,
    told: ['nsswitch', 'mounts', 'hidden', 'files', 'staging'],
  },
  'view-container': {
    isNeeded: (plan) => plan.view?.of === 'container' && !tunnels(plan),
    told: ['resolv_head', 'resolv_tail', 'hosts_head', 'reader', 'files', 'sh', 'setpriv'],
  },
  'view-far': { isNeeded: tunnels, told: ['resolv_head', 'resolv_tail', 'hosts_head', 'files'] },
  'view-search': {
    isNeeded: ({ view }) => view?.of === 'container' && view.resolvConf.tail !== '',
    told: ['resolv_tail', 'between'],
  },
  'view-mounts': { isNeeded: ({ view }) => Boolean(view?.mounts.length), told: ['mounts'] },
  'view-hidden': { isNeeded: ({ view }) => Boolean(view?.hidden.length), told: ['hidden'] },
  'view-files': {
    isNeeded: ({ files }) => files.length > 0,
    told: ['files', 'folders', 'root', 'contents', 'sizes', 'owner', 'writer', 'staging', 'sh', 'setpriv'],
  },
  'view-root': { isNeeded: ({ files }) => files.some(isInRoot), told: ['files', 'staging'] },
  'view-host': { isNeeded: staysOnHost, told: ['hosts_file', 'hosts_held', 'staging'] },
  near: { isNeeded: tunnels, told: ['routes', 'routes_six', 'rules', 'near', 'meeting', 'executable', 'staging'] },
  hold: { isNeeded: (plan) => isOwn(plan) && entersNetwork(plan), told: ['process', 'waits', 'staging'] },
  held: { isNeeded: (plan) => isHeld(plan) && entersNetwork(plan), told: ['waits', 'staging'] },
  intercept: {
    isNeeded: ({ intercepts }) => intercepts.length > 0,
    told: ['outside', 'held', 'interceptor', 'intercepts', 'intercepted', 'nft', 'sh', 'setpriv', 'who'],
  },
  launch: { isNeeded: ({ carriage }) => carriage.kind === 'file', told: ['environment', 'executable'] },
  limits: { isNeeded: ({ limits }) => limits.length > 0, told: ['limits'] },
  settings: { isNeeded: always, told: ['umask', 'open_files', 'ignored'] },
  parent: { isNeeded: isOwn, told: ['parent'] },
  rootless: { isNeeded: isMapped, told: ['uid', 'gid', 'restraints', 'kept', 'tie', 'setpriv', 'unshare'] },
  wait: { isNeeded: joinsProcesses, told: ['waiter', 'sh', 'setpriv'] },
  tell: { isNeeded: (plan) => !joinsProcesses(plan) && plan.lifelines.ready === 'pipe', told: [] },
  'tell-file': { isNeeded: (plan) => !joinsProcesses(plan) && plan.lifelines.ready === 'file', told: ['ready'] },
  release: { isNeeded: isHeld, told: [] },
  drop: { isNeeded: isDropped, told: ['uid', 'gid', 'groups', 'restraints', 'kept', 'tie', 'setpriv'] },
  'rootless-drop': { isNeeded: isMapped, told: ['kept', 'setpriv'] },
  keep: { isNeeded: (plan) => !isDropped(plan), told: ['restraints', 'tie', 'setpriv'] },
  'processes-enter': { isNeeded: joinsProcesses, told: ['sh', 'nsenter', 'unshare', 'setpriv', 'mounter'] },
  become: { isNeeded: always, told: [] },
} as const satisfies Readonly<Record<string, Part>>;

export const stageParts = Object.keys(table) as readonly StagePart[];

/** Texts of others that the stage starts. */
export interface FurtherTexts {
  readonly reader: string;
  readonly guard: string;
  readonly waiter: string;
  readonly interceptor: string;
}

/** @returns the parts, and NAME=VALUE for each value that any of them is told */
export function planStage(plan: EntryPlan, lifelines: Lifelines, texts: FurtherTexts) {
  const parts = stageParts.filter((part) => (table[part] as Part).isNeeded(plan));
  const values = valuesOf(plan, lifelines, texts);
  const told = new Set(parts.flatMap((part): readonly StageValue[] => table[part].told));
  return { parts, told: [...told].map((name) => `${name}=${values[name] ?? ''}`) };
}

function valuesOf(plan: EntryPlan, lifelines: Lifelines, { reader, guard, waiter, interceptor }: FurtherTexts) {
  const { view, identity, process, tools } = plan;
  const inside = view?.of === 'container' ? view : undefined;
  const file = view?.of === 'host' ? view.file : undefined;
  return {
    parent: lifelines.supervisor,
    pid: process.pid,
    process: lifelines.paths.process,
    ids: process.provenBy.ids.join(' '),
    mount: process.provenBy.mount,
    environment: lifelines.paths.environment,
    executable: lifelines.executable,
    alive: lifelines.paths.alive,
    ready: lifelines.paths.ready,
    reader,
    guard,
    waiter,
    interceptor,
    ...tunnelTold(plan.tunnel?.addresses ?? []),
    near: plan.tunnel?.opener?.word,
    meeting: plan.tunnel?.opener?.meeting,
    held: lifelines.paths.held,
    who: lifelines.supervisor,
    outside: identity.mapped ? '' : `${folderOf(plan.way, lifelines.supervisor)}/ns/net`,
    intercepts: plan.intercepts.map(({ port, here }) => `${port}:${here}`).join(' '),
    intercepted: describeIntercepts(plan).join('\n'),
    waits: joinsProcesses(plan) ? 'yes' : '',
    stdin: lifelines.reopened?.[0],
    stdout: lifelines.reopened?.[1],
    stderr: lifelines.reopened?.[2],
    terminal_size: lifelines.terminalSize,
    staging: view?.staging,
    resolv_head: inside?.resolvConf.head,
    resolv_tail: inside?.resolvConf.tail,
    between: inside?.resolvConf.between.join(' '),
    hosts_head: inside?.hosts.head,
    hosts_file: file?.path,
    hosts_held:
      file === undefined || isOwnChild(plan.way) ? '' : heldBy(plan.way, lifelines.supervisor, file.descriptor),
    nsswitch: view?.nsswitch,
    mounts: view?.mounts.join('\n'),
    hidden: view?.hidden.join(' '),
    ...filesTold(plan, lifelines),
    ignored: plan.ignoredSignals.join(' '),
    umask: plan.umask.toString(8).padStart(4, '0'),
    limits: plan.limits.map(({ name, soft, hard }) => `--${name}=${soft}:${hard}`).join(' '),
    open_files: plan.openFiles,
    // Programs that are started when PATH is the caller's.
    sh: tools.sh,
    nsenter: tools.nsenter,
    unshare: tools.unshare,
    setpriv: tools.setpriv,
    mounter: tools.mount,
    nft: tools.nft,
    uid: identity.become?.uid,
    gid: identity.become?.gid,
    groups: identity.become?.groups.join(','),
    restraints: [...plan.restraints.options, ...(lifelines.securebits ?? [])].join(' '),
    kept: ['-all', ...plan.capabilities.map((name) => `+${name}`)].join(','),
    tie: tieOf(plan),
  };
}

function tunnelTold(addresses: readonly string[]) {
  const six = addresses.filter((each) => isIPv6(each));
  return {
    routes: `${tunnelDevice}${tunnelRoutes(addresses.filter((each) => !isIPv6(each)))}`,
    routes_six: six.length === 0 ? '' : tunnelRoutes(six),
    rules: tunnelRules(addresses),
  };
}

/** A file is FOLDER//REST: what is to the left of the two is there, nothing for /, and the rest is not. COMMAND's user writes them. */
function filesTold(plan: EntryPlan, { paths }: Lifelines) {
  const { files, identity } = plan;
  const { uid, gid } = identity.become ?? {};
  const covered = files.filter((file) => !isInEtc(file.folder) && !isInRoot(file)).map(({ folder }) => folder);
  return {
    files: files.map((file) => `${isInRoot(file) ? '' : file.folder}//${file.rest}`).join('\n'),
    folders: [...new Set(covered)].join('\n'),
    root: files.some(isInRoot) ? 'yes' : '',
    contents: paths.files,
    sizes: files.map(({ mode, content }) => `${mode.toString(8)}:${content.length}`).join(' '),
    owner: isDropped(plan) ? `,uid=${uid},gid=${gid}` : '',
    writer: isDropped(plan) ? `--reuid ${uid} --regid ${gid} --clear-groups` : '',
  };
}

/**
 * What the kernel does to COMMAND when its parent ends: sudo, doas, or what started the engine's container. Where that is
 * netexec it is stopped, and the guard ends it, with what it has started: the kernel would end it alone. What waits for
 * COMMAND must see its end, and is left to the guard.
 */
function tieOf(plan: EntryPlan): 'clear' | 'STOP' | 'KILL' {
  if (joinsProcesses(plan)) return 'clear';
  return isOwnChild(plan.way) ? 'STOP' : 'KILL';
}
