// Servers of ssh that take a connection and then say nothing, or no more: what waits for them ends, in a sentence.
import { spawn } from 'node:child_process';
import { chmodSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import { makePlace, usePlugin, withDefaultEngine } from './place.ts';
import type { Place } from './place.ts';
import { withPatience } from './patience.ts';
import { refusals } from './refusals.ts';

const plugin = usePlugin();
/** Two minutes are long for a test. */
const seconds = 2;

/** A server that says this to whoever connects, and `far` as its name. */
const greeting =
  (words: string, met?: (connection: Socket) => void) =>
  async (place: Place): Promise<void> => {
    const server = createServer((connection) => {
      connection.on('error', () => {});
      connection.write(words);
      met?.(connection);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    place.cleanUp(() => server.close());
    const { port } = server.address() as AddressInfo;
    const config = place.write('config', `Host far\n  HostName 127.0.0.1\n  Port ${port}\n  BatchMode yes\n`);
    chmodSync(place.write('bin/ssh', `#!/bin/sh\nexec /usr/bin/ssh -F ${config} "$@"\n`), 0o755);
    place.env['PATH'] = `${join(place.folder, 'bin')}:${place.env['PATH']}`;
    withDefaultEngine(place);
    place.env['DOCKER_HOST'] = 'ssh://me@far';
  };

const says = [
  `netexec: cannot connect to the engine at ssh://me@far (from DOCKER_HOST): ssh did not log in within ${seconds} seconds`,
  'hint: ssh must log in without asking for a password, as with docker itself; try ssh ssh://me@far docker version',
];

refusals(withPatience(plugin, seconds), 'a server of ssh', [
  { name: 'that says nothing', words: ['web', 'true'], prepare: greeting(''), says },
  { name: 'that greets, and says no more', words: ['web', 'true'], prepare: greeting('SSH-2.0-OpenSSH_9.2\r\n'), says },
  {
    name: 'that greets, and says no more, to a report',
    words: ['--list-networks'],
    prepare: greeting('SSH-2.0-OpenSSH_9.2\r\n'),
    says,
  },
]);

test('kill -9 of netexec must end an ssh that is logging in', { timeout: 60_000 }, async (context) => {
  const place = makePlace(context);
  let meet!: (connection: Socket) => void;
  const met = new Promise<Socket>((resolve) => (meet = resolve));
  await greeting('SSH-2.0-OpenSSH_9.2\r\n', meet)(place);
  const netexec = spawn(plugin.file, ['netexec', 'web', 'true'], { cwd: place.cwd, env: place.env, stdio: 'ignore' });
  const connection = await met;
  place.cleanUp(() => connection.destroy());
  // Of what it has not read the kernel tells by a reset.
  const closed = new Promise((resolve) =>
    connection
      .resume()
      .once('close', resolve)
      .on('error', () => {}),
  );
  netexec.kill('SIGKILL');
  await closed;
});
