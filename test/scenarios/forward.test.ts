// --forward: a port of this machine leads into the network of the service, for COMMAND's time, or until it is ended.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdirSync, readFileSync, readdirSync, readlinkSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { openTerminal } from './command-terminal.ts';
import { begin, closes, end, heard, open, openBySocks, outcome } from './forwarded.ts';
import { must, scenario } from './scenario.ts';

const project = 'article';

scenario(
  'a port of this machine must lead to a name, and to a localhost, until it is ended',
  { project },
  async (s) => {
    const words = ['--forward', '0:postgres:5432', '--forward', '0:8080', '--forward', '127.0.0.2:0:redis:6379', 'web'];
    const forwarded = await begin(s, words);
    const [postgres = 0, http = 0, redis = 0] = forwarded.ports;
    const answer = await must(
      s.run(['/usr/bin/psql', '-h', '127.0.0.1', '-p', `${postgres}`, '-U', 'app', '-tAc', 'select 1']),
    );
    assert.equal(answer.stdout, '1');
    for (const host of ['127.0.0.1', '[::1]', 'localhost'])
      await must(s.run(['curl', '-sSf', `http://${host}:${http}/`]));
    assert.equal(await outcome(redis), 'ECONNREFUSED');
    const socket = await open(redis, '127.0.0.2');
    socket.end('PING\r\n');
    assert.match((await heard(socket)).toString(), /^\+PONG/);
    const run = await end(s, forwarded);
    assert.deepEqual([run.status, run.stdout], [143, '']);
    const lines = [
      `127.0.0.1:${postgres} → postgres:5432`,
      `127.0.0.1:${http} → localhost:8080 in web`,
      `127.0.0.2:${redis} → redis:6379`,
    ];
    assert.equal(run.stderr, lines.join('\n'));
  },
);

scenario("a port within a service's network must be said to be open there", { project }, async (s) => {
  const nested = await begin(s, ['web', '--', 'docker', 'netexec', '--forward', '0:8080', 'web']);
  const said = "netexec: warning: you are in web's network: the port is open there, not on this machine\n";
  await s.eventually(() => assert.ok(nested.started.stderr().endsWith(said), nested.started.stderr()));
  assert.equal(await outcome(nested.ports[0] ?? 0), 'ECONNREFUSED');
  await end(s, nested);
});

scenario('Ctrl-C must end it, and nothing more be said', { project }, async (s) => {
  const terminal = await openTerminal(s);
  await terminal.type('docker netexec --forward 0:8080 web');
  await terminal.shows(/^127\.0\.0\.1:\d+ → localhost:8080 in web$/m);
  await terminal.press('C-c');
  assert.equal(await terminal.status(), 130);
  assert.doesNotMatch(await terminal.screen(), /netexec:/);

  // Beside a COMMAND it is for that alone.
  await terminal.clear();
  await terminal.type(`docker netexec --forward 0:8080 web -- sh -c 'trap "echo caught" INT; echo up; read x; read y'`);
  const [, port = ''] = await terminal.shows(/^127\.0\.0\.1:(\d+) → localhost:8080 in web\nup$/m);
  await terminal.press('C-c');
  await terminal.shows(/caught/);
  await must(s.run(['curl', '-sSf', `http://127.0.0.1:${port}/`]));
  await terminal.press('Enter');
  await terminal.press('Enter');
  await terminal.atPrompt();
});

scenario('with --format json a program must be told its ports', { project }, async (s) => {
  const started = await s.start(['docker', 'netexec', '--format', 'json', '--forward', '0:db:5432', 'web']);
  await s.eventually(() => started.stdout().endsWith('\n'));
  const told = JSON.parse(started.stdout()) as { readonly Port: number };
  assert.deepEqual(told, {
    Kind: 'forward',
    Address: '127.0.0.1',
    Port: told.Port,
    Service: 'web',
    Host: 'db',
    HostPort: 5432,
  });
  const run = await end(s, { started, ports: [told.Port] });
  assert.deepEqual([run.status, run.stderr], [143, '']);
});

