// The host matrix: what each kind of host is like, made within a machine of a scenario's own from Debian's packages.
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Machine } from './machine.ts';
import { required } from '../../src/core/tools/tools.ts';
import { must } from './scenario.ts';
import type { Scenario, Started } from './scenario.ts';
import { describeStep } from './steps.ts';

/** What every host's files and daemons say of the container's names: an address that is not theirs. */
export const wrongAddress = '192.0.2.66';

export interface Host {
  readonly name: string;
  /** Packages whose files are laid over its /usr. */
  readonly packages?: readonly string[];
  /** The Debian that they are from; by default this machine's. */
  readonly suite?: string;
  /** A shell script that makes it so, run within. */
  readonly prepare?: string;
  /** Started in this order, each with a file that is there once it serves. */
  readonly daemons?: readonly Daemon[];
  /** A shell script that fails where the host is not what it is to be. */
  readonly proof: string;
  /** What netexec says on stderr at every start. */
  readonly warning?: string;
  /** What it says where it cannot work there. */
  readonly refusal?: string;
}

// With loopback addresses alone glibc finds no name at all (AI_ADDRCONFIG).
const network = `
  ip link set lo up
  ip link add host0 type veth peer name host1
  ip address add 192.0.2.1/24 dev host0
  ip link set host1 up
  ip link set host0 up
`;

interface Daemon {
  readonly command: readonly string[];
  readonly serves: string;
}

// glibc's getaddrinfo, as most of the host's programs use it.
const isWrong = (ask: string): string => `${ask} | grep '^${wrongAddress} '`;
const asked = isWrong('getent ahostsv4 postgres');

const resolved: Daemon = {
  command: ['/usr/lib/systemd/systemd-resolved'],
  serves: '/run/systemd/resolve/io.systemd.Resolve',
};
// Its user comes with the package's installation. The real machine's /run/systemd, if it has one, is not to be written to.
const withResolved = `
  mkdir -p /run/systemd
  mount -t tmpfs -o mode=0755 machine /run/systemd
  echo systemd-resolve:x:997:997::/:/usr/sbin/nologin >>/etc/passwd
  echo systemd-resolve:x:997: >>/etc/group
  ln -sf ../run/systemd/resolve/stub-resolv.conf /etc/resolv.conf
  echo 'hosts: resolve [!UNAVAIL=return] files dns' >/etc/nsswitch.conf
`;
// It answers from the host's hosts file, to nss-resolve and to whoever asks its stub.
const asksResolved = `
  ${isWrong('getent -s hosts:resolve ahostsv4 postgres')}
  grep -x 'nameserver 127.0.0.53' /etc/resolv.conf
  dig +short +timeout=2 @127.0.0.53 A postgres | grep -x ${wrongAddress}
`;

const nscd: Daemon = { command: ['/usr/sbin/nscd', '--foreground'], serves: '/run/nscd/socket' };
const withNscd = `
  mkdir /run/nscd
  printf '%s\\n' 'enable-cache passwd no' 'enable-cache group no' 'enable-cache services no' 'enable-cache netgroup no' \\
    'enable-cache hosts yes' 'positive-time-to-live hosts 3600' 'check-files hosts no' 'persistent hosts no' \\
    'shared hosts no' >/etc/nscd.conf
`;
// It answers from its memory: no file and no daemon has the name any more.
const asksNscd = `
  ${asked}
  ${isWrong('getent ahostsv4 redis')}
  sed -i /${wrongAddress}/d /etc/hosts
  ${asked}
`;

// Those that runs start, as Alpine has them; not the shell, which other tests take from busybox.
const busyboxTools = [...new Set([...Object.values(required).flat(), 'stty', 'readlink', 'timeout'])].filter(
  (tool) => !['sh', 'setpriv', 'prlimit'].includes(tool),
);
const asBusybox = (tools: readonly string[], missing: readonly string[]): string => `
  mkdir -p /run/layer/bin /run/layer/sbin
  for tool in ${tools.join(' ')}; do ln -s /usr/bin/busybox "/run/layer/bin/$tool"; done
  for tool in ${missing.join(' ')}; do mknod "/run/layer/bin/$tool" c 0 0; done
  mount -t overlay machine -o lowerdir=/run/layer:/usr /usr
`;

