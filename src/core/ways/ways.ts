// The ways to the privilege that entering needs: an entry for each, the nearest to COMMAND first, with all in which they differ.
import type { Asked, Objection } from './objections.ts';
import type { Need } from '../tools/tool-table.ts';

export interface WayEntry {
  /** How it is called behind `set up`. */
  readonly called: string;
  /** The value of --elevate that leaves it, beside `auto`. */
  readonly elevate: string;
  /** It is a way for this option alone; or for containers of another kernel, unless it is asked for. */
  readonly only?: '--host-network' | 'a remote engine';
  /** Nothing of the container's is entered: COMMAND has a network of its own, whose connections a far end makes. */
  readonly tunnels?: true;
  /** Whether it works shows when it is tried: it is looked at where none that is nearer does. */
  readonly isTried?: true;
  /** What may speak against it. The first that does is why it is not taken. */
  readonly against: readonly Objection[];
  /** What speaks for it: on its own, and where it is taken. */
  readonly for: (asked: Asked) => { readonly reason: string; readonly cause: string };
  /** Whether that depends on the engine: what it answers, or what its container is. */
  readonly judgedByEngine: boolean;
  /** The way is a program of its name, which runs others as root: the words behind it, where it may ask for a password and where not. */
  readonly program?: (asks: boolean) => readonly string[];
  /** Who starts what enters: netexec, as a process, or the engine, in a container of its own. */
  readonly starter: 'netexec' | 'engine';
  /**
   * Whose child COMMAND is. `program`: that of the way, which is netexec's. `daemon`: of one that a daemon starts.
   * COMMAND has nothing of netexec's by itself then: neither mounts and folder, nor session, nor what the caller has given up.
   */
  readonly parent: 'netexec' | 'program' | 'daemon';
  /** In what it is started elsewhere, which is not under what the caller is under. */
  readonly within?: string;
  /** Why the environment does not get through; undefined where it does. */
  readonly strips: string | undefined;
  /** As whom the stage runs. `mapped root`: root of a rootless engine's user namespace, who is the caller outside of it. */
  readonly arrivesAs: 'caller' | 'mapped root' | 'root';
  /** What the caller has given up and COMMAND would have again. */
  readonly regains: readonly ('noNewPrivileges' | 'lacking')[];
  /** For what it takes programs, beside those of every run; its own program not among them. */
  readonly needs: readonly Need[];
  /** What is worth a word only where it is missing. */
  readonly mayNeed: readonly Need[];
  /** Whose exit status it is where COMMAND has not started, in the words of a failure. */
  readonly statusOf: string;
}

const byProgram = (name: string) =>
  ({
    called: `with ${name}`,
    elevate: 'sudo',
    against: ['noNewPrivileges', 'adminLacking', 'programMissing', 'programRefuses'],
    for: ({ named, asks }) => {
      const reason = `it asks for ${asks ? 'a' : 'no'} password`;
      return { reason, cause: `${named ?? 'you are not root'}; ${reason}` };
    },
    judgedByEngine: false,
    program: (asks) => [...(asks ? [] : ['-n']), '--'],
    starter: 'netexec',
    parent: 'program',
    strips: `${name} would strip the environment`,
    arrivesAs: 'root',
    regains: [],
    needs: ['guarded'],
    mayNeed: [],
    statusOf: name,
  }) as const satisfies WayEntry;

const notOfThisKernel = 'the container is not on this kernel';

const tunnelling = {
  elevate: 'tunnel',
  only: 'a remote engine',
  tunnels: true,
  judgedByEngine: false,
  starter: 'netexec',
  parent: 'netexec',
  strips: undefined,
  mayNeed: [],
  statusOf: "netexec's setup for COMMAND",
} as const satisfies Partial<WayEntry>;