scenario('an address that others reach must be warned of', { project }, async (s) => {
  const forwarded = await begin(s, ['--forward', '*:0:8080', 'web']);
  const [port] = forwarded.ports;
  const warning = `netexec: warning: anyone who can reach this machine can use 0.0.0.0:${port}`;
  assert.equal(forwarded.started.stderr(), `${warning}\n0.0.0.0:${port} → localhost:8080 in web\n`);
  for (const host of ['127.0.0.7', '[::1]']) await must(s.run(['curl', '-sSf', `http://${host}:${port}/`]));
  await end(s, forwarded);
});

scenario('--dry-run must say where ports would lead, and open none', { project }, async (s) => {
  const words = ['--dry-run', '--forward', '15433:db:5432', 'web'];
  for (const command of [[], ['--', 'true']]) {
    const { stdout } = await must(s.netexec([...words, ...command]));
    const first = command.length === 0 ? "This machine's ports would be forwarded into" : 'true would run in';
    assert.ok(stdout.startsWith(`${first} the network of web (container `), stdout);
    assert.match(stdout, /^forward +127\.0\.0\.1:15433 → db:5432 +# --forward$/m);
    assert.match(stdout, command.length === 0 ? /^command .* docker-netexec:relay  #/m : /^command +true /m);
    assert.equal(/^write /m.test(stdout), command.length > 0);
  }
});

scenario('a TAB must offer what may be led to', { project }, async (s) => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  s.t.after(() => server.close());
  const { port } = server.address() as AddressInfo;
  await must(s.compose(['exec', '-T', '-d', 'web', 'httpd', '-p', '127.0.0.1:8124', '-h', '/etc']));
  const rows: readonly (readonly [option: string, word: string, offered: RegExp])[] = [
    ['--forward', '', /^5432\tlocalhost of postgres$/m],
    ['--forward', '', /^8080\tlocalhost of web$/m],
    ['--forward', 'p', /^postgres:5432\tnetexec\/servers:1, Up .*\n:4$/],
    ['--forward', '15432:re', /^15432:redis:6379\tnetexec/],
    // On its localhost alone.
    ['--forward', '8124', /^8124\tlocalhost of web\n:4$/],
    ['--forward', 'web:', /^web:8080\t.*\n:4$/],
    ['--reverse', `${port}`, new RegExp(`^${port}\t.* \\(pid ${process.pid}\\)\n:4$`)],
  ];
  for (const [option, word, offered] of rows) {
    await s.eventually(async () => {
      const { stdout } = await must(s.docker(['__complete', 'netexec', option, word]));
      assert.match(stdout, offered);
    });
  }
});

scenario("a port must be there for COMMAND's time, and COMMAND have all else", { project }, async (s) => {
  const words = ['--forward', '0:8080', '-u', 'nobody', '-e', 'A=b', 'web', '--'];
  const forwarded = await begin(s, [...words, 'sh', '-c', 'echo up $A $(id -un); read line; echo $line; exit 7']);
  await forwarded.started.says('up b nobody');
  await must(s.run(['curl', '-sSf', `http://127.0.0.1:${forwarded.ports[0]}/`]));
  forwarded.started.write('bye\n');
  const run = await forwarded.started.ended;
  assert.deepEqual([run.status, run.stdout], [7, 'up b nobody\nbye']);
  await s.eventually(() => s.processes().length === 0);
  await closes(s, forwarded.ports[0]);
});

scenario(
  "the caller's descriptors must be COMMAND's alone, and not those of what leads its ports",
  { project },
  async (s) => {
    const opening = ['sh', '-c', 'exec 9</etc/passwd; exec "$@"', 'sh'];
    const words = ['--forward', '0:8080', 'web', '--', 'sh', '-c', 'readlink /proc/self/fd/9; exec sleep 1000'];
    const { started } = await begin(s, words, { through: (argv) => [...opening, ...argv] });
    await started.says('/etc/passwd');
    const relay = Number.parseInt(s.processes().find((line) => line.includes('docker-netexec:relay')) ?? '', 10);
    const held = readdirSync(`/proc/${relay}/fd`).map((each) => readlinkSync(`/proc/${relay}/fd/${each}`));
    assert.ok(held.length > 0 && !held.includes('/etc/passwd'), held.join(' '));
    started.kill('SIGTERM');
    await started.ended;
  },
);

scenario('a folder of a long name must do for the socket by which ports are handed over', { project }, async (s) => {
  const folder = join(s.folder, 'long'.repeat(30));
  mkdirSync(folder, { mode: 0o700 });
  const forwarded = await begin(s, ['--forward', '0:8080', 'web'], { env: { XDG_RUNTIME_DIR: folder } });
  await must(s.run(['curl', '-sSf', `http://127.0.0.1:${forwarded.ports[0]}/`]));
  assert.deepEqual(readdirSync(folder), []);
  await end(s, forwarded);
});

scenario("a debugger must attach to COMMAND's inspector from outside", { project }, async (s) => {
  const program = 'globalThis.answer = 42; setInterval(() => {}, 1000)';
  const words = ['--forward', '0:9229', 'web', '--', process.execPath, '--inspect=9229', '-e', program];
  const { started, ports } = await begin(s, words);
  const at = `127.0.0.1:${ports[0]}`;
  await s.eventually(async () => (await s.run(['curl', '-sSf', `http://${at}/json`])).status === 0);
  const [target] = (await (await fetch(`http://${at}/json`)).json()) as { readonly webSocketDebuggerUrl: string }[];
  const socket = new WebSocket(target?.webSocketDebuggerUrl ?? '');
  await once(socket, 'open');
  socket.send(JSON.stringify({ id: 1, method: 'Runtime.evaluate', params: { expression: 'answer' } }));
  const [{ data }] = (await once(socket, 'message')) as [{ readonly data: string }];
  assert.equal((JSON.parse(data) as { result: { result: { value: number } } }).result.result.value, 42);
  socket.close();
  started.kill('SIGTERM');
  await started.ended;
});

scenario('a name that nobody has must be told before anyone connects, with the nearest', { project }, async (s) => {
  const words = ['--forward=0:postgress:5432', '--forward', '0:db:5432', '--forward', '0:127.0.0.1:8080', 'web'];
  const forwarded = await begin(s, words);
  const said =
    'netexec: warning: postgress:5432: no host there has the name postgress at the moment; did you mean postgres?';
  const line = `docker netexec ${words.join(' ').replace('=0:postgress:', ' 0:postgres:')}`;
  await s.eventually(() => forwarded.started.stderr().includes(`${said} ${line}\n`));
  // The listener stays; and who has said so once need not again.
  assert.equal(await outcome(forwarded.ports[0] ?? 0), 'ECONNRESET');
  const run = await end(s, forwarded);
  assert.equal(run.stderr.match(/^netexec: warning: /gm)?.length, 1, run.stderr);
});

scenario('a name must be looked up anew for each connection', { project }, async (s) => {
  const forwarded = await begin(s, ['--forward', '0:late:8080', 'web']);
  const url = `http://127.0.0.1:${forwarded.ports[0]}/`;
  const early = await s.run(['curl', '-sS', url]);
  assert.notEqual(early.status, 0);
  const said = 'netexec: late:8080: no host there has the name late at the moment\n';
  await s.eventually(() => forwarded.started.stderr().includes(said));
  const name = `${s.projectName}-late`;
  s.t.after(() => s.docker(['rm', '-f', name]));
  const network = ['--network', `${s.projectName}_cache`, '--network-alias', 'late', '--dns', '127.0.0.1'];
  await must(s.docker(['run', '-d', '--name', name, ...network, 'netexec/servers:1', 'serve-http', '8080']));
  await s.eventually(async () => (await s.run(['curl', '-sSf', url])).status === 0);
  await end(s, forwarded);
});

scenario('nothing must be left when either end is killed', { project }, async (s) => {
  // Of its own: other tests' folders come and go in that of all.
  const temporary = join(s.folder, 'temporary');
  mkdirSync(temporary);
  const env = { TMPDIR: temporary, XDG_RUNTIME_DIR: undefined };
  for (const [which, pattern] of [
    ['netexec', 'docker-netexec:main'],
    ['the inner end', 'docker-netexec:relay'],
  ] as const) {
    await s.subtest(which, async () => {
      const { started, ports } = await begin(s, ['--forward', '0:8080', '--proxy', '0', 'web'], { env });
      const proxied = await openBySocks(ports[1] ?? 0, 'web', 8080);
      assert.ok(typeof proxied !== 'number');
      const all = [await open(ports[0] ?? 0), proxied];
      for (const held of all) held.on('error', () => {});
      process.kill(Number.parseInt(s.processes().find((line) => line.includes(pattern)) ?? '', 10), 'SIGKILL');
      await started.ended;
      await s.eventually(() => s.processes().length === 0);
      for (const port of ports) await closes(s, port);
      for (const held of all) await s.eventually(() => held.resume().closed || held.readableEnded);
      assert.deepEqual(readdirSync(temporary), []);
    });
  }
});

scenario('what cannot listen must say so, and what is bad be refused', { project }, async (s) => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  s.t.after(() => server.close());
  const { port } = server.address() as AddressInfo;
  const other = await begin(s, ['--proxy', '0', 'web']);
  const [held = 0] = other.ports;
  const self = readFileSync('/proc/self/comm', 'utf8').trim();
  const rows: readonly (readonly [words: readonly string[], said: string, hint?: string | RegExp])[] = [
    [
      ['--forward', `${port}:postgres:5432`, 'web'],
      `127.0.0.1:${port} is already in use by ${self} (pid ${process.pid})`,
      /^use another port: docker netexec --forward (?:0|\d{5}):postgres:5432 web$/,
    ],
    [
      ['--forward', `${held}:80`, 'web'],
      `127.0.0.1:${held} is already in use by netexec (pid `,
      /^use another port: docker netexec --forward (?:0|\d{5}):80 web$/,
    ],
    [['--forward', '203.0.113.1:0:80', 'web'], 'cannot listen on 203.0.113.1:0: this machine has no such address'],
    [
      ['--forward', '80', '--check', 'web'],
      '--check and --forward cannot be used together',
      'omit --forward: docker netexec --check web',
    ],
    [
      ['--forward', '0:80', 'wbe'],
      'no service "wbe" in project',
      'did you mean web? docker netexec --forward 0:80 web',
    ],
    [
      ['--forward', '0:80'],
      'no SERVICE given; running in project "netexec-test-article": postgres, redis, web',
      'docker netexec --forward 0:80 SERVICE',
    ],
    [
      ['-p', '8080:80', 'web'],
      'invalid project name "8080:80"',
      '-p takes a project name; to reach a port inside from this machine, use --forward: docker netexec --forward 8080:80 web',
    ],
    [
      ['-L', '8080:web:80', 'web'],
      'unknown flag: -L',
      'to reach a port inside from this machine, use --forward: docker netexec --forward 8080:web:80 web',
    ],
    [
      ['port-forward', 'svc/web', '8080:80'],
      'no service "port-forward"',
      'to forward a port: docker netexec --forward 8080:80 web',
    ],
  ];
  for (const [words, said, expected] of rows) {
    await s.subtest(words.join(' '), async () => {
      const run = await s.netexec(words);
      assert.deepEqual([run.status, run.stdout], [125, '']);
      assert.ok(run.stderr.startsWith(`netexec: ${said}`), run.stderr);
      const [, hint = ''] = run.stderr.split('\nhint: ');
      if (expected instanceof RegExp) assert.match(hint, expected);
      else if (expected !== undefined) assert.equal(hint, expected);
    });
  }
  await end(s, other);
});