export const hosts: readonly Host[] = [
  { name: 'plain resolv.conf', proof: asked },
  {
    name: 'systemd-resolved, nss-resolve',
    packages: ['systemd-resolved', 'libnss-resolve'],
    prepare: withResolved,
    daemons: [resolved],
    proof: asksResolved,
  },
  { name: 'nscd', packages: ['nscd'], prepare: withNscd, daemons: [nscd], proof: asksNscd },
  {
    name: 'systemd-resolved and nscd',
    packages: ['systemd-resolved', 'libnss-resolve', 'nscd'],
    prepare: withResolved + withNscd,
    daemons: [resolved, nscd],
    proof: asksResolved + asksNscd,
  },
  {
    name: 'nss-mdns, avahi',
    packages: ['avahi-daemon', 'libnss-mdns'],
    prepare: `
      mkdir -p /etc/avahi /run/avahi-daemon
      echo avahi:x:998:998::/:/usr/sbin/nologin >>/etc/passwd
      echo avahi:x:998: >>/etc/group
      printf '%s\\n' '[server]' host-name=netexec-host enable-dbus=no '[wide-area]' enable-wide-area=no >/etc/avahi/avahi-daemon.conf
      echo '*' >/etc/mdns.allow
      echo 'hosts: mdns4 [NOTFOUND=return] files dns' >/etc/nsswitch.conf
    `,
    daemons: [
      {
        command: ['avahi-daemon', '--no-chroot', '--no-drop-root', '--no-rlimits'],
        serves: '/run/avahi-daemon/socket',
      },
    ],
    // Multicast DNS is asked first and has the last word: the hosts file is not asked any more.
    proof: `
      for try in $(seq 60); do
        getent ahostsv4 netexec-host.local | grep '^192.0.2.1 ' && break
        sleep 1
      done
      getent ahostsv4 netexec-host.local | grep '^192.0.2.1 '
      ! getent ahostsv4 postgres
    `,
  },
  {
    name: 'resolv.conf a link to nothing',
    prepare: 'rm /etc/resolv.conf; ln -s ../run/nothing/resolv.conf /etc/resolv.conf',
    proof: `${asked}; ! cat /etc/resolv.conf`,
  },
  { name: 'no nsswitch.conf', prepare: 'rm /etc/nsswitch.conf', proof: `${asked}; ! cat /etc/nsswitch.conf` },
  {
    name: 'read-only /etc',
    prepare: 'mount -o remount,ro,bind /etc',
    proof: `${asked}; ! touch /etc/resolv.conf`,
  },
  {
    name: '/etc takes no overlay',
    // An overlay of an overlay: the kernel stacks no third one (FILESYSTEM_MAX_STACK_DEPTH).
    prepare: `
      mkdir /run/empty
      for depth in 1 2; do mount -t overlay machine -o lowerdir=/run/empty:/etc /etc; done
    `,
    proof: `${asked}; ! mount -t overlay machine -o lowerdir=/run/empty:/etc /etc`,
    warning: 'netexec: warning: no overlay on /etc here: names are lost if the host replaces its resolv.conf or hosts',
  },
  {
    name: "busybox's tools, but setpriv and prlimit of util-linux",
    prepare: asBusybox(busyboxTools, []),
    proof: `${asked}; [ "$(readlink -f "$(command -v nsenter)")" = /usr/bin/busybox ]; ! unshare --map-user=1 true`,
  },
  {
    name: "busybox's tools and shell, but setpriv and prlimit of util-linux",
    prepare: asBusybox(['sh', ...busyboxTools], []),
    proof: `${asked}; [ "$(readlink -f /usr/bin/sh)" = /usr/bin/busybox ]`,
  },
  {
    name: "busybox's tools, but prlimit of util-linux",
    prepare: asBusybox([...busyboxTools, 'setpriv'], []),
    proof: `${asked}; ! setpriv --pdeathsig KILL true`,
    refusal: 'netexec: /usr/bin/setpriv is BusyBox\'s "setpriv", which lacks options that netexec needs',
  },
  {
    name: "busybox's tools alone",
    prepare: asBusybox([...busyboxTools, 'setpriv'], ['prlimit']),
    proof: `${asked}; ! command -v prlimit`,
    refusal: 'netexec: /usr/bin/setpriv is BusyBox\'s "setpriv", which lacks options that netexec needs',
  },
  {
    name: 'glibc of Debian testing',
    packages: ['libc6', 'libc-bin'],
    suite: 'testing',
    proof: `${asked}; getent --version | grep -v ' 2.36'`,
  },
];

/** The folder of these packages' /usr; another test may be making it, or others. This machine's have all that they need. */
export async function unpacked(s: Scenario, packages: readonly string[], suite = ''): Promise<string> {
  const folder = join(tmpdir(), 'docker-netexec-test-hosts', [suite || 'own', ...packages].join('-'));
  const whole = suite === '' ? ['--whole'] : [];
  const unpack = [join(import.meta.dirname, 'unpacked'), ...whole, folder, suite, ...packages];
  return (await must(s.run(unpack, { timeout: 600_000 }))).stdout;
}

/** Makes the machine that host, with its daemons, which go with the scenario. */
export async function makeHost(s: Scenario, machine: Machine, host: Host): Promise<readonly Started[]> {
  const { packages = [], suite = '', prepare = '' } = host;
  const inMachine = (script: string, ...words: string[]) =>
    must(s.run(machine.inside(['sh', '-ec', script, ...words])));
  await inMachine(network);
  await inMachine(`printf '%s\\n' '${wrongAddress} postgres' '${wrongAddress} redis' >>/etc/hosts`);
  if (packages.length > 0) {
    await inMachine('mount -t overlay machine -o "lowerdir=$0:/usr" /usr', await unpacked(s, packages, suite));
  }
  await inMachine(prepare);
  const daemons = await startDaemons(s, machine, host);
  await inMachine(host.proof);
  return daemons;
}

export async function startDaemons(s: Scenario, machine: Machine, { daemons = [] }: Host): Promise<readonly Started[]> {
  const started: Started[] = [];
  for (const { command, serves } of daemons) {
    const daemon = await s.start(machine.inside(command), { timeout: 1_800_000 });
    started.push(daemon);
    const serving = s.eventually(async () => (await s.run(machine.inside(['test', '-e', serves]))).status === 0);
    serving.catch(() => {});
    const over = await Promise.race([serving, daemon.ended]);
    if (typeof over !== 'boolean') throw new Error(`it does not serve: ${describeStep(over)}`);
  }
  return started;
}
