// The helper container by which the engine itself is the way to privilege: all that the engine is told about it.
import { fail, success } from '../failure/failure.ts';
import type { Result } from '../failure/failure.ts';
import type { Limit } from '../entry/limits.ts';
import { natural, number, string, decodeShape, fields, listOf, recordOf } from '../json/shape.ts';
import type { Shape } from '../json/shape.ts';

/** On every one; the value names the netexec that it is for (supervisor.ts). */
export const helperLabel = 'docker-netexec.supervisor';

export const isContainerId = (id: unknown): id is string => typeof id === 'string' && /^[0-9a-f]{12,64}$/.test(id);

export interface ListedHelper {
  readonly id: string;
  readonly label: string;
  readonly state: string;
  /** In seconds since 1970. */
  readonly created: number;
}

/** @param json of GET /containers/json */
export function readHelpers(json: unknown): readonly ListedHelper[] {
  const helper = fields({ Id: string, State: string, Labels: recordOf(string), Created: number });
  const decoded = decodeShape(listOf(helper), json);
  if (!decoded.ok) return [];
  return decoded.value.flatMap(({ Id: id, State: state, Labels: labels, Created: created }) =>
    isContainerId(id) ? { id, label: labels[helperLabel] ?? '', state, created } : [],
  );
}

/** @param json of POST /containers/ID/wait */
export function readExitStatus(json: unknown): Result<number> {
  const status: Shape<number> = (code) =>
    natural(code) ?? (Number(code) > 255 ? { path: [], what: 'too big' } : undefined);
  const decoded = decodeShape(fields({ StatusCode: status }), json);
  if (decoded.ok) return success(decoded.value.StatusCode);
  return fail({ kind: 'engine-nonsense', request: 'POST /containers/ID/wait', problem: decoded.problem });
}

export interface HelperFacts {
  /** By its id. */
  readonly image: string;
  /** The id of the one that is entered; undefined: none is. */
  readonly target: string | undefined;
  /** What COMMAND is entered by: the whole line. */
  readonly argv: readonly string[];
  readonly supervisor: string;
  /** Of --cap-add. */
  readonly capabilities: readonly string[];
  readonly streams: Streams;
  /** The folders, of those that may hold programs and their libraries, that this machine has. */
  readonly folders: readonly string[];
  readonly limits: readonly Limit[];
  /** As proc(5) has oom_score_adj. */
  readonly oomScore: number;
  /** Undefined: the engine's own default. */
  readonly runtime: string | undefined;
}

/** What a container is to be started with that enters others: the engine's default may be a sandbox, or a virtual machine. */
export const plainRuntime = 'runc';

/** What a descriptor of netexec's is. */
export type Descriptor = 'terminal' | 'pipe' | 'device' | 'other';

export interface Streams {
  /** COMMAND has a terminal of the engine's, which the caller's stands behind. */
  readonly terminal: boolean;
  /** By number: a path below /proc by which COMMAND has the very same; undefined where the engine carries what it holds. */
  readonly reopened: readonly [string | undefined, string | undefined, string | undefined];
}

/**
 * Pipes and devices are opened again, and are then COMMAND's own. A file has its place in it, which only a copy of the
 * descriptor shares, and a socket cannot be opened: the engine carries those. With a terminal at both ends COMMAND has
 * one of its own, for it must be the terminal of its session to be worth having: to a shell, a pager, a Ctrl-C.
 * @param path by which the stage finds a descriptor of netexec's
 */
export function planStreams(
  descriptors: readonly [Descriptor, Descriptor, Descriptor],
  path: (descriptor: 0 | 1 | 2) => string,
): Streams {
  const terminal = descriptors[0] === 'terminal' && descriptors[1] === 'terminal';
  const reopened = (descriptor: 0 | 1 | 2): string | undefined => {
    const kind = descriptors[descriptor];
    const carried = kind === 'other' || (kind === 'terminal' && terminal);
    return carried ? undefined : path(descriptor);
  };
  return { terminal, reopened: [reopened(0), reopened(1), reopened(2)] };
}

/** @returns the body of POST /containers/create */
export function helperContainer(facts: HelperFacts): object {
  const { argv, image, streams, supervisor } = facts;
  const [stdin, stdout] = streams.reopened.map((path) => path === undefined);
  return {
    Image: image,
    Entrypoint: [...argv],
    Cmd: [],
    Labels: { [helperLabel]: supervisor },
    User: '0:0',
    WorkingDir: '/',
    Healthcheck: { Test: ['NONE'] },
    AttachStdin: stdin,
    OpenStdin: stdin,
    StdinOnce: stdin,
    AttachStdout: stdout,
    AttachStderr: true,
    Tty: streams.terminal,
    HostConfig: hostConfig(facts),
  };
}

function hostConfig({ capabilities, folders, limits, oomScore, runtime, target }: HelperFacts): object {
  return {
    AutoRemove: true,
    // What COMMAND prints is nobody's to keep.
    LogConfig: { Type: 'none', Config: {} },
    PidMode: 'host',
    // One of its own takes the kernel longer to make, and to remove, than all else: nothing here has any use for that.
    NetworkMode: target === undefined ? 'none' : `container:${target}`,
    IpcMode: 'host',
    UTSMode: 'host',
    UsernsMode: 'host',
    CgroupnsMode: 'host',
    ReadonlyRootfs: true,
    Init: false,
    Privileged: false,
    CapDrop: ['ALL'],
    CapAdd: [...new Set([...ownCapabilities, ...capabilities.map((name) => name.toUpperCase())])],
    // What these would forbid is the helper's whole task; COMMAND runs as the caller, as it would outside.
    SecurityOpt: ['seccomp=unconfined', 'apparmor=unconfined', 'label=disable', 'no-new-privileges=false'],
    Binds: folders.map((folder) => `${folder}:${folder}:ro`),
    Ulimits: ulimits(limits),
    OomScoreAdj: oomScore,
    ...(runtime === undefined ? {} : { Runtime: runtime }),
  };
}

const ownCapabilities = [
  // To enter the caller's namespaces and the container's network, and to mount the private view.
  'SYS_ADMIN',
  'SYS_CHROOT',
  'SYS_PTRACE',
  // To read and write what the caller holds open, in folders that only the caller may enter.
  'DAC_OVERRIDE',
  'DAC_READ_SEARCH',
  // To become the caller, to drop all these, and to end a COMMAND whose netexec is gone.
  'SETUID',
  'SETGID',
  'SETPCAP',
  'KILL',
  // For neither: the machine's own ping and dumpcap have these in their files, and start where they may be had.
  'NET_RAW',
  'NET_ADMIN',
];

/** docker knows no limit of the address space. */
const ulimits = (limits: readonly Limit[]): readonly object[] =>
  limits
    .filter(({ name }) => name !== 'as')
    .map(({ name, soft, hard }) => ({ Name: name, Soft: limitNumber(soft), Hard: limitNumber(hard) }));

const limitNumber = (text: string): number => (text === 'unlimited' ? -1 : Number(text));
