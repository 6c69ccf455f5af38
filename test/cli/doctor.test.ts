// --doctor with engines that are not at hand: another maker's, and none.
import assert from 'node:assert/strict';
import { chmodSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { fakeEngine } from '../fake-engine.ts';
import type { Wishes } from '../fake-engine.ts';
import { recordingWith } from '../recordings.ts';
import { asOrdinaryUser, inOwn, makePlace, run, usePlugin } from './place.ts';
import type { Outcome } from './place.ts';

const plugin = usePlugin();

/** What Podman 4.3 says of itself, as far as it is read: that it is rootless is no security option of its. */
const podman = {
  ServerVersion: '4.3.1',
  OperatingSystem: 'debian',
  SecurityOptions: ['name=seccomp,profile=default'],
  Rootless: true,
};

async function doctor(
  context: TestContext,
  info: object | undefined,
  wishes: Wishes = {},
  isClosed = false,
): Promise<Outcome> {
  const place = makePlace(context);
  place.wrapper = asOrdinaryUser;
  if (info !== undefined) {
    const fake = await fakeEngine({ ...recordingWith(), list: [], info: { ...info } }, place.socket, wishes);
    place.cleanUp(() => fake.close());
  }
  if (isClosed) chmodSync(place.socket, 0);
  return run(place, [...place.wrapper, plugin.file, 'netexec', '--doctor']);
}

test('who may not use the engine must be told the line with which root can', async (context) => {
  const { stdout } = await doctor(context, {}, {}, true);
  assert.match(stdout, /✗ engine +.* permission denied on /);
  assert.match(stdout, /or use sudo docker --config \S+ (?:--host \S+ )?netexec$/m);
});

test('an engine that says it is rootless, in whichever way, must not be called root', async (context) => {
  for (const info of [podman, { ...podman, Rootless: undefined, SecurityOptions: ['name=rootless'] }]) {
    const { stdout } = await doctor(context, info);
    assert.match(stdout, /^ {2}[✓!] engine +4\.3\.1, rootless, debian/m);
    assert.match(stdout, /^ {2}✓ rootless +used: the engine is rootless, and your own$/m);
    assert.match(stdout, /^ {2}· docker +not available: the engine is rootless, so it is not root itself$/m);
    assert.doesNotMatch(stdout, /runs as root/);
  }
});

test('Podman must be called by its name, and its version be no reproach', async (context) => {
  const { stdout } = await doctor(context, podman, { podman: '4.3.1' });
  assert.match(stdout, /^ {2}✓ engine +Podman 4\.3\.1, rootless, debian/m);
  assert.match(stdout, /^ {2}· Podman +names have no network suffix/m);
});

test('an engine that is root must be called so', async (context) => {
  const { stdout } = await doctor(context, { ...podman, Rootless: false });
  assert.match(stdout, /^ {2}. docker +.*: the engine runs as root$/m);
});

test('an engine that is down must be what is wrong, and no way that it has nothing to do with', async (context) => {
  const { status, stdout } = await doctor(context, undefined);
  assert.equal(status, 1);
  assert.deepEqual(
    stdout
      .split('\n')
      .filter((line) => line.startsWith('  ✗'))
      .map((line) => line.split(/ +/)[2]),
    ['engine'],
  );
  assert.match(stdout, /^1 thing to fix: engine: cannot connect to the engine at .*: no such socket$/m);
});

test("busybox's setpriv must be told, its other tools must do, and all else be looked at", async (context) => {
  const place = makePlace(context);
  for (const name of ['setpriv', 'nsenter', 'unshare']) symlinkSync('/usr/bin/busybox', join(place.folder, name));
  const script = 'mount -t overlay -o "lowerdir=$1:/usr/bin" netexec /usr/bin; shift; exec "$@"';
  const wrapper = [...inOwn('--mount'), 'sh', '-ec', script, 'sh', place.folder];
  const { stdout } = await run(place, [...wrapper, plugin.file, 'netexec', '--doctor']);
  assert.match(stdout, /^ {2}✓ client +Docker version /m);
  assert.match(stdout, /^ {2}✗ setpriv +/m);
  for (const name of ['nsenter', 'unshare']) assert.match(stdout, new RegExp(`^ {2}✓ ${name} +`, 'm'));
});
