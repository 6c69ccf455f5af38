// The values that the tables of the core tests start from, and say their differences to.
import type { Paint } from '../../../src/core/text/emphasis.ts';
import type { ServiceFile } from '../../../src/core/entry/service-files.ts';
import type { RunRequest } from '../../../src/core/arguments/argv.ts';
import { defaultsOf } from '../../../src/core/arguments/read-options.ts';
import type { EngineAddress } from '../../../src/core/engine/engine-address.ts';
import type { NamesSeen } from '../../../src/core/names/alias-plan.ts';
import type { NetworkName } from '../../../src/core/names/names.ts';
import type { Container, ListedContainer, NamedAttachment } from '../../../src/core/engine/containers.ts';
import type { ComposeLabels } from '../../../src/core/engine/labels.ts';
import { makePlan } from '../../../src/core/entry/plan.ts';
import type { EntryPlan, HostFacts, Target } from '../../../src/core/entry/plan.ts';
import type { Restraints } from '../../../src/core/ways/restraints.ts';

export const idOf = (digit: string): string => digit.repeat(64);

const webOfShop: ComposeLabels = {
  project: 'shop',
  service: 'web',
  number: 1,
  oneOff: false,
  workingDirectory: '/src/shop',
};

/** A running container of the service `web` in the project `shop`, except as given. */
export function listed(
  name: string,
  { compose, ...given }: Partial<Omit<ListedContainer, 'compose'>> & { compose?: Partial<ComposeLabels> | null } = {},
): ListedContainer {
  return {
    id: idOf('a'),
    name,
    state: 'running',
    status: 'Up 3 minutes',
    image: undefined,
    networkOf: undefined,
    endpoints: [],
    ...given,
    compose: compose === null ? undefined : { ...webOfShop, ...compose },
  };
}

/** As on a terminal without colours. */
export const unpainted: Paint = (_, text) => text;

export const joined = (network: string): NamedAttachment => ({
  network,
  networkId: `${network}-id`,
  ipv4: '172.20.0.3',
  ipv6: undefined,
  priority: 0,
  names: ['shop-web-1', 'web'],
  links: [],
});

export const container: Container = {
  id: idOf('a'),
  name: 'shop-web-1',
  state: 'running',
  pid: 4711,
  exitCode: 0,
  startedAt: undefined,
  compose: webOfShop,
  networkMode: 'shop_backend',
  endpoints: [joined('shop_backend'), joined('shop_cache')],
  extraHosts: [],
  environment: undefined,
};

export const request: RunRequest = {
  ...defaultsOf('run'),
  docker: {},
  service: 'web',
  command: ['psql', '-h', 'db'],
  localPorts: [],
};

export const endpoint: EngineAddress = {
  host: 'unix:///var/run/docker.sock',
  source: "docker's default",
  transport: { kind: 'unix', socketPath: '/var/run/docker.sock' },
};

/** As seen on the container's networks, from the list alone. */
export const names: NamesSeen = {
  pinned: undefined,
  networks: ['shop_backend', 'shop_cache'].map((network) => ({
    name: network,
    id: `${network}-id`,
    names: [{ name: 'web', network, addresses: ['172.20.0.3'], services: ['web'], containers: ['shop-web-1'] }],
    earlier: '',
  })),
  complete: false,
  warnings: [],
  target: { kind: 'engine' },
};

/** Of one who has given up nothing. */
export const none: Restraints = {
  noNewPrivileges: false,
  lacking: [],
  effective: ['sys_admin'],
  filtered: false,
};

/** An ordinary user with sudo. */
export const host: HostFacts = {
  caller: { uid: 1000, gid: 1000, groups: [1000, 27] },
  restraints: none,
  confinement: undefined,
  other: undefined,
  containerUsers: 'same',
  elevators: [{ name: 'sudo', program: '/usr/bin/sudo', refusal: undefined }],
  terminal: false,
  umask: 0o022,
  descriptors: [],
  openFiles: '1024',
  limits: [{ name: 'nofile', soft: '1024', hard: '4096' }],
  pwdHolds: true,
  raw: false,
  ignoredSignals: [],
  processes: undefined,
  tools: {
    sh: '/usr/bin/sh',
    nsenter: '/usr/bin/nsenter',
    unshare: '/usr/bin/unshare',
    setpriv: '/usr/bin/setpriv',
    mount: '/usr/bin/mount',
    env: '/usr/bin/env',
  },
  environment: { HOME: '/home/me', PATH: '/usr/bin' },
  command: { file: '/usr/bin/psql', words: ['psql', '-h', 'db'], cause: 'found on PATH' },
  hostName: 'laptop',
  hosts: '',
  nsswitch: 'hosts: files resolve dns\n',
  nscdFolders: [],
  mountinfo: '',
  staging: '/mnt',
  aliasFolder: '/run/user/1000/docker-netexec',
  fileVariables: [],
  aliasLimits: [],
};

export const targetOf = (found: Container): Target => ({
  container: found,
  owner: found,
  lost: undefined,
  cause: 'service web of project shop, by --project-name',
  neighbours: [],
});

export const root: Partial<HostFacts> = { caller: { uid: 0, gid: 0, groups: [0] } };

export function planOf(
  run: Partial<RunRequest> = {},
  facts: Partial<HostFacts> = {},
  target: Partial<Container> = {},
  seen: Partial<NamesSeen> = {},
  found: Partial<Target> = {},
  files: readonly ServiceFile[] = [],
): EntryPlan {
  const plan = makePlan(
    { ...request, ...run },
    {
      endpoint,
      target: { ...targetOf({ ...container, ...target }), ...found },
      names: { ...names, ...seen },
      host: { ...host, ...facts },
      files,
    },
  );
  if (!plan.ok) throw new Error(`no plan: ${plan.failure.kind}`);
  return plan.value;
}

/** Of --host-network: two names, one of them on two networks. */
export const visible: readonly NetworkName[] = (
  [
    ['db', 'shop_backend', ['172.20.0.4', 'fd00::4']],
    ['web', 'shop_backend', ['172.20.0.3']],
    ['web.shop_cache', 'shop_cache', ['172.21.0.3']],
  ] as const
).map(([name, network, addresses]) => ({ name, network, addresses, services: [], containers: [] }));

export const planOutside = (run: Partial<RunRequest> = {}, facts: Partial<HostFacts> = {}): EntryPlan =>
  planOf({ hostNetwork: true, ...run }, { outside: true, ...facts }, {}, { networks: [] }, { visible });

/** Of --on. */
export const planOn = (run: Partial<RunRequest> = {}): EntryPlan =>
  planOf(
    { service: undefined, on: ['all'], ...run },
    root,
    { name: 'docker-netexec-99-4711-1', compose: undefined },
    {},
    { cause: '--on', own: { project: 'shop' } },
  );
