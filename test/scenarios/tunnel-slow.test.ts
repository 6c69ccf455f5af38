// A tunnel whose carrier is slow and loses packets. This kernel may be without netem (CONFIG_NET_SCH_NETEM): a program in between
// gives all that is said a delay, and a rule of iptables' in a network of the test's own drops some of the packets to it.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { ownMachine } from './machine.ts';
import { must, scenario } from './scenario.ts';
import type { RunOptions } from './scenario.ts';
import { tunnelled } from './tunnelled.ts';

const project = 'article';
/** In milliseconds, each way. */
const delay = 20;
const lossy = '-m statistic --mode random --probability 0.02 -j DROP';

scenario('by a slow network that loses packets a tunnel must carry all that another does', { project }, async (s) => {
  const machine = await ownMachine(s, { network: true });
  const inside = (...words: readonly string[]) => must(s.run(machine.inside(words)));
  await inside('ip', 'link', 'set', 'lo', 'up');
  const [, socket = '/var/run/docker.sock'] = /^unix:\/\/(.*)/.exec(process.env['DOCKER_HOST'] ?? '') ?? [];
  const program = join(import.meta.dirname, '../engines/carrier.ts');
  const carrier = await s.start(machine.inside([process.execPath, program, socket, `${delay}`]), {
    timeout: 1_800_000,
  });
  await s.eventually(() => /^\d+\n/.test(carrier.stdout()));
  const port = carrier.stdout().trim();
  for (const end of ['--dport', '--sport'])
    await inside('sh', '-c', `iptables -A INPUT -p tcp ${end} ${port} ${lossy}`);
  const options: RunOptions = {
    env: { DOCKER_HOST: `tcp://127.0.0.1:${port}` },
    through: (argv) => machine.inside(argv),
  };
  const netexec = (words: readonly string[]) => s.netexec(['--elevate', 'tunnel', ...words], options);
  // A connection takes the time there and back, and no more is waited for than that.
  const first = await must(netexec(['web', '--', '/usr/bin/python3', '-c', takes]));
  assert.ok(Number(first.stdout) >= 2 * delay, first.stdout);
  await tunnelled(s, netexec, (script) => must(s.compose(['exec', '-T', '-d', 'web', 'sh', '-c', script])));
  const rules = await inside('iptables', '-nvxL', 'INPUT');
  const dropped = [...rules.stdout.matchAll(/^ *(\d+) +\d+ DROP /gm)].map(([, packets]) => Number(packets));
  assert.ok(dropped.length === 2 && dropped.every((packets) => packets > 0), rules.stdout);
  carrier.kill('SIGTERM');
  await carrier.ended;
});

const takes = `
import socket, time
begun = time.monotonic()
socket.create_connection(('redis', 6379)).close()
print((time.monotonic() - begun) * 1000)`;
