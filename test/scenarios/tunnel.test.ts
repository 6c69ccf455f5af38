// --elevate tunnel, with an engine of this machine: COMMAND has a network of its own, whose connections are made in the service's.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { chmodSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { mirrored } from './mirrored.ts';
import { must, scenario } from './scenario.ts';
import { engineMember as member, helpersOf, tunnelled } from './tunnelled.ts';

const project = 'article';
const asked = ['--elevate', 'tunnel'];

scenario('by a tunnel COMMAND must reach all that the service does, and be its own', { project }, async (s) => {
  const serves = (script: string) => must(s.compose(['exec', '-T', '-d', 'web', 'sh', '-c', script]));
  for (const [name, options] of [
    ['root', {}],
    ['a user', await member(s)],
  ] as const)
    await s.subtest(name, async () => {
      await tunnelled(s, (words) => s.netexec([...asked, ...words], options), serves);
      await s.eventually(() => assert.deepEqual(s.processes(), []));
    });
});

scenario("by a tunnel COMMAND must have the service's secrets and configs", { project }, async (s) => {
  const cwd = join(s.folder, 'files');
  mkdirSync(cwd, { mode: 0o755 });
  writeFileSync(join(cwd, 'compose.yaml'), withFiles, { mode: 0o644 });
  writeFileSync(join(cwd, 'token'), 'seen\n', { mode: 0o644 });
  const own = { cwd, env: { COMPOSE_PROJECT_NAME: 'netexec-test-tunnel-files' } };
  await must(s.compose(['up', '-d'], own));
  const paths = ['/run/secrets/token', '/mnt/netexec-test/app.conf', '/netexec-test.conf'];
  const script = 'cat "$@"; for each; do (: >>"$each" && echo "$each") 2>/dev/null; done; true';
  for (const [name, { env, ...options }] of [
    ['root', {}],
    ['a user', await member(s)],
  ] as const)
    await s.subtest(name, async () => {
      const words = [...asked, '--service-files', 'web', '--', 'sh', '-c', script, 'sh', ...paths];
      const run = await must(s.netexec(words, { ...options, cwd, env: { ...env, ...own.env } }));
      assert.equal(run.stdout, 'seen\nseen\nseen', 'to be read only');
    });
  await must(s.compose(['down', '-t', '0'], own));
});

const withFiles = `services:
  web:
    image: netexec/busybox:1
    pull_policy: never
    command: sleep 600
    secrets: [token]
    configs:
      - { source: app, target: /mnt/netexec-test/app.conf }
      - netexec-test.conf
secrets:
  token: { file: ./token }
configs:
  app: { file: ./token }
  netexec-test.conf: { file: ./token }
`;

scenario("ports of COMMAND's must be there for other containers by a tunnel, too", { project }, async (s) => {
  for (const options of [{}, await member(s)]) await mirrored(s, asked, options, {});
});

scenario('datagrams must go by a tunnel, and come back', { project }, async (s) => {
  const server = await s.start(['docker', 'netexec', 'web', '--', '/usr/bin/python3', '-u', '-c', echoes]);
  await server.says('ready');
  const run = await must(s.netexec([...asked, 'redis', '--', '/usr/bin/python3', '-c', sends], await member(s)));
  assert.equal(run.stdout, 'b"asked" 30000 b"here asked"');
  server.kill('SIGTERM');
  await server.ended;
});

scenario('what COMMAND has said before it ended must come through a tunnel', { project }, async (s) => {
  const listens = "trap 'rm -f /tmp/said' EXIT; nc -l -p 7006 >/tmp/said; sha256sum </tmp/said";
  const server = await s.start(['docker', 'compose', 'exec', '-T', 'web', 'sh', '-c', listens]);
  const says = `
import os, socket, time
while True:
    try: s = socket.create_connection(('localhost', 7006)); break
    except ConnectionRefusedError: time.sleep(0.1)
s.sendall(b'netexec' * 700000)
os._exit(3)`;
  const run = await s.netexec([...asked, 'web', '--', '/usr/bin/python3', '-c', says]);
  assert.equal(run.status, 3);
  const sum = createHash('sha256')
    .update(Buffer.from('netexec'.repeat(700_000)))
    .digest('hex');
  assert.equal((await server.ended).stdout, `${sum}  -`);
});

const echoes = `
import socket
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.bind(('0.0.0.0', 7004))
print('ready')
while True:
    data, who = s.recvfrom(70000)
    s.sendto(data, who)`;

/** The last by a server of COMMAND's own. */
const sends = `
import socket
def pair(place):
    s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    s.settimeout(20)
    s.connect(place)
    return s
far = pair(('web', 7004))
far.send(b'asked')
first = far.recv(70000)
far.send(b'x' * 30000)
second = len(far.recv(70000))
server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
server.bind(('127.0.0.1', 7005))
near = pair(('127.0.0.1', 7005))
near.send(b'asked')
data, who = server.recvfrom(9)
server.sendto(b'here ' + data, who)
print(str(first).replace("'", '"'), second, str(near.recv(99)).replace("'", '"'))`;

scenario("root's COMMAND must be able to take its device down, and up again", { project }, async (s) => {
  const run = await must(s.netexec([...asked, 'web', '--', 'sh', '-c', downAndUp]));
  assert.equal(run.stdout, 'here 7 200');
});

/** What is sent, or is answered, while it is down is lost; a connection that the far end answers late among it. */
const downAndUp = `
get() { curl -sS --noproxy '*' -m 20 -o /dev/null -w '%{http_code}' "$@" 2>/dev/null; }
nobody=$(getent hosts redis | sed 's/[0-9]* .*/251/')
get "http://$nobody:80/" >/dev/null &
sleep 0.3
ip link set netexec down
wait
printf 'here '
get -m 1 http://web:8080/ >/dev/null || printf '7 '
ip link set netexec up
ip route add default dev netexec table 101
get http://web:8080/`;

