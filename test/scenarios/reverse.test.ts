// --reverse: a port of the localhost inside leads to this machine, for COMMAND's time.
import assert from 'node:assert/strict';
import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { openTerminal } from './command-terminal.ts';
import { end, outcome, serveHere as serve } from './forwarded.ts';
import { bringUp } from './own-project.ts';
import { must, scenario } from './scenario.ts';

const project = 'article';

const get = (port: number): readonly string[] => ['curl', '-sS', '--max-time', '60', `http://localhost:${port}/`];

scenario("COMMAND's localhost must lead to this machine's, and to a host that it knows", { project }, async (s) => {
  const port = await serve(s);
  const other = await serve(s, '127.0.0.9');
  const words = [
    '--reverse',
    `9003:${port}`,
    '--reverse',
    `9004:127.0.0.9:${other}`,
    '--reverse',
    `9005:ip6-localhost:1`,
  ];
  const run = await must(
    s.netexec([...words, 'web', '--', 'sh', '-c', `${get(9003).join(' ')}; ${get(9004).join(' ')}`]),
  );
  assert.equal(run.stdout, 'of this machine\nof this machine');
  const lines = [
    `localhost:9003 in web → localhost:${port} on this machine`,
    `localhost:9004 in web → 127.0.0.9:${other}`,
    'localhost:9005 in web → ip6-localhost:1',
  ];
  assert.equal(run.stderr, lines.join('\n'));
  // It is over with COMMAND.
  const after = await s.netexec(['web', '--', ...get(9003)]);
  assert.equal(after.status, 7, after.stderr);
});

scenario('what fails here must fail inside, and the cause be said once', { project }, async (s) => {
  const words = ['--reverse', '9003:1', '--reverse', '9004:nobody.invalid:80', 'web', '--', 'sh', '-c'];
  const run = await s.netexec([...words, [9003, 9003, 9004].map((port) => get(port).join(' ')).join('; ')]);
  assert.notEqual(run.status, 0);
  assert.equal(run.stderr.match(/^curl: /gm)?.length, 3, run.stderr);
  const said = [
    'netexec: localhost:1 on this machine: connection refused: nothing is listening there',
    'netexec: nobody.invalid:80: no host here has the name nobody.invalid at the moment',
  ];
  assert.deepEqual(
    run.stderr.split('\n').filter((line) => line.startsWith('netexec: ')),
    said,
  );
});

scenario('without COMMAND it must be there for the shell', { project }, async (s) => {
  const port = await serve(s);
  const terminal = await openTerminal(s, { env: { SHELL: '/bin/sh' } });
  await terminal.type(`docker netexec --reverse 9003:${port} web`);
  await terminal.shows(/^localhost:9003 in web → localhost:\d+ on this machine$/m);
  // What is typed before the shell asks stands before its prompt.
  await terminal.shows(/cache\nready>/);
  await terminal.type('curl -sS localhost:9003');
  await terminal.shows(/^of this machine$/m);
  await terminal.type('exit 4');
  assert.equal(await terminal.status(), 4);
});

scenario('with --forward it must serve both, until it is ended', { project }, async (s) => {
  const port = await serve(s);
  // Here → inside → here.
  const words = ['--format', 'json', '--forward', '0:9003', '--reverse', `9003:${port}`, 'web'];
  const started = await s.start(['docker', 'netexec', ...words]);
  await s.eventually(() => started.stdout().split('\n').length === 3);
  const [forward, reverse] = started
    .stdout()
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as { readonly Port: number });
  assert.deepEqual(reverse, { Kind: 'reverse', Service: 'web', Port: 9003, Host: 'localhost', HostPort: port });
  assert.equal((await must(s.run(get(forward?.Port ?? 0)))).stdout, 'of this machine');
  const run = await end(s, { started, ports: [forward?.Port ?? 0] });
  assert.deepEqual([run.status, run.stderr], [143, '']);
});

scenario('nothing must be left when either end is killed', { project }, async (s) => {
  const port = await serve(s);
  const temporary = join(s.folder, 'temporary');
  mkdirSync(temporary);
  const env = { TMPDIR: temporary, XDG_RUNTIME_DIR: undefined };
  for (const [which, pattern] of [
    ['netexec', 'docker-netexec:main'],
    ['the inner end', 'docker-netexec:relay'],
  ] as const) {
    await s.subtest(which, async () => {
      const words = ['--reverse', `9003:${port}`, 'web', '--', 'sh', '-c', 'echo up; exec sleep 600'];
      const started = await s.start(['docker', 'netexec', ...words], { env });
      await started.says('up');
      process.kill(Number.parseInt(s.processes().find((line) => line.includes(pattern)) ?? '', 10), 'SIGKILL');
      if (which === 'netexec') await started.ended;
      else
        await s.eventually(() => started.stderr().includes('the relay exited with status 137: no ports are forwarded'));
      const inside = await s.netexec(['web', '--', ...get(9003)]);
      assert.equal(inside.status, 7, inside.stderr);
      started.kill('SIGTERM');
      await started.ended;
      await s.eventually(() => s.processes().length === 0);
      assert.deepEqual(readdirSync(temporary), []);
    });
  }
});

