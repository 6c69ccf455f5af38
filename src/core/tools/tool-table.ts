// Every program of this machine that netexec starts, but for COMMAND: its package, the options that it must know, and what is
// lost where it is missing. For --doctor, hints and docs/security.md; what a run looks for is in tools.ts.
import { limitNames } from '../entry/limits.ts';
import { required } from './tools.ts';
import type { RequiredTool } from './tools.ts';

/** What takes a program, in the words of --doctor and docs/security.md. */
export const needs = {
  run: 'every run',
  view: 'the private view',
  files: '--service-files',
  pid: '--pid',
  intercept: '--intercept',
  guarded: 'entering with sudo, doas or a helper container',
  rootless: 'entering with a rootless engine',
  docker: 'entering with a helper container',
  outside: '--host-network',
  namespace: 'entering with a user namespace',
  tunnel: 'a remote engine',
  sudo: 'entering with sudo',
  doas: 'entering with doas',
  user: '--user',
  questions: 'asking other programs',
  compose: 'asking Compose',
  ssh: 'an engine behind ssh://',
  rules: '--check as root',
  launcher: 'a plugin file that is a symbolic link',
  uninstall: '--uninstall',
} as const;

export type Need = keyof typeof needs;

export interface ToolEntry {
  /** As it is called nearly everywhere, and as these call it where that is another name. */
  readonly package: string;
  readonly debian?: string;
  readonly alpine?: string;
  /** Long options that it must know, by what takes them: --doctor looks for them in its help. */
  readonly options?: Readonly<Partial<Record<Need, readonly string[]>>>;
  /** What becomes of what takes it, where it is missing and no run is refused for that. */
  readonly without?: Readonly<Partial<Record<Need, string>>>;
}

const table = {
  sh: { package: 'dash', without: { uninstall: 'it fails' } },
  nsenter: {
    package: 'util-linux',
    options: {
      run: ['--net'],
      pid: ['--pid', '--no-fork'],
      rootless: ['--user', '--preserve-credentials'],
      docker: ['--mount', '--uts', '--ipc', '--cgroup', '--root', '--wd'],
    },
    without: { rules: '--check sees no firewall rules' },
  },
  unshare: {
    package: 'util-linux',
    options: {
      view: ['--mount', '--propagation'],
      pid: ['--mount', '--propagation'],
      rootless: ['--user', '--map-user', '--map-group', '--keep-caps'],
      namespace: ['--user', '--map-root-user', '--map-user', '--map-group', '--keep-caps'],
    },
    without: {
      rootless: 'COMMAND sees itself as root, without root privileges',
      namespace: 'COMMAND sees itself as root, without root privileges',
    },
  },
  setpriv: {
    package: 'util-linux',
    alpine: 'setpriv',
    options: {
      run: [
        '--pdeathsig',
        '--reuid',
        '--regid',
        '--groups',
        '--inh-caps',
        '--ambient-caps',
        '--bounding-set',
        '--no-new-privs',
      ],
      view: ['--clear-groups'],
      docker: ['--dump', '--securebits'],
    },
    without: { questions: 'a program that netexec asks may outlive it' },
  },
  env: { package: 'coreutils' },
  grep: { package: 'grep' },
  mount: { package: 'util-linux', debian: 'mount', options: { view: ['--bind', '--move'], outside: ['--rbind'] } },
  umount: { package: 'util-linux', debian: 'mount' },
  sleep: { package: 'coreutils' },
  prlimit: {
    package: 'util-linux',
    options: { guarded: ['--pid', ...Object.values(limitNames).map((name) => `--${name}`)] },
  },
  mkfifo: { package: 'coreutils' },
  mkdir: { package: 'coreutils' },
  ln: { package: 'coreutils' },
  cp: { package: 'coreutils' },
  dd: { package: 'coreutils' },
  chmod: { package: 'coreutils' },
  pivot_root: { package: 'util-linux' },
  setsid: { package: 'util-linux' },
  readlink: {
    package: 'coreutils',
    without: {
      view: "netexec rejects a container's resolv.conf or hosts that is a symbolic link",
      launcher: 'it does not find netexec',
    },
  },
  stty: { package: 'coreutils', without: { docker: "COMMAND's terminal has a different size" } },
  chrt: {
    package: 'util-linux',
    options: { docker: ['--batch', '--idle'] },
    without: { docker: 'COMMAND does not keep your scheduling policy' },
  },
  ionice: { package: 'util-linux', without: { docker: 'COMMAND does not keep your I/O class' } },
  taskset: {
    package: 'util-linux',
    options: { docker: ['--cpu-list'] },
    without: { docker: 'COMMAND does not keep your CPU affinity' },
  },
  sudo: { package: 'sudo', without: { sudo: 'netexec enters in another way' } },
  doas: { package: 'doas', debian: 'opendoas', without: { doas: 'netexec enters in another way' } },
  timeout: { package: 'coreutils', without: { questions: 'a program that netexec asks may outlive it' } },
  getent: {
    package: 'glibc',
    debian: 'libc-bin',
    without: { user: 'netexec knows users and groups only by number' },
  },
  id: {
    package: 'coreutils',
    without: {
      user: "COMMAND has only its user's primary group",
      uninstall: 'an installation in a directory that is a symbolic link stays',
    },
  },
  docker: {
    package: 'docker',
    debian: 'docker.io',
    without: {
      compose: 'netexec reads Compose files itself',
      uninstall: 'the image of the helper container stays',
    },
  },
  ssh: {
    package: 'openssh',
    debian: 'openssh-client',
    alpine: 'openssh-client-default',
    without: { ssh: 'netexec cannot reach the engine' },
  },
  rm: { package: 'coreutils', without: { uninstall: 'the installation stays' } },
  rmdir: { package: 'coreutils', without: { uninstall: 'empty directories stay' } },
  stat: {
    package: 'coreutils',
    without: { uninstall: 'an installation in a directory that is a symbolic link stays' },
  },
  ip: { package: 'iproute2' },
  nft: { package: 'nftables', without: { rules: '--check does not see nftables rules' } },
  'iptables-legacy-save': { package: 'iptables', without: { rules: '--check does not see rules of iptables-legacy' } },
} as const satisfies Readonly<Record<RequiredTool, ToolEntry> & Record<string, ToolEntry>>;

export type Tool = keyof typeof table;

export const tools: Readonly<Record<Tool, ToolEntry>> = table;

export const toolNames = Object.keys(tools) as readonly Tool[];

/** What takes it. */
export const needsOf = (tool: Tool): readonly Need[] =>
  (Object.keys(needs) as readonly Need[]).filter(
    (need) => isRequired(tool, need) || tools[tool].without?.[need] !== undefined || optionsOf(tool, need).length > 0,
  );

/** Whether a run that takes it so is refused without it. */
export const isRequired = (tool: Tool, need: Need): boolean =>
  (required as Readonly<Record<string, readonly string[]>>)[need]?.includes(tool) === true;

/** The options that it must know where it is taken so: not every version, nor busybox, has them. */
export const optionsOf = (tool: Tool, need: Need): readonly string[] => tools[tool].options?.[need] ?? [];

/** For a hint: `util-linux (Debian: apt install mount)`. */
export function packageOf(tool: Tool): string {
  const { package: name, debian, alpine } = tools[tool];
  const others = [
    ...(debian === undefined ? [] : [`Debian: apt install ${debian}`]),
    ...(alpine === undefined ? [] : [`Alpine: apk add ${alpine}`]),
  ];
  return others.length === 0 ? name : `${name} (${others.join(', ')})`;
}
