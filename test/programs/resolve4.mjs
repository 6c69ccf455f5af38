// Prints the IPv4 addresses Node's dns.resolve4 (c-ares, by the /etc/resolv.conf at start) finds for the name given.
import { resolve4 } from 'node:dns/promises';

try {
  const found = await resolve4(process.argv[2]);
  console.log(Array.from(new Set(found), String).toSorted().join('\n'));
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
