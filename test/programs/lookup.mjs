// Prints the IPv4 addresses Node's dns.lookup (the libc's getaddrinfo) finds for the name given.
import { lookup } from 'node:dns/promises';

try {
  const found = await lookup(process.argv[2], { all: true, family: 4 });
  const texts = new Set(found.map((each) => each.address));
  console.log(Array.from(texts, String).toSorted().join('\n'));
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