const table = {
  root: {
    called: 'as root',
    elevate: 'none',
    against: ['notRoot', 'rootWithoutAdmin', 'rootOfItsOwn'],
    for: () => ({ reason: 'you are root', cause: 'you are root' }),
    judgedByEngine: false,
    starter: 'netexec',
    parent: 'netexec',
    strips: undefined,
    arrivesAs: 'caller',
    regains: [],
    needs: [],
    mayNeed: ['rules'],
    statusOf: "netexec's setup for COMMAND",
  },
  /** The engine is rootless and the caller's own: its user namespace is the caller's to enter. */
  rootless: {
    called: 'as the owner of a rootless engine',
    elevate: 'none',
    against: ['engineNotOwn', 'anotherUser'],
    for: () => {
      const cause = 'the engine is rootless, and your own';
      return { reason: cause, cause };
    },
    judgedByEngine: true,
    starter: 'netexec',
    parent: 'netexec',
    strips: undefined,
    arrivesAs: 'mapped root',
    // A user namespace begins with all capabilities.
    regains: ['lacking'],
    needs: ['rootless'],
    mayNeed: [],
    statusOf: "netexec's setup for COMMAND",
  },
  sudo: byProgram('sudo'),
  doas: byProgram('doas'),
  /** A user namespace of the caller's own: what is mounted in there is COMMAND's alone. No network but its own can be entered so. */
  namespace: {
    called: 'in a user namespace',
    elevate: 'none',
    only: '--host-network',
    isTried: true,
    against: ['anotherUser', 'capabilitiesAsked', 'namespaceRefused'],
    for: ({ named, nearer }) => ({
      reason: 'you may create a user namespace',
      cause: named ?? ['you may create a user namespace', ...nearer].join('; '),
    }),
    judgedByEngine: false,
    starter: 'netexec',
    parent: 'netexec',
    strips: undefined,
    arrivesAs: 'mapped root',
    regains: ['lacking'],
    needs: ['namespace'],
    mayNeed: [],
    statusOf: "netexec's setup for COMMAND",
  },
  /** A helper container that the engine starts as root, and that comes back to this machine. */
  docker: {
    called: 'with a helper container',
    elevate: 'docker',
    against: ['engineNotRoot', 'userOfItsOwn', 'filtered', 'confined'],
    for: ({ named, nearer }) => ({
      reason: 'the engine runs as root',
      cause: named ?? ['the engine runs as root', ...nearer].join('; '),
    }),
    judgedByEngine: true,
    starter: 'engine',
    parent: 'daemon',
    within: 'the helper container',
    strips: 'the helper container has its own environment',
    arrivesAs: 'root',
    regains: ['noNewPrivileges', 'lacking'],
    needs: ['guarded', 'docker'],
    mayNeed: [],
    statusOf: 'the helper container',
  },
  /** A network of COMMAND's own, all of whose connections are made in the service's by a container of the engine's. */
  'root-tunnel': {
    ...tunnelling,
    called: 'as root',
    against: ['notRoot', 'rootWithoutAdmin', 'deviceRefused'],
    for: ({ named }) => ({
      reason: 'you are root',
      cause: `${named ?? notOfThisKernel}; you are root`,
    }),
    arrivesAs: 'caller',
    regains: [],
    needs: ['tunnel'],
  },
  tunnel: {
    ...tunnelling,
    called: 'in a user namespace',
    isTried: true,
    against: ['anotherUser', 'capabilitiesAsked', 'namespaceRefused', 'deviceRefused'],
    for: ({ named }) => ({
      reason: 'you may create a user namespace',
      cause: `${named ?? notOfThisKernel}; you may create a user namespace`,
    }),
    arrivesAs: 'mapped root',
    regains: ['lacking'],
    needs: ['tunnel', 'namespace'],
  },
} as const satisfies Readonly<Record<string, WayEntry>>;

export type WayKind = keyof typeof table;
export const ways: Readonly<Record<WayKind, WayEntry>> = table;
/** Those that are programs. */
export type ProgramWay = {
  [Kind in WayKind]: (typeof table)[Kind] extends { readonly program: unknown } ? Kind : never;
}[WayKind];
export const isProgramWay = (kind: WayKind): kind is ProgramWay => ways[kind].program !== undefined;
/** In the order in which `--elevate auto` takes them. */
export const wayKinds = Object.keys(table) as readonly WayKind[];

/** The values of --elevate. */
export type Elevate = 'auto' | (typeof table)[WayKind]['elevate'];
export const elevations = [
  ...new Set(['auto', ...wayKinds.map((kind) => table[kind].elevate)] as const),
] as readonly Elevate[];

/** How the privilege to enter is come by. */
export interface Way {
  readonly kind: WayKind;
  /** Of a way that is a program: where that is, and whether it is to ask for a password. */
  readonly program?: { readonly file: string; readonly asks: boolean };
  readonly cause: string;
}

/** Whether a value of --elevate asks for one. */
export const asksTunnel = (elevate: Elevate | undefined): boolean => elevate === tunnelling.elevate;

export const isTunnel = ({ kind }: Pick<Way, 'kind'>): boolean => ways[kind].tunnels === true;

/** Whether netexec is the parent of what it starts then, and may signal it. */
export const isOwnChild = ({ kind }: Pick<Way, 'kind'>): boolean => ways[kind].parent === 'netexec';
