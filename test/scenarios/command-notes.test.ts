// What is said before a fall: a client that takes this machine's socket, a capture without its capability, a program of the container's.
import assert from 'node:assert/strict';
import { chmodSync, copyFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { everyCaller, isRoot, useCallers } from './callers.ts';
import { must, scenario } from './scenario.ts';

const project = 'documents';
const callers = useCallers(project);

scenario("psql without a host must take this machine's socket, and be warned", { project }, async (s) => {
  const run = await s.netexec(['postgres', '--', 'psql', '-U', 'app', '-tAc', 'select 1']);
  const [warning = '', said = ''] = run.stderr.split('\n');
  assert.equal(
    warning,
    "netexec: warning: psql connects to this machine's own socket when no host is given; use -h localhost to reach postgres, or -h NAME to reach another service",
  );
  assert.match(said, /connection to server on socket "\//);
  // What the warning says helps.
  const told = await s.netexec(['postgres', '--', 'psql', '-h', 'localhost', '-U', 'app', '-tAc', 'select 1']);
  assert.deepEqual([told.status, told.stdout, told.stderr], [0, '1', '']);
});

scenario('a program of a known name that is a script must not be judged', { project }, async (s) => {
  const script = join(s.folder, 'psql');
  writeFileSync(script, '#!/bin/sh\necho mine\n');
  chmodSync(script, 0o755);
  const run = await must(s.netexec(['postgres', '--', script]));
  assert.deepEqual([run.stdout, run.stderr], ['mine', '']);
});

everyCaller('tcpdump without its capability must be warned, and with it not', { project }, async (s, caller) => {
  // With a rootless engine it is root in there, and becomes another user by its own choice.
  const capabilities = caller.way === 'rootless' ? ['NET_RAW', 'SETUID', 'SETGID'] : ['NET_RAW'];
  const options = isRoot(caller) ? [] : capabilities.flatMap((name) => ['--cap-add', name]);
  const capture = ['web', '--', '/usr/bin/tcpdump', '-i', 'any', '-c', '1', 'host', '192.0.2.1'];
  const step = callers.step(s, caller);
  if (!isRoot(caller)) {
    const without = await s.netexec(capture, step);
    const [warning] = without.stderr.split('\n');
    const lacking = capabilities.length === 1 ? 'a capability' : 'capabilities';
    assert.equal(warning, `netexec: warning: tcpdump cannot capture without ${lacking}: ${options.join(' ')}`);
    assert.match(without.stderr, /permission|not permitted/i);
  }
  const started = await s.start(['docker', 'netexec', ...options, ...capture], { ...step, input: '' });
  await s.eventually(() => assert.match(started.stderr(), /listening on any/));
  assert.doesNotMatch(started.stderr(), /warning/);
  started.kill('SIGTERM');
  await started.ended;
});

everyCaller(
  'ping must be warned where a rootless engine forbids it, and nowhere else',
  { project },
  async (s, caller) => {
    const ping = join(callers.home(caller), 'ping');
    copyFileSync('/usr/bin/true', ping);
    const step = callers.step(s, caller);
    for (const words of [[], ['--cap-add', 'NET_RAW']]) {
      const run = await must(s.netexec([...words, 'web', '--', ping, '-c1', 'api'], step));
      const isWarned = caller.way === 'rootless' && words.length === 0;
      const warning = 'netexec: warning: ping cannot send packets without a capability: --cap-add NET_RAW';
      assert.equal(run.stderr, isWarned ? warning : '');
    }
  },
);

scenario("in this machine's network a client's own socket is meant", { project }, async (s) => {
  const run = await s.netexec(['--host-network', 'postgres', '--', 'psql', '-U', 'app', '-tAc', 'select 1']);
  assert.doesNotMatch(run.stderr, /warning/);
  assert.match(run.stderr, /^psql: /);
});

everyCaller("a program that only the container has must lead to docker's own exec", { project }, async (s, caller) => {
  const run = await s.netexec(['api', '--', 'serve-http', '80', 'a b'], callers.step(s, caller));
  assert.deepEqual([run.status, run.stdout], [127, '']);
  const [what, hint] = run.stderr.split('\n');
  assert.equal(what, "netexec: serve-http: command not found on this machine's PATH");
  assert.equal(hint, `hint: api has it: docker compose -p ${s.projectName} exec api serve-http 80 'a b'`);
});

scenario('a program that neither has must lead nowhere else', { project }, async (s) => {
  const run = await s.netexec(['api', '--', 'no-such-program']);
  assert.equal(run.status, 127);
  assert.match(run.stderr, /\nhint: COMMAND must be a program on this machine, not in the container; PATH is /);
});

scenario('the line for another replica, or a container without a project, must name it', { project }, async (s) => {
  const name = `${s.projectName}-web-2`;
  await must(s.docker(['cp', '/bin/true', `${name}:/usr/bin/only-there`]));
  const replica = await s.netexec(['--index', '2', 'web', 'only-there']);
  assert.match(
    replica.stderr,
    new RegExp(`hint: web has it: docker compose -p ${s.projectName} exec --index 2 web only-there$`),
  );
  const first = await s.netexec(['web', 'only-there']);
  assert.doesNotMatch(first.stderr, /has it/);
  await must(s.docker(['exec', name, 'rm', '/usr/bin/only-there']));
});
