// What goes through a port of --forward, --proxy or --reverse: it comes through as it is, however it ends, and takes no more
// memory than it must.
import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { join } from 'node:path';
import { begin, end, heard, open, openByConnect, openBySocks, outcome } from './forwarded.ts';
import { must, scenario } from './scenario.ts';
import type { Scenario } from './scenario.ts';

const project = 'article';

/** The servers of streams.mjs, and a port each that leads there; a sixth leads to nobody. */
const streams = [7301, 7302, 7303, 7304, 7305, 7306].flatMap((port) => ['--forward', `0:${port}`]);
const serve = [process.execPath, join(import.meta.dirname, '../programs/streams.mjs'), '7301'];

/** How a connection is made to the first server, or another. */
type Opens = (server: number) => Promise<Socket>;

scenario('streams must come through as they are, however they end', { project }, async (s) => {
  const forwarded = await begin(s, [...streams, '--proxy', '0', 'web', '--', ...serve]);
  await forwarded.started.says('serving');
  const proxy = forwarded.ports.at(-1) ?? 0;
  const ways: Readonly<Record<string, Opens>> = {
    '--forward': (server) => open(forwarded.ports[server] ?? 0),
    '--proxy, by SOCKS5': async (server) => {
      const socket = await openBySocks(proxy, 'localhost', 7301 + server);
      return typeof socket === 'number' ? assert.fail(`refused by ${socket}`) : socket;
    },
    '--proxy, by CONNECT': (server) => openByConnect(proxy, 'localhost', 7301 + server),
  };
  for (const [by, opens] of Object.entries(ways)) await tryStreams(s, by, opens);
  await s.subtest('nobody there, said once', async () => {
    const nobody = forwarded.ports[5] ?? 0;
    for (let tried = 0; tried < 3; tried += 1) assert.equal(await outcome(nobody), 'ECONNRESET');
    const said = 'netexec: localhost:7306 in web: connection refused: nothing is listening there\n';
    await s.eventually(() => forwarded.started.stderr().includes(said));
    assert.equal(forwarded.started.stderr().split(said).length, 2, forwarded.started.stderr());
  });
  const run = await end(s, forwarded);
  assert.equal(run.status, 143);
});

async function tryStreams(s: Scenario, by: string, opens: Opens): Promise<void> {
  const [digest, source, resets, deaf, echo] = [0, 1, 2, 3, 4];
  await s.subtest(`${by}: an answer behind the end of the question`, async () => {
    const socket = await opens(digest);
    const sent = randomBytes(20_000_000);
    socket.end(sent);
    assert.equal((await heard(socket)).toString(), createHash('sha256').update(sent).digest('hex'));
  });
  await s.subtest(`${by}: more than anybody holds, to a slow reader`, async () => {
    const relay = s.processes().find((line) => line.includes('docker-netexec:relay')) ?? '';
    const process = `/proc/${Number.parseInt(relay, 10)}`;
    // The peak from here on (proc(5)): that of a way that was tried before is no measure.
    writeFileSync(`${process}/clear_refs`, '5');
    const memory = (): number => Number(/^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`${process}/status`, 'utf8'))?.[1]);
    const before = memory();
    const slow = await Promise.all(Array.from({ length: 10 }, () => opens(source)));
    const first = await opens(source);
    assert.equal((await heard(first)).length, 800 * 65_536);
    // Ten times 50 MB wait to be read.
    assert.ok(memory() - before < 60_000, `${memory() - before} kB more`);
    const [one, ...others] = slow;
    for (const socket of others) socket.destroy();
    assert.equal((await heard(one as Socket)).length, 800 * 65_536);
  });
  await s.subtest(`${by}: a reset behind a word`, async () => {
    const socket = await opens(resets);
    socket.write('x');
    const [word] = (await once(socket, 'data')) as [Buffer];
    assert.equal(word.toString(), 'word');
    const [error] = (await once(socket, 'error')) as [NodeJS.ErrnoException];
    assert.equal(error.code, 'ECONNRESET');
  });
  await s.subtest(`${by}: a server that does not listen`, async () => {
    const socket = await opens(deaf);
    while (socket.write(Buffer.alloc(1_000_000)) || (await drains(socket)));
    socket.resetAndDestroy();
  });
  await s.subtest(`${by}: many at once`, async () => {
    const sockets = await Promise.all(Array.from({ length: 1000 }, () => opens(echo)));
    for (const [index, socket] of sockets.entries()) socket.end(`number ${index}`);
    const answers = await Promise.all(sockets.map(heard));
    assert.deepEqual(
      answers.map(String),
      sockets.map((_, index) => `number ${index}`),
    );
  });
}

scenario('streams that are led here must come through as they are, too', { project }, async (s) => {
  const servers = await s.start([...serve.slice(0, -1), '7311']);
  await servers.says('serving');
  const reverses = [7311, 7312, 7313].flatMap((port) => ['--reverse', `${port}`]);
  // The digest of what is sent; how much comes; and what comes in front of a reset.
  const client = `
    const { connect } = require('node:net');
    const ask = (port, sent) => new Promise((resolve) => {
      const hash = require('node:crypto').createHash('sha256');
      let length = 0;
      const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
      socket.on('data', (data) => { length += data.length; hash.update(data); });
      socket.on('end', () => resolve(length + ' ' + hash.digest('hex'))).on('error', (error) => resolve(length + ' ' + error.code));
      if (port === 7313) socket.write(sent); else socket.end(sent);
    });
    Promise.all([ask(7311, Buffer.alloc(20000000, 7)), ask(7312, ''), ask(7313, 'x')]).then((all) => console.log(all.join('\\n')));`;
  const run = await must(s.netexec([...reverses, 'web', '--', process.execPath, '-e', client]));
  const digest = createHash('sha256').update(Buffer.alloc(20_000_000, 7)).digest('hex');
  const many = createHash('sha256');
  for (let left = 799; left >= 0; left -= 1) many.update(Buffer.alloc(65_536, left));
  assert.deepEqual(run.stdout.split('\n'), [
    `64 ${createHash('sha256').update(digest).digest('hex')}`,
    `${800 * 65_536} ${many.digest('hex')}`,
    '4 ECONNRESET',
  ]);
});

