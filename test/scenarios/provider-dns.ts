// A wildcard DNS domain as sslip.io is one, served by PowerDNS: A-B-C-D.DOMAIN has the address A.B.C.D, A--B the address A::B.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ownMachine } from './machine.ts';
import type { Machine } from './machine.ts';
import type { Scenario } from './scenario.ts';

export const domain = 'alias.example';

// createForward and createForward6 are PowerDNS's own, made for such names; a name of one kind has no address of the other.
const isIPv4 = `tostring(qname):match('^%d+%-%d+%-%d+%-%d+%.')`;
const start = '$TTL 60\n@ IN SOA nameserver hostmaster 1 3600 600 86400 60\n@ IN NS nameserver\n';
const zones = {
  [domain]: `${start}* IN LUA A ";if ${isIPv4} then return createForward() end return {}"
* IN LUA AAAA ";if ${isIPv4} then return {} end return createForward6()"
`,
  // Of all other names the server says that they do not exist.
  '.': start,
};

/**
 * @param address the container's own, of either kind, at which its neighbours reach the server
 * @returns once it answers in the network of the service's container; it ends with the scenario
 */
export async function startProvider(s: Scenario, service: string, address: string): Promise<void> {
  const folder = join(s.folder, 'provider');
  mkdirSync(folder);
  writeFileSync(join(folder, 'pdns.conf'), '');
  const named = Object.entries(zones).map(([name, text], index) => {
    const file = join(folder, `zone-${index}`);
    writeFileSync(file, text);
    return `zone "${name}" { type master; file "${file}"; };\n`;
  });
  writeFileSync(join(folder, 'named.conf'), named.join(''));
  const { State: state } = await s.inspect(service);
  const options = Object.entries({
    'config-dir': folder,
    'socket-dir': folder,
    launch: 'bind',
    'bind-config': join(folder, 'named.conf'),
    'enable-lua-records': 'yes',
    'local-address': address,
    daemon: 'no',
    guardian: 'no',
    'disable-syslog': 'yes',
  }).map(([name, value]) => `--${name}=${value}`);
  const server = ['sh', '-c', 'exec pdns_server "$@" 2>&1', 'sh', ...options];
  const started = await s.start(['nsenter', `--net=/proc/${state.Pid}/ns/net`, '--', ...server], {
    timeout: 1_800_000,
  });
  await started.says('ready to distribute questions');
}

/** A machine whose DNS server is `nameserver`, and on which glibc asks nobody else. */
export async function machineAsking(s: Scenario, nameserver: string): Promise<Machine> {
  const machine = await ownMachine(s);
  writeFileSync(machine.path('/etc/resolv.conf'), `nameserver ${nameserver}\n`);
  writeFileSync(machine.path('/etc/nsswitch.conf'), 'passwd: files\ngroup: files\nhosts: files dns\n');
  // Whether the real one has nscd is its business.
  await s.run(machine.inside(['sh', '-c', 'umount -l /run/nscd; rmdir /run/nscd']));
  return machine;
}
