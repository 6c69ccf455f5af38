// The host's own resolver ends and starts again while COMMAND runs, as in an upgrade or when a laptop wakes.
import assert from 'node:assert/strict';
import { project } from './host-matrix.ts';
import { hosts, makeHost, startDaemons, wrongAddress } from './hosts.ts';
import { ownMachine } from './machine.ts';
import { must, scenario } from './scenario.ts';

const script = 'while read -r round; do echo "$round $(getent ahostsv4 postgres | head -n 1)"; done';
// Files are renamed into place, and nscd makes a new socket. What both say of the name is wrong.
const rewrite = `
  rm -f /run/nscd/socket
  grep ^${wrongAddress} /etc/hosts || echo ${wrongAddress} postgres >>/etc/hosts
  for file in resolv.conf hosts nsswitch.conf; do cp /etc/$file /etc/new; mv /etc/new /etc/$file; done
`;

scenario("names must hold while the host's resolver ends and starts again", { project }, async (s) => {
  const host = hosts.find(({ name }) => name === 'systemd-resolved and nscd');
  assert.ok(host);
  const address = await s.address('postgres', 'backend');
  const machine = await ownMachine(s, { network: true });
  let daemons = await makeHost(s, machine, host);
  const started = await s.start(machine.inside(['docker', 'netexec', 'web', '--', 'sh', '-c', script]));
  const ask = async (round: string): Promise<void> => {
    started.write(`${round}\n`);
    await s.eventually(() =>
      assert.match(started.stdout(), new RegExp(`^${round} ${address.replaceAll('.', '\\.')} `, 'm')),
    );
  };
  await ask('before');
  for (const round of ['once', 'twice']) {
    for (const daemon of daemons) daemon.kill('SIGTERM');
    await Promise.all(daemons.map(({ ended }) => ended));
    await ask(`${round}-away`);
    await must(s.run(machine.inside(['sh', '-ec', rewrite])));
    daemons = await startDaemons(s, machine, host);
    // It serves what is wrong, as before: COMMAND does not ask it.
    assert.match(
      (await must(s.run(machine.inside(['getent', 'ahostsv4', 'postgres'])))).stdout,
      new RegExp(`^${wrongAddress} `),
    );
    await ask(`${round}-back`);
  }
  started.closeInput();
  const { status, stderr } = await started.ended;
  assert.deepEqual([status, stderr], [0, '']);
  for (const daemon of daemons) daemon.kill('SIGTERM');
});