const own = `services:
  web:
    image: netexec/servers:1
    pull_policy: never
    command: [serve-http, '8080']
    stop_grace_period: 0s
    sysctls:
      net.ipv6.conf.lo.disable_ipv6: 0
  host:
    image: netexec/servers:1
    pull_policy: never
    network_mode: host
    command: [sleep, infinity]
    stop_grace_period: 0s
`;

scenario('with --restart it must be there again before COMMAND is', { project }, async (s) => {
  const options = await bringUp(s, 'netexec-test-reverse', own);
  const port = await serve(s);
  const command = `curl -sS localhost:9003 && curl -sS '[::1]:9003' && exec sleep 600`;
  const words = ['--restart', '--reverse', `9003:${port}`, 'web', '--', 'sh', '-c', command];
  const started = await s.start(['docker', 'netexec', ...words], options);
  const twice = 'of this machine\n'.repeat(2);
  await s.eventually(() => started.stdout() === twice);
  await must(s.compose(['restart', 'web'], options));
  await s.eventually(() => started.stdout() === twice.repeat(2));
  started.kill('SIGTERM');
  assert.equal((await started.ended).status, 143);
  await s.eventually(() => s.processes().length === 0);

  await s.subtest("this machine's own network", async () => {
    for (const option of ['--reverse', '--forward']) {
      const run = await s.netexec([option, '9003', 'host', '--', 'true'], options);
      const said = "netexec: host uses this machine's own network: localhost:9003 is the same inside and outside";
      assert.deepEqual(
        [run.status, run.stdout, run.stderr],
        [125, '', `${said}\nhint: omit the option: the port can be reached without it`],
      );
      assert.equal(await outcome(9003), 'ECONNREFUSED');
    }
  });
});

scenario('a port that another run leads here must be said to be taken by it', { project }, async (s) => {
  const words = ['--reverse', '9006:1', 'web', '--', 'sh', '-c', 'echo up; exec sleep 600'];
  const first = await s.start(['docker', 'netexec', ...words]);
  await first.says('up');
  const run = await s.netexec(words);
  assert.equal(run.status, 125);
  assert.match(
    run.stderr,
    /^netexec: localhost:9006 in web is already in use by \S+ \(pid \d+\)\nhint: .* --reverse 19006:1 web -- /,
  );
  const [, pid = ''] = /\(pid (\d+)\)/.exec(run.stderr) ?? [];
  assert.ok(s.processes().some((line) => line.startsWith(`${pid} `) && line.includes('--reverse')));
});

scenario('--dry-run must say where a port would lead, and open none', { project }, async (s) => {
  const words = ['--dry-run', '--reverse', '9003', '--reverse', '3128:proxy.example:8080', 'web'];
  const { stdout } = await must(s.netexec([...words, '--', 'true']));
  assert.match(stdout, /^reverse +localhost:9003 in web → localhost:9003 on this machine +# --reverse$/m);
  assert.match(stdout, /^reverse +localhost:3128 in web → proxy\.example:8080 +# --reverse$/m);
  assert.match(stdout, /^command +true /m);
});

scenario('what cannot lead here must be refused', { project }, async (s) => {
  const rows: readonly (readonly [words: readonly string[], said: string, hint: string])[] = [
    [
      ['--reverse', '8080', 'web', '--', 'echo', 'COMMAND'],
      'localhost:8080 in web is already in use by httpd (pid ',
      'use another port inside: docker netexec --reverse 18080:8080 web -- echo COMMAND',
    ],
    [
      ['--reverse', '8080', '--forward', '0:8080', 'web'],
      'localhost:8080 in web is already in use by httpd (pid ',
      'use another port inside: docker netexec --reverse 18080:8080 --forward 0:8080 web',
    ],
    [
      ['--reverse', 'proxy.example', 'web'],
      'invalid value "proxy.example" for --reverse: the port is missing',
      'end it with the target port: --reverse proxy.example:3128',
    ],
    [
      ['--reverse', '9003', '--reverse', '9003:9004', 'web'],
      '--reverse specifies port 9003 inside twice',
      'use each port once: remove one of them',
    ],
    [
      ['--reverse', '9003', '--forward', '9003', 'web'],
      '--forward and --reverse form a loop: port 9003 on this machine, port 9003 inside',
      'remove one of them, or use another port',
    ],
    [
      ['--reverse', '80', '--check', 'web'],
      '--check and --reverse cannot be used together',
      'omit --reverse: docker netexec --check web',
    ],
    [['--reverse', '80'], 'no SERVICE given', ''],
    [
      ['-R', '9003:localhost:9003', 'web'],
      'unknown flag: -R',
      'to reach this machine from inside, use --reverse: docker netexec --reverse 9003:localhost:9003 web',
    ],
  ];
  for (const [words, said, hint] of rows) {
    await s.subtest(words.join(' '), async () => {
      const run = await s.netexec(words);
      assert.deepEqual([run.status, run.stdout], [125, '']);
      assert.ok(run.stderr.startsWith(`netexec: ${said}`), run.stderr);
      if (hint !== '') assert.ok(run.stderr.endsWith(`\nhint: ${hint}`), run.stderr);
    });
  }
});
