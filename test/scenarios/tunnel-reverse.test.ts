// --reverse by a tunnel: a port of COMMAND's localhost leads to this machine, and so does that of the service's own programs.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { serveHere } from './forwarded.ts';
import { fetchFrom } from './from-another.ts';
import { must, scenario } from './scenario.ts';
import { engineMember } from './tunnelled.ts';

const project = 'article';
const asked = ['--elevate', 'tunnel'];
const get = 'curl -sS --noproxy "*" -m 60';

scenario("by a tunnel a port of COMMAND's localhost must lead to this machine", { project }, async (s) => {
  const port = await serveHere(s);
  // The second is one on which the service itself listens: its own programs do not get here by that one.
  const words = [...asked, '--reverse', `9003:${port}`, '--reverse', `8080:${port}`, 'web', '--', 'sh', '-c'];
  const script = `
    ${get} http://localhost:9003/
    ${get} http://localhost:8080/
    ${get} -o /dev/null -w '%{http_code}\\n' http://web:8080/
    head -c 5000000 /dev/zero | ${get} --data-binary @- http://127.0.0.1:9003/ | tail -c 5000000 | sha256sum`;
  const sum = createHash('sha256').update(Buffer.alloc(5_000_000)).digest('hex');
  for (const [name, options] of [
    ['root', {}],
    ['a user', await engineMember(s)],
  ] as const)
    await s.subtest(name, async () => {
      const run = await must(s.netexec([...words, script], options));
      const lines = ['of this machine', 'of this machine', '200', `${sum}  -`];
      assert.equal(run.stdout, lines.join('\n'));
      const told = [9003, 8080].map((inside) => `localhost:${inside} in web → localhost:${port} on this machine`);
      told.push(
        `netexec: programs in ${s.projectName}-web-1 cannot reach this machine at localhost:8080: another program there already listens on it`,
      );
      // The first may send the image.
      assert.deepEqual(
        run.stderr.split('\n').filter((line) => !line.startsWith('netexec: sending ')),
        told,
      );
      await s.eventually(() => assert.deepEqual(s.processes(), []));
    });
});

scenario('what this machine refuses must be refused to COMMAND, and said once', { project }, async (s) => {
  const words = [...asked, '--reverse', '9003:1', '--reverse', '9004:nobody.invalid:80', 'web', '--'];
  const run = await must(s.netexec([...words, '/usr/bin/python3', '-c', connects]));
  assert.equal(run.stdout, 'ECONNREFUSED ECONNREFUSED ECONNREFUSED');
  assert.deepEqual(
    run.stderr.split('\n').filter((line) => line.startsWith('netexec: ')),
    [
      'netexec: localhost:1 on this machine: connection refused: nothing is listening there',
      'netexec: nobody.invalid:80: no host here has the name nobody.invalid at the moment',
    ],
  );
});

const connects = `
import errno, socket
def connect(port):
    try: socket.create_connection(('127.0.0.1', port), 60)
    except OSError as e: return errno.errorcode.get(e.errno, str(e))
print(connect(9003), connect(9003), connect(9004))`;

scenario(
  "the service's own programs must reach what leads to this machine, and other containers not",
  { project },
  async (s) => {
    const port = await serveHere(s);
    // The far end listens on the one by the time that it would on the other.
    const serves = `${get} http://localhost:9003/; exec /usr/bin/python3 -m http.server 3000`;
    const leads = ['--reverse', `9003:${port}`, '--reverse', `8080:${port}`];
    const words = [...asked, ...leads, 'web', '--', 'sh', '-c', serves];
    const started = await s.start(['docker', 'netexec', ...words]);
    await started.says('of this machine');
    const fetch = (place: string) => fetchFrom(s, 'backend', `${place}/`);
    await s.eventually(async () => assert.equal((await fetch('web:3000')).status, 0));
    assert.notEqual((await fetch('web:9003')).status, 0);
    const fromService = () => s.compose(['exec', '-T', 'web', 'wget', '-qO-', 'http://127.0.0.1:9003/']);
    await s.eventually(async () => assert.equal((await fromService()).stdout, 'of this machine'));
    const note =
      /^netexec: programs in \S+ cannot reach this machine at localhost:8080: another program there already listens on it$/m;
    await s.eventually(() => assert.match(started.stderr(), note));
    started.kill('SIGTERM');
    assert.equal((await started.ended).status, 143);
    await s.eventually(async () => assert.notEqual((await fromService()).status, 0));
  },
);

