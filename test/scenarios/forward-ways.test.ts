// --forward, --proxy and --reverse by every kind of caller, and with a service that is started again.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { callerNamed, everyCaller, useCallers } from './callers.ts';
import { openTerminal } from './command-terminal.ts';
import { begin, closes, end } from './forwarded.ts';
import { bringUp } from './own-project.ts';
import { must, scenario } from './scenario.ts';

const project = 'ways';
const callers = useCallers(project);

everyCaller('a port must lead inside, whoever calls', { project }, async (s, caller) => {
  const options = callers.step(s, caller);
  await must(s.compose(['exec', '-T', '-d', 'web', 'httpd', '-p', '127.0.0.1:8123', '-h', '/etc'], options));
  const { started, ports } = await begin(s, ['--forward', '0:8123', '--proxy', '0', 'web'], options);
  const hostname = await must(s.compose(['exec', '-T', 'web', 'cat', '/etc/hostname'], options));
  for (const words of [
    [`http://127.0.0.1:${ports[0]}/hostname`],
    ['--noproxy', '', '--socks5-hostname', `127.0.0.1:${ports[1]}`, 'http://localhost:8123/hostname'],
  ]) {
    const answer = await s.run(['curl', '-sSf', ...words], options);
    assert.equal(answer.stdout, hostname.stdout, answer.stderr);
  }
  started.kill('SIGTERM');
  assert.equal((await started.ended).status, 143);
  await s.eventually(() => assert.deepEqual(callers.processes(caller), []));
});

everyCaller('a port inside must lead here, whoever calls', { project }, async (s, caller) => {
  const server = createServer((socket) => socket.end('of this machine\n')).listen(0, '127.0.0.1');
  await once(server, 'listening');
  s.t.after(() => server.close());
  const words = ['--reverse', `9003:${(server.address() as AddressInfo).port}`, 'web', '--'];
  const options = callers.step(s, caller);
  const run = await must(s.netexec([...words, 'curl', '-s', '--http0.9', 'localhost:9003'], options));
  assert.equal(run.stdout, 'of this machine', run.stderr);
  await s.eventually(() => assert.deepEqual(callers.processes(caller), []));
});

everyCaller('a TAB must offer the ports that are listened on, whoever calls', { project }, async (s, caller) => {
  const options = callers.step(s, caller);
  await must(s.compose(['exec', '-T', '-d', 'web', 'httpd', '-p', '127.0.0.1:8124', '-h', '/etc'], options));
  await s.eventually(async () => {
    const { stdout } = await must(s.docker(['__complete', 'netexec', '--forward', '8124'], options));
    assert.equal(stdout, '8124\tlocalhost of web\n:4');
  });
});

scenario('a port inside that is for root alone must be refused, with another', { project }, async (s) => {
  await bringUp(s, 'netexec-test-low', low);
  const options = callers.step(s, callerNamed('netexec-sudo'));
  const words = ['-p', 'netexec-test-low', '--reverse', '80:3128', 'web', '--', 'echo', 'COMMAND'];
  const run = await s.netexec(words, options);
  const said = 'netexec: cannot listen on localhost:80 in web: only root may use ports below 1024 there';
  assert.deepEqual(
    [run.status, run.stdout, run.stderr],
    [
      125,
      '',
      `${said}\nhint: use another port inside: docker netexec ${words.join(' ').replace('80:3128', '8080:3128')}`,
    ],
  );
});

const low = `services:
  web:
    image: netexec/servers:1
    pull_policy: never
    command: [sleep, infinity]
    stop_grace_period: 0s
    sysctls:
      net.ipv4.ip_unprivileged_port_start: 1024
`;

const own = `services:
  web:
    image: netexec/servers:1
    pull_policy: never
    command: [serve-http, '8080']
    stop_grace_period: 0s
`;

