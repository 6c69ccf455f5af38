// --intercept: what becomes of it when something ends, cannot begin, or is not reached.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { chmodSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { beside, mustFind } from './checks.ts';
import { descendantsOf, isAlive, isNetexec, processNumbered } from './command-process.ts';
import { holders, intercept, nothingHeld, ours, own, serveInside, server, tables } from './intercepted.ts';
import { ownMachine } from './machine.ts';
import { must, scenario } from './scenario.ts';
import type { Scenario } from './scenario.ts';

const project = 'ways';
const words = ['--intercept', '8089:8322', 'web'] as const;
const said = "web:8089 → port 8322 in web's network, for all clients but web itself";

const pidOf = async (s: Scenario): Promise<number> => (await s.inspect('web')).State.Pid;

async function get(s: Scenario): Promise<string> {
  const address = await s.address('web', 'backend');
  return (await s.run(['curl', '-sS', `http://${address}:8089/page`])).stdout;
}

scenario('whatever is killed, nothing must be left, and nobody be led astray', { project }, async (s) => {
  await serveInside(s, 'web', 8089);
  const pid = await pidOf(s);
  const ended = 'netexec: warning: nft exited with status 137: nothing is intercepted any more\n';
  for (const [what, warned] of [
    ['nft', ended],
    // Of the two one waits for nft, which ends by the end of the other.
    ['sh', ''],
  ] as const) {
    await s.subtest(what, async () => {
      const started = await intercept(s, words, server(s, 8322));
      const command = processNumbered(Number.parseInt(started.stdout(), 10));
      assert.equal(await get(s), ours);
      for (const each of holders(pid).filter(({ name }) => name === what)) process.kill(each.pid, 'SIGKILL');
      await s.eventually(async () => assert.equal(await get(s), own));
      assert.deepEqual(await tables(s, pid), []);
      assert.ok(isAlive(command));
      if (warned !== '') await s.eventually(() => started.stderr().includes(warned));
      process.kill(command.pid, 'SIGTERM');
      const run = await started.ended;
      assert.equal(run.status, 143);
      assert.equal(run.stderr.includes('warning'), warned !== '', run.stderr);
      await nothingHeld(s, pid);
    });
  }
  for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
    await s.subtest(`netexec, by ${signal}, before COMMAND starts`, async () => {
      const started = await s.start(['docker', 'netexec', ...words, '--', 'sleep', 'infinity']);
      const netexec = await s.eventually(() => {
        assert.ok(holders(pid).length > 0);
        return descendantsOf(started.pid).find(isNetexec)?.pid ?? 0;
      });
      process.kill(netexec, signal);
      await started.ended;
      await nothingHeld(s, pid);
      await s.eventually(() => s.processes().length === 0);
    });
  }
});

scenario('with --restart the new container must be intercepted as well', { project }, async (s) => {
  const started = await intercept(s, ['--restart', ...words], server(s, 8322));
  assert.equal(await get(s), ours);
  const before = await pidOf(s);
  await must(s.compose(['restart', '-t', '0', 'web']));
  await s.eventually(() => started.stdout().match(/Serving/g)?.length === 2);
  const pid = await pidOf(s);
  assert.notEqual(pid, before);
  assert.equal(await get(s), ours);
  assert.equal((await tables(s, pid)).length, 1);
  started.kill('SIGTERM');
  await nothingHeld(s, pid);
});

scenario('what others do not reach must be said', { project }, async (s) => {
  const { stdout: id } = await must(s.compose(['ps', '-q', 'web']));
  await must(s.docker(['restart', '-t', '0', id]));
  await serveInside(s, 'web', 8090);
  const onLocalhost = await intercept(s, words, server(s, 8322, ['--bind', '127.0.0.1']));
  const lines = [
    said,
    'netexec: warning: nothing listens on port 8089 of web; it listens on 8090: use the port inside the container with --intercept',
    'netexec: warning: port 8322 is open on localhost only, which others cannot reach: make COMMAND listen on 0.0.0.0 (its --host or --bind)',
    '',
  ];
  await s.eventually(() => assert.equal(onLocalhost.stderr(), lines.join('\n')));
  // From elsewhere the port is refused, and not for want of a server.
  const asker = await beside(s, 'asker', ['sleep', 'infinity'], 'backend');
  await mustFind(
    s,
    [asker, 'web:8089'],
    'intercepted',
    /^netexec's process \d+ intercepts port 8089 of \S*web, and its COMMAND listens on 127\.0\.0\.1 only/,
    /0\.0\.0\.0/,
  );
  onLocalhost.kill('SIGTERM');
  await onLocalhost.ended;
  // What a process of the container's own says is not believed: it could name any process of this machine's.
  await must(s.compose(['exec', '-d', 'web', 'sh', '-c', 'sleep 600; :', 'netexec', 'nft', '1', '8089:8322']));
  await mustFind(s, [asker, 'web:8089'], 'wrong-port', /listens on .*8090.*, not on 8089$/, /web:8090/);
});

