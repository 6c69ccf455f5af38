// Capturing a service's traffic with the machine's own tools, as an ordinary user, byte for byte.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { useSudoUser } from './sudo-user.ts';
import { must, scenario } from './scenario.ts';

const project = 'documents';
const user = useSudoUser(project);
const capabilities = ['--cap-add', 'NET_RAW', '--cap-add', 'NET_ADMIN'];

scenario('tcpdump must capture as an ordinary user, and tshark read what it wrote', { project }, async (s) => {
  for (const [name, options] of [
    ['sudo', []],
    ['the engine', ['--elevate', 'docker']],
  ] as const) {
    await s.subtest(name, async () => {
      const file = join(user.home(), `capture-${options.length}.pcap`);
      const netexec = ['docker', 'netexec', '-p', s.projectName, ...options, ...capabilities, 'api', '--'];
      const tcpdump = ['tcpdump', '-ni', 'any', '--immediate-mode', '-U', '-w', '-', 'tcp port 8080'];
      const line = ['sh', '-c', 'exec "$@" >"$0"', file, ...netexec, ...tcpdump];
      const capture = await s.start(line, user.step(s));
      await s.eventually(() => assert.match(capture.stderr(), /listening on any/));
      await must(s.compose(['exec', '-T', 'web', 'wget', '-qO-', 'http://api:8080/']));
      const read = [
        'tshark',
        '-nr',
        file,
        '-Y',
        'http.request',
        '-T',
        'fields',
        '-e',
        'http.host',
        '-e',
        'http.request.uri',
      ];
      await s.eventually(async () => assert.equal((await s.run(read)).stdout, 'api:8080\t/'));
      capture.kill('SIGTERM');
      await capture.ended;
    });
  }
});

scenario('without the capability tcpdump must be refused', { project }, async (s) => {
  const run = await s.netexec(['api', '--', 'tcpdump', '-ni', 'any', '-c', '1'], user.step(s));
  assert.notEqual(run.status, 0);
  assert.match(run.stderr, /permission|not permitted/i);
});