everyCaller("what is typed must be COMMAND's, beside a port", { project }, async (s, caller) => {
  const terminal = await openTerminal(s, callers.step(s, caller));
  const command = 'echo up; while read -r line && [ $line != bye ]; do echo got $line; done; exit 7';
  await terminal.type(`docker netexec --forward 0:8123 web -- sh -c '${command}'`);
  await terminal.shows(/^up$/m, 60);
  for (const line of ['one', 'two', 'three', 'four', 'five', 'six']) {
    await terminal.type(line);
    await terminal.shows(new RegExp(`^got ${line}$`, 'm'));
  }
  await terminal.type('bye');
  await terminal.atPrompt();
  assert.equal(await terminal.status(), 7);
});

everyCaller(
  'a port must be served in the background of a terminal, and Ctrl-Z stop it',
  { project },
  async (s, caller) => {
    const options = callers.step(s, caller);
    await must(s.compose(['exec', '-T', '-d', 'web', 'httpd', '-p', '127.0.0.1:8125', '-h', '/etc'], options));
    const terminal = await openTerminal(s, options);
    await terminal.type('docker netexec --forward 0:8125 web &');
    const [, port = ''] = await terminal.shows(/127\.0\.0\.1:(\d+) → localhost:8125 in web$/m);
    await must(s.run(['curl', '-sSf', '--max-time', '30', `http://127.0.0.1:${port}/hostname`], options));
    await terminal.clear();
    await terminal.type('before=$(stty -a); jobs; kill %1; wait %1');
    await terminal.shows(/^\[1\]\+ +Running /m);
    assert.equal(await terminal.status(), 143);
    await closes(s, Number(port));
    await terminal.type('diff <(echo "$before") <(stty -a) && echo "un"changed');
    await terminal.shows(/^unchanged$/m);

    await terminal.clear();
    await terminal.type('docker netexec --proxy 0 web');
    const [, proxy] = await terminal.shows(/127\.0\.0\.1:(\d+) → proxy into web's network$/m);
    const get = (seconds: number) =>
      s.run(
        ['curl', '-s', '-m', `${seconds}`, '-x', `http://127.0.0.1:${proxy}`, 'http://localhost:8125/hostname'],
        options,
      );
    assert.equal((await get(60)).status, 0);
    await terminal.press('C-z');
    await terminal.shows(/^\[1\]\+ +Stopped /m);
    // As with ssh -L, who connects waits until it goes on.
    const [early, late] = [await get(2), get(60)];
    assert.equal(early.status, 28, early.stdout);
    await terminal.type('fg');
    assert.equal((await late).status, 0);
    await terminal.press('C-z');
    await terminal.shows(/^\[1\]\+ +Stopped [^]*\[1\]\+ +Stopped /m);
    // The shell has it go on, too.
    await terminal.type('kill %1');
    await closes(s, Number(proxy));
  },
);

scenario('a port that is for root alone must be replaced, and that be said', { project }, async (s) => {
  const options = callers.step(s, callerNamed('netexec-sudo'));
  const { started, ports } = await begin(s, ['--forward', '127.0.0.3:81:80', 'web'], options);
  const [port = 0] = ports;
  assert.ok(port > 1023, started.stderr());
  const said = `netexec: warning: only root may use port 81: using 127.0.0.3:${port} instead\n`;
  assert.equal(started.stderr(), `${said}127.0.0.3:${port} → localhost:80 in web\n`);
  const root = await begin(s, ['--forward', '127.0.0.3:81:80', 'web'], callers.step(s, callerNamed('root')));
  assert.deepEqual(root.ports, [81]);
});

scenario("a port that another user's program has must be told with whose it is", { project }, async (s) => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  s.t.after(() => server.close());
  const { port } = server.address() as AddressInfo;
  const run = await s.netexec(['--forward', `${port}:80`, 'web'], callers.step(s, callerNamed('netexec-sudo')));
  assert.equal(run.status, 125);
  assert.match(run.stderr, new RegExp(`^netexec: 127.0.0.1:${port} is already in use by a program that root runs\n`));
});