scenario(
  'a thousand at once must be led here, within a usual limit of open files, and little memory',
  { project },
  async (s) => {
    const servers = await s.start([...serve.slice(0, -1), '7331']);
    await servers.says('serving');
    // All of them are open, and have been answered once, when it says so; what comes from the source nobody reads.
    const client = `
    const { connect } = require('node:net');
    const unread = Array.from({ length: 10 }, () => connect(7332, '127.0.0.1').pause());
    const all = Array.from({ length: 1000 }, (_, number) => new Promise((resolve, reject) => {
      const socket = connect({ port: 7335, host: '127.0.0.1', allowHalfOpen: true }).setEncoding('utf8');
      socket.on('error', reject).once('data', () => resolve(socket)).write(String(number % 10));
    }));
    Promise.all(all).then((sockets) => {
      console.log('all open');
      process.stdin.once('data', () => {
        for (const each of unread) each.destroy();
        let right = 0;
        for (const [number, socket] of sockets.entries()) {
          let heard = '';
          socket.on('data', (data) => (heard += data)).on('end', () => {
            if (heard === 'number ' + number && (right += 1) === 1000) console.log('all right');
          });
          socket.end('number ' + number);
        }
        process.stdin.destroy();
      });
    });`;
    const words = ['--reverse', '7332', '--reverse', '7335', 'web', '--', process.execPath, '-e', client];
    const usual = ['prlimit', '--nofile=1024:4096', '--'];
    const started = await s.start(['docker', 'netexec', ...words], { through: (argv) => [...usual, ...argv] });
    await started.says('all open');
    const netexec = s.processes().find((line) => line.includes('docker-netexec:main')) ?? '';
    const peak = () =>
      Number(/^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${Number.parseInt(netexec, 10)}/status`, 'utf8'))?.[1]);
    // Ten times 50 MB wait to be read.
    assert.ok(peak() < 150_000, `${peak()} kB`);
    started.write('go\n');
    assert.equal((await started.ended).status, 0, started.stderr());
    assert.equal(started.stdout(), 'all open\nall right\n');
    assert.doesNotMatch(started.stderr(), /^netexec:/m);
  },
);

scenario('what COMMAND has said before it ended must still come through', { project }, async (s) => {
  // As who waits for a callback: it answers once, and ends.
  const answers = `require('node:net')
    .createServer((socket) => socket.end(Buffer.alloc(2000000), () => { console.log('bye'); process.exit(3); }))
    .listen(7321, '127.0.0.1', () => console.log('serving'))`;
  const forwarded = await begin(s, ['--forward', '0:7321', 'web', '--', process.execPath, '-e', answers]);
  await forwarded.started.says('serving');
  const socket = (await open(forwarded.ports[0] ?? 0)).pause();
  await forwarded.started.says('bye');
  // A slow reader.
  await new Promise((resolve) => setTimeout(resolve, 300));
  assert.equal((await heard(socket)).length, 2_000_000);
  assert.equal((await forwarded.started.ended).status, 3);

  const pieces: Buffer[] = [];
  const here = createServer((client) => client.pause().on('data', (piece) => pieces.push(piece))).listen(
    0,
    '127.0.0.1',
  );
  await once(here, 'listening');
  s.t.after(() => here.close());
  const tells = `require('node:net').connect(7322, '127.0.0.1').end(Buffer.alloc(2000000), () => process.exit(3))`;
  const reverse = `7322:${(here.address() as AddressInfo).port}`;
  here.on('connection', (client) => setTimeout(() => client.resume(), 300));
  const run = await s.netexec(['--reverse', reverse, 'web', '--', process.execPath, '-e', tells]);
  assert.equal(run.status, 3, run.stderr);
  await s.eventually(() => assert.equal(Buffer.concat(pieces).length, 2_000_000));
});

scenario(
  'connections that are too many at once must be reset, and others be taken when some have ended',
  { project },
  async (s) => {
    const few = ['prlimit', '--nofile=256:256', '--'];
    const forwarded = await begin(s, ['--forward', '0:8080', 'web'], { through: (argv) => [...few, ...argv] });
    const [port = 0] = forwarded.ports;
    const all = Array.from({ length: 200 }, () => connect({ port, host: '127.0.0.1' }).on('error', () => {}));
    const said = 'netexec: too many connections at once: resetting new ones until some have ended\n';
    await s.eventually(() => forwarded.started.stderr().includes(said));
    await s.eventually(() => all.filter((each) => each.closed).length > 90);
    assert.ok(all.some((each) => !each.closed));
    for (const each of all) each.destroy();
    const url = `http://127.0.0.1:${port}/`;
    await s.eventually(async () => (await s.run(['curl', '-sSf', url])).status === 0);
    assert.equal(forwarded.started.stderr().split(said).length, 2);
    await end(s, forwarded);
  },
);

/** Whether it takes more within a second. */
const drains = (socket: Socket): Promise<boolean> =>
  Promise.race([
    once(socket, 'drain').then(() => true),
    new Promise<boolean>((resolve) => setTimeout(resolve, 1000, false)),
  ]);
