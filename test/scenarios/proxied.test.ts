// --proxy: by one port of this machine, whoever speaks SOCKS5 or HTTP reaches every service by its name.
import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { Socket, createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { begin, end, heard, open, openBySocks, take } from './forwarded.ts';
import { must, scenario } from './scenario.ts';
import type { Scenario } from './scenario.ts';

const project = 'article';

/** The ways in which curl asks a proxy. */
const asking: Readonly<Record<string, (port: number) => readonly string[]>> = {
  'SOCKS5 with names': (port) => ['--socks5-hostname', `127.0.0.1:${port}`],
  'SOCKS5 on ::1': (port) => ['-x', `socks5h://[::1]:${port}`],
  'HTTP, by address': (port) => ['-x', `http://localhost:${port}`],
  'HTTP, by CONNECT': (port) => ['-p', '-x', `http://127.0.0.1:${port}`],
};

const fetched = (s: Scenario, words: readonly string[]) =>
  s.run(['curl', '-sS', '--noproxy', '', '--max-time', '30', ...words]);

scenario('every service must be reached by its name, until it is ended', { project }, async (s) => {
  const proxied = await begin(s, ['--proxy', '0', 'web']);
  const [port = 0] = proxied.ports;
  const address = await s.address('web', 'backend');
  const hostname = await must(s.compose(['exec', '-T', 'web', 'cat', '/etc/hostname']));
  for (const [by, words] of Object.entries(asking)) {
    await s.subtest(by, async () => {
      for (const host of ['web', 'localhost', '127.0.0.1', address])
        assert.equal((await must(fetched(s, [...words(port), `http://${host}:8080/`]))).stdout, hostname.stdout, host);
    });
  }
  const redis = await openBySocks(port, 'redis', 6379);
  assert.ok(typeof redis !== 'number');
  redis.end('PING\r\n');
  assert.match((await heard(redis)).toString(), /^\+PONG/);
  const run = await end(s, proxied);
  assert.deepEqual([run.status, run.stdout], [143, '']);
  assert.equal(run.stderr, `127.0.0.1:${port} → proxy into web's network`);
});

scenario('what fails inside must be told outside, and be said once', { project }, async (s) => {
  const proxied = await begin(s, ['--proxy', '0', 'web']);
  const [port = 0] = proxied.ports;
  const lost = [
    ['postgres', 81, 5, 'postgres:81: connection refused: nothing is listening there'],
    ['nobody', 80, 4, 'nobody:80: no host there has the name nobody at the moment'],
    ['localhost', 82, 5, 'localhost:82: connection refused: nothing is listening there'],
  ] as const;
  for (const [host, wanted, code, said] of lost) {
    await s.subtest(said, async () => {
      const url = `http://${host}:${wanted}/`;
      const [socks, page, tunnel] = await Promise.all([
        openBySocks(port, host, wanted),
        must(fetched(s, ['-x', `127.0.0.1:${port}`, '-w', '%{http_code}', url])),
        fetched(s, ['-p', '-x', `127.0.0.1:${port}`, url]),
      ]);
      assert.deepEqual([socks, page.stdout], [code, `netexec: ${said}\n502`]);
      assert.match(tunnel.stderr, /502/);
    });
  }
  await s.subtest('a page for a body that is still on its way', async () => {
    const input = randomBytes(5_000_000);
    const words = ['curl', '-sS', '-T', '-', '-x', `http://127.0.0.1:${port}`, 'http://postgres:81/'];
    assert.equal((await must(s.run(words, { input }))).stdout, `netexec: ${lost[0][3]}`);
  });
  await s.subtest('a server that speaks no HTTP', async () => {
    const page = await must(fetched(s, ['-x', `127.0.0.1:${port}`, 'http://postgres:5432/']));
    assert.equal(page.stdout, 'netexec: postgres:5432: the server closed the connection without a response');
  });
  await s.subtest('SOCKS5 for UDP and to listen', async () => {
    for (const command of [2, 3]) {
      const socket = await open(port);
      socket.end(Buffer.from([5, 1, 0, 5, command, 0, 1, 127, 0, 0, 1, 0, 80]));
      assert.deepEqual([...(await heard(socket))], [5, 0, 5, 7, 0, 1, 0, 0, 0, 0, 0, 0]);
    }
  });
  const run = await end(s, proxied);
  const lines = lost.map(([host, wanted, , said]) =>
    host === 'nobody'
      ? `netexec: ${said}`
      : `netexec: ${said} (docker netexec --check web ${host}:${wanted} shows why)`,
  );
  assert.deepEqual(run.stderr.split('\n').slice(1), lines);
});

const serve = [process.execPath, join(import.meta.dirname, '../programs/web.mjs'), '7400'];

interface Told {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly sha256: string;
}

scenario("a client's own words must not fill the terminal", { project }, async (s) => {
  const proxied = await begin(s, ['--proxy', '0', 'web']);
  const [port = 0] = proxied.ports;
  const last = 'netexec: from now on, only the clients of the proxy see their failures\n';
  const ask = (number: number) => fetched(s, ['-x', `127.0.0.1:${port}`, `http://127.0.0.1:${number}/`]);
  for (let number = 1; number <= 25; number += 1) assert.match((await ask(number)).stdout, /refused/);
  await s.eventually(() => proxied.started.stderr().endsWith(last));
  assert.equal(proxied.started.stderr().match(/connection refused/g)?.length, 20);
  await end(s, proxied);
});

scenario('names that take long must not hold up others', { project }, async (s) => {
  // Where the engine asks for names outside, nobody answers.
  const silent = "require('node:dgram').createSocket('udp4').bind(53, '127.0.0.1', () => console.log('silent'))";
  const proxied = await begin(s, ['--proxy', '0', 'web', '--', process.execPath, '-e', silent]);
  const [port = 0] = proxied.ports;
  await proxied.started.says('silent');
  const slow = Array.from({ length: 100 }, async (_, index) => {
    const socket = await open(port);
    const name = `nobody-${index}`;
    socket.write(Buffer.from([5, 1, 0, 5, 1, 0, 3, name.length, ...Buffer.from(name), 0, 80]));
    // Once it is greeted, its name is looked up.
    await take(socket, 2);
    return socket;
  });
  const asked = await Promise.all(slow);
  const first = await Promise.race([openBySocks(port, 'redis', 6379), ...asked.map((socket) => take(socket, 10))]);
  assert.ok(first instanceof Socket, 'a name that is known was looked up behind others');
  for (const socket of [first, ...asked]) socket.destroy();
  await end(s, proxied);
});

scenario('requests that it hands on must come as they are, whatever their bodies', { project }, async (s) => {
  const proxied = await begin(s, ['--proxy', '0', 'web', '--', ...serve]);
  const [port = 0] = proxied.ports;
  await proxied.started.says('serving');
  const url = 'http://localhost:7400';
  const asked = async (words: readonly string[], input?: Uint8Array): Promise<Told> => {
    const argv = ['curl', '-sS', '--fail', '--noproxy', '', '-x', `http://127.0.0.1:${port}`, ...words];
    return JSON.parse((await must(s.run(argv, input && { input }))).stdout) as Told;
  };
  await s.subtest('its fields', async () => {
    const told = await asked([
      '-H',
      'X-Mine: 1',
      '-H',
      'X-Hop: 1',
      '-H',
      'Connection: X-Hop',
      '-U',
      'me:secret',
      `${url}/a?b=c`,
    ]);
    assert.deepEqual(
      [told.method, told.url, told.headers['host'], told.headers['x-mine']],
      ['GET', '/a?b=c', 'localhost:7400', '1'],
    );
    const names = Object.keys(told.headers).filter((name) => /^proxy-|^x-hop$/.test(name));
    assert.deepEqual([names, told.headers['connection']], [[], 'close']);
  });
  const body = randomBytes(20_000_000);
  const sha256 = createHash('sha256').update(body).digest('hex');
  await s.subtest('a body of a length', async () => {
    const file = join(s.folder, 'body');
    writeFileSync(file, body);
    const told = await asked(['-T', file, `${url}/a`]);
    assert.deepEqual([told.sha256, told.headers['content-length']], [sha256, '20000000']);
  });
  await s.subtest('a body in chunks', async () => {
    const told = await asked(['-T', '-', `${url}/a`], body);
    assert.deepEqual([told.sha256, told.headers['transfer-encoding']], [sha256, 'chunked']);
  });
  await s.subtest('an answer of 100 MB', async () => {
    const line = `curl -sS -x 127.0.0.1:${port} ${url}/blocks/100 | sha256sum`;
    const block = Buffer.alloc(1_000_000, 'netexec');
    const hash = createHash('sha256');
    for (let blocks = 0; blocks < 100; blocks += 1) hash.update(block);
    assert.equal((await must(s.run(['sh', '-c', line]))).stdout, `${hash.digest('hex')}  -`);
  });
  await s.subtest('an answer with hints in front', async () =>
    assert.equal((await asked([`${url}/early`])).url, '/early'),
  );
  await s.subtest('a WebSocket', async () => {
    const headers = { Connection: 'Upgrade', Upgrade: 'websocket' };
    const wanted = request({ host: '127.0.0.1', port, path: `${url}/`, headers }).end();
    const [, socket, first] = (await once(wanted, 'upgrade')) as [IncomingMessage, Socket, Buffer];
    socket.end('and back');
    const said = Buffer.concat([first, await heard(socket)]);
    assert.equal(said.toString('latin1'), '\u0081\u0005helloand back');
  });
  await s.subtest('a second request behind the first', async () => {
    const socket = await open(port);
    socket.write(`GET ${url}/first HTTP/1.1\r\n\r\nGET http://redis:6379/second HTTP/1.1\r\n\r\n`);
    const answer = (await heard(socket)).toString();
    assert.match(answer, /^HTTP\/1\.1 200 OK\r\nConnection: close\r\n/);
    assert.equal(answer.match(/HTTP\/1\.1 /g)?.length, 1, answer);
  });
  await end(s, proxied);
});

scenario('git must clone by it', { project }, async (s) => {
  const folder = join(s.folder, 'served');
  mkdirSync(folder);
  const git = (...words: readonly string[]) =>
    must(s.run(['git', '-c', 'user.name=a', '-c', 'user.email=a@b', ...words], { cwd: folder }));
  await git('init', '-q', 'work');
  await git('-C', 'work', 'commit', '-q', '--allow-empty', '-m', 'the first');
  await git('clone', '-q', '--bare', 'work', 'shop.git');
  await git('-C', 'shop.git', 'update-server-info');
  const python = ['python3', '-u', '-m', 'http.server', '--bind', '127.0.0.1', '--directory', folder, '7401'];
  const proxied = await begin(s, ['--proxy', '0', 'web', '--', ...python]);
  await proxied.started.says('Serving');
  for (const scheme of ['http', 'socks5h']) {
    const proxy = `http.proxy=${scheme}://127.0.0.1:${proxied.ports[0]}`;
    await git('-c', proxy, 'clone', '-q', 'http://localhost:7401/shop.git', scheme);
    assert.equal((await git('-C', scheme, 'log', '--format=%s')).stdout, 'the first');
  }
  await end(s, proxied);
});

scenario("with COMMAND it must last as long, and change nothing of COMMAND's", { project }, async (s) => {
  const words = ['--proxy', '0', '--forward', '0:8080', '-u', 'nobody', 'web', '--'];
  const script = 'echo up $(id -un) $(env | grep -ci _proxy=); read line; exit 7';
  const proxied = await begin(s, [...words, 'sh', '-c', script]);
  await proxied.started.says('up nobody 0');
  const [forward = 0, proxy = 0] = proxied.ports;
  await must(fetched(s, [`http://127.0.0.1:${forward}/`]));
  await must(fetched(s, ['-x', `127.0.0.1:${proxy}`, 'http://web:8080/']));
  proxied.started.write('bye\n');
  assert.equal((await proxied.started.ended).status, 7);
  await s.eventually(() => s.processes().length === 0);
});

scenario('a program must be told its port, others be warned of, --dry-run only say so', { project }, async (s) => {
  const started = await s.start(['docker', 'netexec', '--format', 'json', '--proxy', '0', 'web']);
  await s.eventually(() => started.stdout().endsWith('\n'));
  const told = JSON.parse(started.stdout()) as { readonly Port: number };
  assert.deepEqual(told, { Kind: 'proxy', Address: '127.0.0.1', Port: told.Port, Service: 'web' });
  await end(s, { started, ports: [told.Port] });

  const exposed = await begin(s, ['--proxy', '*:0', 'web']);
  const [port] = exposed.ports;
  const warning = `netexec: warning: anyone who can reach this machine can reach all of web's network through 0.0.0.0:${port}`;
  assert.equal(exposed.started.stderr(), `${warning}\n0.0.0.0:${port} → proxy into web's network\n`);
  await must(fetched(s, ['-x', `127.0.0.7:${port}`, 'http://web:8080/']));
  await end(s, exposed);

  const { stdout } = await must(s.netexec(['--dry-run', '--proxy', '1080', 'web']));
  assert.match(stdout, /^proxy +127\.0\.0\.1:1080 → proxy into web's network +# --proxy$/m);
  assert.match((await must(s.docker(['__complete', 'netexec', '--proxy', '1']))).stdout, /^1080\t/m);
});

scenario('a client that does not say what it wants must be given up', { project }, async (s) => {
  const proxied = await begin(s, ['--proxy', '0', 'web']);
  const [port = 0] = proxied.ports;
  const begun = ['', 'GET http://web:8080/ HTTP/1.1\r\nA: ', Buffer.from([5, 2, 0])];
  const all = await Promise.all(
    begun.map(async (words) => {
      const socket = await open(port);
      if (words.length > 0) socket.write(words);
      return heard(socket);
    }),
  );
  assert.deepEqual(all.map(String), ['', '', '']);
  await end(s, proxied);
});

scenario('what is bad must be refused', { project }, async (s) => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  s.t.after(() => server.close());
  const { port } = server.address() as AddressInfo;
  const proxyHint = (own = ''): string =>
    `for a SOCKS5 and HTTP proxy into SERVICE's network${own}, use --proxy: docker netexec --proxy 1080 web`;
  const rows: readonly (readonly [words: readonly string[], said: string, hint?: string])[] = [
    [
      ['--proxy', `${port}`, 'web'],
      `127.0.0.1:${port} is already in use by `,
      'use another port: docker netexec --proxy ',
    ],
    [['--proxy', '0', '--check', 'web'], '--check and --proxy cannot be used together'],
    [['--proxy', 'web'], 'invalid value "web" for --proxy: the port is missing'],
    [['--proxy', '1080', '--forward', '1080:80', 'web'], 'port 1080 of this machine is specified twice'],
    [['--proxy', '0'], 'no SERVICE given; running in project "netexec-test-article": postgres, redis, web'],
    [['-D', '1080', 'web'], 'unknown flag: -D', proxyHint(" (docker's own -D goes before netexec)")],
    [['--socks', '1080', 'web'], 'unknown flag: --socks', proxyHint()],
    [['--http-proxy', '1080', 'web'], 'unknown flag: --http-proxy', proxyHint()],
    [['proxy', 'web'], 'no service "proxy"', 'did you mean --proxy [ADDRESS:]PORT?'],
  ];
  for (const [words, said, expected] of rows) {
    await s.subtest(words.join(' '), async () => {
      const run = await s.netexec(words);
      assert.deepEqual([run.status, run.stdout], [125, '']);
      assert.ok(run.stderr.startsWith(`netexec: ${said}`), run.stderr);
      if (expected !== undefined) assert.ok(run.stderr.includes(`\nhint: ${expected}`), run.stderr);
    });
  }
});
