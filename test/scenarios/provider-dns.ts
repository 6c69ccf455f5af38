// A wildcard DNS domain as sslip.io is one, served by PowerDNS: A-B-C-D.DOMAIN has the address A.B.C.D, A--B the address A::B.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Scenario } from './scenario.ts';

export const domain = 'alias.example';

// createForward and createForward6 are PowerDNS's own, made for such names; a name of one kind has no address of the other.
const isIPv4 = `tostring(qname):match('^%d+%-%d+%-%d+%-%d+%.')`;
// The zone is the root: of all other names the server says that they do not exist.
const zone = `$ORIGIN .
$TTL 60
@ IN SOA nameserver hostmaster 1 3600 600 86400 60
@ IN NS nameserver
*.${domain} IN LUA A ";if ${isIPv4} then return createForward() end return {}"
*.${domain} IN LUA AAAA ";if ${isIPv4} then return {} end return createForward6()"
`;

/** @returns the server's address, once it answers in the network of the service's container; it ends with the scenario */
export async function startProvider(s: Scenario, service: string, network: string): Promise<string> {
  const folder = join(s.folder, 'provider');
  mkdirSync(folder);
  writeFileSync(join(folder, 'pdns.conf'), '');
  writeFileSync(join(folder, 'zone'), zone);
  writeFileSync(join(folder, 'named.conf'), `zone "." { type master; file "${join(folder, 'zone')}"; };`);
  const address = await s.address(service, network);
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
  const started = await s.start(['nsenter', `--net=/proc/${state.Pid}/ns/net`, '--', ...server], { timeout: 300_000 });
  await started.says('ready to distribute questions');
  return address;
}