scenario('what runs outside must be reached by --reverse from there', { project }, async (s) => {
  await serveInside(s, 'web', 8089);
  const outside = createServer((_, answer) => answer.end('from outside')).listen(0, '127.0.0.1');
  await once(outside, 'listening');
  s.t.after(() => outside.close().closeAllConnections());
  const { port } = outside.address() as AddressInfo;
  const command = ['sh', '-c', 'echo ready; exec sleep infinity'];
  const started = await s.start(['docker', 'netexec', '--reverse', `8322:${port}`, ...words, '--', ...command]);
  await started.says('ready');
  assert.equal(await get(s), 'from outside');
  const inside = await must(s.compose(['exec', '-T', 'web', 'wget', '-qO-', 'http://localhost:8089/page']));
  assert.equal(inside.stdout, own);
  started.kill('SIGTERM');
  const run = await started.ended;
  assert.deepEqual(
    [run.status, run.stderr],
    [143, `localhost:8322 in web → localhost:${port} on this machine\n${said}`],
  );
  assert.equal(await get(s), own);
});

scenario("COMMAND's descriptors must be the caller's, and its children its own", { project }, async (s) => {
  const seen = async (options: readonly string[]): Promise<readonly string[]> => {
    const script = `exec 5</etc/passwd 7</etc/hostname; docker netexec ${options.join(' ')} web -- sh -c '
      ls -l /proc/$$/fd; cat /proc/$$/task/$$/children'`;
    const { stdout } = await must(s.run(['bash', '-c', script]));
    const numbers = [...stdout.matchAll(/ (\d+) -> (\S+)/g)].map(([, number, file]) => `${number} ${file}`);
    return [
      ...numbers.filter((each) => !/^[012] /.test(each)),
      `${stdout.split('\n').at(-1)?.trim().split(' ').length}`,
    ];
  };
  const without = await seen([]);
  assert.ok(without.includes('5 /etc/passwd') && without.includes('7 /etc/hostname'), without.join('\n'));
  assert.deepEqual(await seen(['--intercept', '8089:8322']), without);
});

/** Programs in nft's place: what they do, and what is said then. */
const broken: readonly (readonly [what: string, script: string, said: string])[] = [
  [
    'the kernel has no nat',
    'echo "Error: Could not process rule: No such file or directory" >&2; exit 1',
    'netexec: cannot intercept: Could not process rule: No such file or directory (this needs nft 1.0, and nftables with NAT in the kernel)',
  ],
  [
    'nft knows no owner',
    '[ "$1" != list ] || exit 1; printf "Error: syntax error, unexpected owner\\n$2\\n  ^^^\\n" >&2; exit 1',
    'netexec: cannot intercept: syntax error, unexpected owner (this needs nft 1.0, and nftables with NAT in the kernel)',
  ],
  ['nft keeps nothing', '[ "$1" != list ] || exit 1; [ "$1" != -i ] || exit 3', 'netexec: nft exited with status 3'],
  [
    'nft may not be run',
    'exit 126',
    'netexec: cannot intercept: nft failed with status 126 (this needs nft 1.0, and nftables with NAT in the kernel)',
  ],
];

scenario('where nft cannot, COMMAND must not start, and it be said why', { project }, async (s) => {
  const machine = await ownMachine(s);
  const pid = await pidOf(s);
  const nft = join(s.folder, 'nft');
  for (const [what, script, refusal] of broken) {
    await s.subtest(what, async () => {
      writeFileSync(nft, `#!/bin/sh\n${script}\n`);
      chmodSync(nft, 0o755);
      const mounted = 'mount --bind "$1" /usr/sbin/nft; shift; exec "$@"';
      const run = await s.run(
        machine.inside(['unshare', '-m', 'sh', '-c', mounted, 'sh', nft, 'docker', 'netexec', ...words, '--', 'echo']),
      );
      assert.deepEqual([run.status, run.stdout, run.stderr], [125, '', refusal]);
      await nothingHeld(s, pid);
    });
  }
});

scenario('a table of the same name must be in the way, and nothing of it be shown', { project }, async (s) => {
  const pid = await pidOf(s);
  const nft = (...args: readonly string[]) => s.run(['nsenter', `--net=/proc/${pid}/ns/net`, '--', 'nft', ...args]);
  await must(nft('add table inet netexec-8089 { comment "\u001B[31m"; }'));
  const run = await s.netexec([...words, '--', 'echo', 'COMMAND']);
  await must(nft('delete table inet netexec-8089'));
  const refusal = "netexec: port 8089 is already intercepted by another program's table netexec-8089";
  assert.deepEqual([run.status, run.stdout, run.stderr], [125, '', refusal]);
});
