// --host-network, for as long as COMMAND runs: its names follow the containers, and all else this machine.
import assert from 'node:assert/strict';
import { ownMachine } from './machine.ts';
import { addressOf, name, own } from './outside.ts';
import { bringUp } from './own-project.ts';
import { must, scenario } from './scenario.ts';

const project = 'article';

scenario('while COMMAND runs names must follow the containers', { project }, async (s) => {
  const options = await bringUp(s, name, own);
  const script =
    'while read -r each; do echo "$each $(getent hosts $each | sed "s/ .*//" | sort | tr "\\n" " ")"; done';
  const started = await s.start(['docker', 'netexec', '--host-network', 'db', '--', 'sh', '-c', script], options);
  /** What it says of a name now. */
  const means = async (each: string): Promise<string> => {
    const length = started.stdout().length;
    started.write(`${each}\n`);
    return s
      .eventually(() => {
        const line = new RegExp(`^${each} (.*)\\n`).exec(started.stdout().slice(length));
        assert.ok(line);
        return { toString: () => (line[1] ?? '').trim() };
      })
      .then(String);
  };
  const becomes = (each: string, expected: string): Promise<unknown> =>
    s.eventually(async () => assert.equal(await means(each), expected));
  const network = `${name}_beta`;
  await becomes('web', await addressOf(s, 'web', 'beta', options));
  await must(s.docker(['network', 'disconnect', network, `${name}-web-1`], options));
  await becomes('web', '');
  await must(
    s.docker(
      ['network', 'connect', '--ip', '10.97.2.77', '--alias', 'web', '--alias', 'late', network, `${name}-web-1`],
      options,
    ),
  );
  await becomes('web', '10.97.2.77');
  await becomes('late', '10.97.2.77');
  await s.subtest('a replica that comes, and goes', async () => {
    const scale = (number: number): Promise<unknown> =>
      must(s.compose(['up', '-d', '--no-recreate', '--scale', `db=${number}`, 'db'], options));
    const first = await addressOf(s, 'db', 'beta', options);
    await scale(2);
    const format = `{{(index .NetworkSettings.Networks "${network}").IPAddress}}`;
    const second = (await must(s.docker(['inspect', '-f', format, `${name}-db-2`], options))).stdout.trim();
    await becomes('db', [first, second].toSorted().join(' '));
    await scale(1);
    await becomes('db', first);
  });
  await s.subtest('the service itself, which is made anew', async () => {
    await must(s.docker(['rm', '-f', `${name}-db-1`], options));
    await becomes('db', '');
    await becomes('web', '10.97.2.77');
    await must(s.compose(['up', '-d', 'db'], options));
    await becomes('db', await addressOf(s, 'db', 'beta', options));
  });
  started.kill('SIGTERM');
  assert.equal((await started.ended).status, 143);
  assert.equal(started.stderr(), '');
});

scenario('names must hold, and the rest be followed, when this machine replaces its files', { project }, async (s) => {
  const machine = await ownMachine(s);
  const replace = (file: string, text: string): Promise<unknown> =>
    must(s.run(machine.inside(['sh', '-c', 'cat >"$1.new" && mv "$1.new" "$1"', 'sh', file]), { input: text }));
  await replace('/etc/hosts', '127.0.0.1 localhost\n192.0.2.1 postgres other\n');
  await replace('/etc/nsswitch.conf', 'passwd: files\nhosts: dns [!UNAVAIL=return] files\n');
  const script =
    'echo up; while read -r _; do getent hosts postgres other later; grep ^nameserver /etc/resolv.conf; echo end; done';
  const words = ['docker', 'netexec', '--host-network', 'web', '--', 'sh', '-c', script];
  const started = await s.start(machine.inside(words));
  await started.says('up');
  const say = async (): Promise<readonly string[]> => {
    const length = started.stdout().length;
    started.write('\n');
    await s.eventually(() => assert.match(started.stdout().slice(length), /^end$/m));
    return started
      .stdout()
      .slice(length)
      .trim()
      .split('\n')
      .map((line) => line.split(/\s+/).slice(0, 2).join(' '));
  };
  const address = await s.address('postgres', 'backend');
  assert.deepEqual(await say(), [`${address} postgres`, '192.0.2.1 other', 'nameserver 127.0.0.1', 'end']);
  await replace('/etc/hosts', '192.0.2.2 postgres\n192.0.2.3 later\n');
  await replace('/etc/nsswitch.conf', 'hosts: dns\n');
  await replace('/etc/resolv.conf', 'nameserver 127.0.0.9\n');
  const now = [`${address} postgres`, '192.0.2.3 later', 'nameserver 127.0.0.9', 'end'];
  await s.eventually(async () => assert.deepEqual(await say(), now));
  started.kill('SIGTERM');
  await started.ended;
});