scenario('with --restart a port must lead to the service again, else end with it', { project }, async (s) => {
  const options = await bringUp(s, 'netexec-test-forward', own);
  const name = 'netexec-test-forward-web-1';
  const get = (port: number | undefined) => s.run(['curl', '-sSf', '--max-time', '60', `http://127.0.0.1:${port}/`]);

  const waiting = await begin(s, ['--restart', '--forward', '0:8080', '--proxy', '0', 'web'], options);
  const other = await begin(
    s,
    ['--restart', '--forward', '0:8080', 'web', '--', 'sh', '-c', 'echo up; exec sleep 600'],
    options,
  );
  const ending = await begin(s, ['--forward', '0:8080', 'web'], options);
  await other.started.says('up');
  await must(get(waiting.ports[0]));
  await must(s.compose(['restart', 'web'], options));
  await s.subtest('ended', async () => {
    const run = await ending.started.ended;
    assert.equal(run.status, 125);
    const said = `netexec: ${name} exited with status 0: closing its ports (with --restart they would stay open)`;
    assert.ok(run.stderr.endsWith(`\n${said}`), run.stderr);
    await closes(s, ending.ports[0]);
  });
  await s.subtest('waited for', async () => {
    await s.eventually(() => waiting.started.stderr().includes(`${name} is running again: forwarding its ports\n`));
    await s.eventually(async () => (await get(waiting.ports[0])).status === 0);
    const proxy = `http://127.0.0.1:${waiting.ports[1]}`;
    await must(s.run(['curl', '-sSf', '--max-time', '60', '-x', proxy, 'http://web:8080/']));
    const [, , ...said] = waiting.started.stderr().trimEnd().split('\n');
    assert.deepEqual(said.slice(0, 2), [
      `netexec: ${name} exited with status 0: its ports stay open and wait for it`,
      'netexec: waiting for web',
    ]);
  });
  await s.subtest('beside COMMAND', async () => {
    await s.eventually(() => other.started.stdout() === 'up\nup\n');
    await s.eventually(async () => (await get(other.ports[0])).status === 0);
    other.started.kill('SIGTERM');
    assert.equal((await other.started.ended).status, 143);
  });
  await end(s, waiting);
});

everyCaller('Ctrl-Z must stop a port with its COMMAND, and fg let both go on', { project }, async (s, caller) => {
  const options = callers.step(s, caller);
  await must(s.compose(['exec', '-T', '-d', 'web', 'httpd', '-p', '127.0.0.1:8126', '-h', '/etc'], options));
  const terminal = await openTerminal(s, options);
  await terminal.type(`docker netexec --forward 0:8126 web -- sh -c 'echo "be"gun; exec sleep 1000'`);
  const [, port] = await terminal.shows(/127\.0\.0\.1:(\d+) → localhost:8126 in web\nbegun$/m);
  const get = (seconds: number) =>
    s.run(['curl', '-s', '-m', `${seconds}`, `http://127.0.0.1:${port}/hostname`], options);
  assert.equal((await get(60)).status, 0);
  await terminal.press('C-z');
  // By the engine it is COMMAND's alone, and stops nothing.
  if (caller.way !== 'docker') {
    await terminal.shows(/^\[1\]\+ +Stopped /m);
    assert.equal((await get(2)).status, 28);
    await terminal.type('fg');
  }
  assert.equal((await get(60)).status, 0);
  await terminal.press('C-c');
  await terminal.atPrompt();
  assert.equal(await terminal.status(), 130);
  await closes(s, Number(port));
  await s.eventually(() => assert.deepEqual(callers.processes(caller), []));

  // A sudo that has stopped with it ends, too.
  await terminal.type(`docker netexec --forward 0:8126 web -- sh -c 'echo "be"gun; exec sleep 1000'`);
  await terminal.shows(/in web\nbegun\n[^]*in web\nbegun$/);
  await terminal.press('C-z');
  if (caller.way !== 'docker') await terminal.shows(/Stopped [^]*Stopped /);
  const main = callers.processes(caller).find((line) => line.includes('docker-netexec:main')) ?? '';
  process.kill(Number.parseInt(main, 10), 'SIGKILL');
  // docker is in the shell's hands.
  if (caller.way !== 'docker') await terminal.type('fg');
  await s.eventually(() => assert.deepEqual(callers.processes(caller), []));
});
