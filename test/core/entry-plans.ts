// Plans of all kinds, and what is there when one of them is carried out.
import { heldBy } from '../../src/core/held-paths.ts';
import type { Lifelines } from '../../src/core/lifelines.ts';
import type { EntryPlan, HostFacts } from '../../src/core/plan.ts';
import { joinsProcesses } from '../../src/core/processes.ts';
import { isOwnChild } from '../../src/core/ways.ts';
import { host, idOf, planOf, root } from './samples.ts';

const rootless: Partial<HostFacts> = { containerUsers: "caller's", elevators: [] };
const ofRoot = { numbers: [4711, 1], uid: 0, ptraceScope: 0 };
const asksForPassword: Partial<HostFacts> = {
  elevators: [{ name: 'sudo', program: '/usr/bin/sudo', refusal: 'a password is required' }],
};
export const nobody = { uid: 65534, gid: 65534, groups: [65534] };
const oddEnvironment = { ...host.environment, 'BASH_FUNC_f%%': '() { :; }' };
const mounted = '1 0 0:1 / /etc/letsencrypt rw - ext4 a rw\n2 1 0:2 / /etc/a\\040b rw - ext4 b rw\n';

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
  rootless: () => planOf({}, rootless),
  'rootless-capabilities': () => planOf({ capabilities: ['net_raw'] }, rootless),
  'rootless-pid': () => planOf({}, { ...rootless, processes: ofRoot }),
  sudo: () => planOf(),
  'sudo-capabilities': () => planOf({ capabilities: ['net_raw', 'net_admin'] }),
  'sudo-ignored-signals': () => planOf({}, { ignoredSignals: [1, 10] }),
  'sudo-asks': () => planOf({ elevate: 'sudo' }, { ...asksForPassword, terminal: true }),
  'sudo-pid': () => planOf({}, { processes: ofRoot }),
  'sudo-resolver-host': () => planOf({ resolver: 'host' }),
  'sudo-unknown-limits': () => planOf({}, { openFiles: undefined, limits: [] }),
  doas: () => planOf({}, { elevators: [{ name: 'doas', program: '/usr/bin/doas', refusal: undefined }] }),
  docker: () => planOf({}, asksForPassword),
};

const container = { process: '/proc/99/fd/23', network: '/proc/99/fd/24', users: '/proc/99/fd/25' };

/** @param readyByFile whether the stage tells a file that COMMAND starts, where a pipe would do, too */
export function lifelinesOf(plan: EntryPlan, readyByFile = false): Lifelines {
  const own = isOwnChild(plan.way);
  const path = (descriptor: number): string => heldBy(plan.way, 99, descriptor);
  return {
    container: own ? container : undefined,
    supervisor: 99,
    started: '4711',
    executable: '/usr/local/lib/docker/netexec/netexec',
    environment: plan.carriage.kind === 'file' ? path(20) : undefined,
    alive: own ? undefined : path(21),
    ready: own && !joinsProcesses(plan) && !readyByFile ? undefined : path(22),
  };
}