scenario('what a tunnel has none of must be refused, with the reason', { project }, async (s) => {
  const rows: readonly (readonly [words: readonly string[], says: RegExp])[] = [
    [['--pid', 'web'], /^netexec: --pid does not work through a tunnel: .*not to its processes$/m],
    [
      ['--cap-add', 'NET_RAW', 'web'],
      /^netexec: --cap-add does not work through a tunnel: COMMAND has its own network/m,
    ],
    [['--intercept', '80:3000', 'web'], /^netexec: --intercept does not work through a tunnel: /m],
    [['--resolver', 'host', 'web'], /^netexec: --resolver host does not work through a tunnel: /m],
    [['--host-network', 'web'], /^netexec: --host-network does not work through a tunnel: /m],
  ];
  for (const [words, says] of rows) {
    const run = await s.netexec([...asked, ...words, '--', 'true']);
    assert.match(run.stderr, says);
    assert.match(run.stderr, /^hint: omit it: docker netexec .*web -- true;/m);
    assert.deepEqual([run.status, run.stdout], [125, '']);
  }
});

scenario(
  'where there is no device, or no user namespace, a tunnel must be refused, with what does without',
  { project },
  async (s) => {
    const temporary = join(s.folder, 'temporary');
    mkdirSync(temporary);
    chmodSync(temporary, 0o777);
    const user = await member(s);
    const options = { ...user, env: { ...user.env, TMPDIR: temporary } };
    const through = options.through as (argv: readonly string[]) => readonly string[];
    const within = (script: string) =>
      s.netexec([...asked, 'web', '--', 'true'], {
        ...options,
        through: (argv) =>
          through(argv).map((word) => word.replace('    exec setpriv', `    ${script}\n    exec setpriv`)),
      });
    const closed = await within('chmod 600 /dev/net/tun');
    assert.match(closed.stderr, /^ {2}tunnel: you may not open \/dev\/net\/tun: chmod 666 \/dev\/net\/tun, as root$/m);
    const absent = await within('umount /dev/net/tun; mount -t tmpfs none /dev/net');
    assert.match(absent.stderr, /^ {2}tunnel: \/dev\/net\/tun is missing: /m);
    // What has failed half-way is not to pass for a network.
    const failing = await within('mount --bind "$(readlink -f /bin/false)" "$(readlink -f "$(command -v ip)")"');
    assert.deepEqual([failing.status, failing.stdout], [125, '']);
    assert.match(failing.stderr, /^netexec: cannot create the network of a tunnel$/m);
    // Nor is the place where netexec waited for it to stay.
    assert.deepEqual(readdirSync(temporary), []);
    const confined = [
      'unshare',
      '--user',
      '--map-root-user',
      '--',
      'sh',
      '-c',
      'echo 0 >/proc/sys/user/max_user_namespaces; exec setpriv --bounding-set=-all -- "$@"',
      'sh',
    ];
    const forbidden = await s.netexec([...asked, 'web', '--', 'true'], {
      ...options,
      through: (argv) => through([...confined, ...argv]),
    });
    assert.match(
      forbidden.stderr,
      /^netexec: a tunnel to the engine's networks needs a user namespace and a TUN device/m,
    );
    for (const run of [closed, absent, forbidden]) {
      assert.deepEqual([run.status, run.stdout], [125, '']);
      assert.match(run.stderr, /^hint: .*--forward HOST:PORT/m);
    }
  },
);

scenario('what would be done by a tunnel must be told, and why', { project }, async (s) => {
  const { stdout } = await must(s.netexec([...asked, '--dry-run', 'web', '--', 'true']));
  assert.match(stdout, /^true would run in its own network, with connections into the network of web /);
  assert.match(stdout, /^way +root-tunnel +# --elevate tunnel; you are root$/m);
  const doctor = await s.netexec([...asked, '--doctor']);
  assert.match(doctor.stdout, /root-tunnel .*used: you are root$/m);
});

scenario(
  'when netexec is killed nothing must be left of a tunnel, and with --restart it must be a new one',
  { project },
  async (s) => {
    const started = await s.start([
      'docker',
      'netexec',
      ...asked,
      'web',
      '--',
      'sh',
      '-c',
      'echo here; exec sleep 600',
    ]);
    await started.says('here');
    const far = await helpersOf(s);
    assert.equal(far.length, 1);
    for (const line of s.processes())
      if (line.includes('docker-netexec:main')) process.kill(Number.parseInt(line, 10), 'SIGKILL');
    await s.eventually(() => assert.deepEqual(s.processes(), []));
    await s.eventually(async () => assert.deepEqual(await helpersOf(s), []));
    await started.ended;
    const again = await s.start([
      'docker',
      'netexec',
      ...asked,
      '--restart',
      'web',
      '--',
      'sh',
      '-c',
      'curl -sS --noproxy "*" -o /dev/null -w "%{http_code} " http://postgres:1/ http://localhost:8080/; exec sleep 600',
    ]);
    await again.says('200');
    await must(s.docker(['restart', '-t', '0', (await s.inspect('web')).Id]));
    await s.eventually(() => assert.equal(again.stdout().match(/200/g)?.length, 2));
    again.kill('SIGTERM');
    assert.equal((await again.ended).status, 143);
    await s.eventually(async () => assert.deepEqual(await helpersOf(s), []));
  },
);