scenario('by a tunnel, ports must lead both ways at once, and again with --restart', { project }, async (s) => {
  const port = await serveHere(s);
  const words = [...asked, '--restart', '--forward', '0:postgres:5432', '--proxy', '0', '--reverse', `9003:${port}`];
  const script = `${get} http://localhost:9003/; exec sleep 600`;
  const started = await s.start(['docker', 'netexec', ...words, 'web', '--', 'sh', '-c', script]);
  await started.says('of this machine');
  const [postgres = '', proxy = ''] = [...started.stderr().matchAll(/^127\.0\.0\.1:(\d+) → /gm)].map(
    ([, found]) => found,
  );
  const query = ['/usr/bin/psql', '-h', '127.0.0.1', '-p', postgres, '-U', 'app', '-tAc', 'select 1'];
  const page = ['curl', '-sSf', '-o', '/dev/null', '-x', `socks5h://127.0.0.1:${proxy}`, 'http://web:8080/'];
  assert.equal((await must(s.run(query))).stdout, '1');
  await must(s.run(page));
  await must(s.docker(['restart', '-t', '0', (await s.inspect('web')).Id]));
  await s.eventually(() => assert.equal(started.stdout().match(/of this machine/g)?.length, 2));
  await s.eventually(async () => assert.equal((await s.run(page)).status, 0));
  started.kill('SIGTERM');
  assert.equal((await started.ended).status, 143);
});

scenario("in this machine's own network a port that would lead to itself must be refused", { project }, async (s) => {
  const name = `${s.projectName}-of-host`;
  const image = ['--network', 'host', '--name', name, 'netexec/busybox:1', 'sleep', '600'];
  await must(s.docker(['run', '-d', '--stop-signal', 'KILL', ...image]));
  s.t.after(() => s.docker(['rm', '-f', name]));
  for (const words of [
    ['--reverse', '9003', '--container', name, '--', 'true'],
    ['--reverse', '9003', '--container', name],
    ['--forward', '9003:9003', '--container', name],
  ]) {
    const run = await s.netexec([...asked, ...words]);
    assert.equal(run.status, 125, words.join(' '));
    assert.match(
      run.stderr,
      /^netexec: \S+ uses this machine's own network: localhost:9003 is the same inside and outside\nhint: /m,
    );
  }
});

scenario('the port that netexec itself needs must be refused', { project }, async (s) => {
  const run = await s.netexec([...asked, '--reverse', '2:9003', 'web', '--', 'true']);
  assert.match(run.stderr, /^netexec: --reverse 2 does not work through a tunnel: netexec uses that port itself$/m);
  assert.equal(run.status, 125);
});

scenario('without namespaces a port inside must lead here, without a shell', { project }, async (s) => {
  const port = await serveHere(s);
  const options = { env: { NETEXEC_NO_NAMESPACES: '1' } };
  const started = await s.start(
    ['docker', 'netexec', '--format', 'json', '--reverse', `9003:${port}`, '--reverse', '9004:1', 'web'],
    options,
  );
  await s.eventually(() => assert.match(started.stdout(), /\}\n.*\}/));
  assert.deepEqual(
    started
      .stdout()
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as object),
    [
      [9003, port],
      [9004, 1],
    ].map(([inside, here]) => ({
      Kind: 'reverse',
      Service: 'web',
      Port: inside,
      Host: 'localhost',
      HostPort: here,
    })),
  );
  const fetch = (inside: number) =>
    s.compose(['exec', '-T', 'web', 'wget', '-qO-', `--post-data=${'x'.repeat(3000)}`, `http://127.0.0.1:${inside}/`]);
  assert.equal((await must(fetch(9003))).stdout, `of this machine\n${'x'.repeat(3000)}`);
  assert.notEqual((await fetch(9004)).status, 0);
  await s.eventually(() =>
    assert.match(
      started.stderr(),
      /^netexec: localhost:1 on this machine: connection refused: nothing is listening there$/m,
    ),
  );
  started.kill('SIGTERM');
  assert.equal((await started.ended).status, 143);
  await s.eventually(async () => assert.notEqual((await fetch(9003)).status, 0));
});
