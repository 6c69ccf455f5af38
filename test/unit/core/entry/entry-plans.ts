// Plans of all kinds, and what is there when one of them is carried out.
import { lifelinePaths } from '../../../../src/core/entry/lifelines.ts';
import type { Lifelines } from '../../../../src/core/entry/lifelines.ts';
import type { EntryPlan, HostFacts } from '../../../../src/core/entry/plan.ts';
import type { ServiceFile } from '../../../../src/core/entry/service-files.ts';
import { host, idOf, planOf, planOutside, root } from '../samples.ts';

const rootless: Partial<HostFacts> = { containerUsers: "caller's", elevators: [] };
const ofRoot = { numbers: [4711, 1], uid: 0, ptraceScope: 0 };
const asksForPassword: Partial<HostFacts> = {
  elevators: [{ name: 'sudo', program: '/usr/bin/sudo', refusal: 'a password is required' }],
};
export const nobody = { uid: 65534, gid: 65534, groups: [65534] };
const oddEnvironment = { ...host.environment, 'BASH_FUNC_f%%': '() { :; }' };
const mounted = '1 0 0:1 / /etc/letsencrypt rw - ext4 a rw\n2 1 0:2 / /etc/a\\040b rw - ext4 b rw\n';

const intercepts = [
  { port: 80, here: 3000 },
  { port: 443, here: 3000 },
];
const files = [
  { what: 'secret', name: 'token', folder: '/run', rest: 'secrets/token', mode: 0o444, content: Buffer.from('abc') },
  { what: 'config', name: 'app', folder: '/etc/app', rest: 'app.conf', mode: 0o400, content: Buffer.from('') },
] as const satisfies readonly ServiceFile[];

const inRoot = (['app.conf', 'app/config/x'] as const).map((rest): ServiceFile => ({
  what: 'config',
  name: 'app',
  folder: '/',
  rest,
  mode: 0o444,
  content: Buffer.from('abc'),
}));

/** Its name → a plan. */
export const plans: Readonly<Record<string, () => EntryPlan>> = {
  root: () => planOf({}, root),
  'root-other-user': () => planOf({}, { ...root, other: nobody }),
  'root-odd-environment': () => planOf({}, { ...root, environment: oddEnvironment }),
  'root-resolver-host': () => planOf({ resolver: 'host' }, root),
  'root-network': () => planOf({ network: 'backend' }, root, {}, { pinned: 'shop_backend' }),
  'root-nscd': () => planOf({}, { ...root, nscdFolders: ['/run/nscd', '/var/run/nscd'] }),
  'root-mounts-in-etc': () => planOf({}, { ...root, mountinfo: mounted }),
  'root-shared-network': () => planOf({}, root, { networkMode: `container:${idOf('b')}` }),
  'root-pid': () => planOf({}, { ...root, processes: ofRoot }),
  'root-pid-resolver-host': () => planOf({ resolver: 'host' }, { ...root, processes: ofRoot }),
  'root-pid-host': () => planOf({}, { ...root, processes: { ...ofRoot, numbers: [4711] } }),
  'root-descriptor-9': () => planOf({}, { ...root, descriptors: [3, 9] }),
  'root-intercept': () => planOf({ intercepts }, root),
  rootless: () => planOf({}, rootless),
  'rootless-capabilities': () => planOf({ capabilities: ['net_raw'] }, rootless),
  'rootless-pid': () => planOf({}, { ...rootless, processes: ofRoot }),
  'rootless-intercept': () => planOf({ intercepts }, rootless),
  sudo: () => planOf(),
  'sudo-capabilities': () => planOf({ capabilities: ['net_raw', 'net_admin'] }),
  'sudo-ignored-signals': () => planOf({}, { ignoredSignals: [1, 10] }),
  'sudo-asks': () => planOf({ elevate: 'sudo' }, { ...asksForPassword, terminal: true }),
  'sudo-pid': () => planOf({}, { processes: ofRoot }),
  'sudo-intercept': () => planOf({ intercepts }),
  'sudo-resolver-host': () => planOf({ resolver: 'host' }),
  'sudo-unknown-limits': () => planOf({}, { openFiles: undefined, limits: [] }),
  doas: () => planOf({}, { elevators: [{ name: 'doas', program: '/usr/bin/doas', refusal: undefined }] }),
  docker: () => planOf({}, asksForPassword),
  'root-files': () => planOf({}, root, {}, {}, {}, files),
  'root-root-files': () => planOf({}, root, {}, {}, {}, [...files, ...inRoot]),
  'rootless-files': () => planOf({}, rootless, {}, {}, {}, files),
  'sudo-files': () => planOf({}, {}, {}, {}, {}, files),
  'root-outside': () => planOutside({}, root),
  'sudo-outside': () => planOutside(),
  namespace: () => planOutside({}, asksForPassword),
  'root-tunnel': () => planOf({ network: 'backend' }, { ...root, remoteEngine: true }, {}, { pinned: 'shop_backend' }),
  tunnel: () => planOf({}, { remoteEngine: true }),
  'tunnel-asked': () => planOf({ elevate: 'tunnel' }),
  'docker-outside': () => planOutside({ elevate: 'docker' }),
};

/** As if netexec, process 99, had opened what the plan says at these. */
const numbers = { environment: 20, alive: 21, ready: 22, process: 23, network: 24, users: 25, held: 26, files: 27 };

export function lifelinesOf(plan: EntryPlan): Lifelines {
  const opened = plan.lifelines.opened.map((each) => [each, numbers[each]]);
  return {
    supervisor: 99,
    started: '4711',
    executable: '/usr/local/lib/docker/netexec/netexec',
    paths: lifelinePaths(plan, 99, Object.fromEntries(opened)),
  };
}
