// Installing, installing again, and removing, as README tells users to.
import assert from 'node:assert/strict';
import { chmodSync, existsSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { config, installed, makeHome, plugin, useCheckout } from './installing.ts';
import { asOrdinaryUser, copyCheckout, inOwn, isRoot, linkOrCopy, removeFolder, run } from './place.ts';
import type { Outcome, Place } from './place.ts';

const checkout = useCheckout();
const { script } = checkout;

test('an installation must be complete in itself, and go without a trace', async (context) => {
  const place = makeHome(context);
  const own = copyCheckout(place.folder);
  const outcome = await run(place, [join(own, 'scripts/install')]);
  assert.deepEqual([outcome.status, outcome.stderr], [0, '']);
  assert.match(
    outcome.stdout,
    /^installed docker-netexec \S+ as TMP\/it's a folder & more\/cli-plugins\/docker-netexec$/m,
  );
  removeFolder(own);
  assert.match((await plugin(place, '--version')).stdout, /^docker-netexec version /);
  assert.match((await plugin(place, '--help')).stdout, /^Usage: /);
  assert.deepEqual(await script(place, 'uninstall'), {
    status: 0,
    stdout: "removed docker-netexec from TMP/it's a folder & more\n",
    stderr: '',
  });
  assert.ok(!existsSync(config(place)));
});

test('installing again must replace all that is its own, and removing must leave what is not', async (context) => {
  const place = makeHome(context);
  await script(place, 'install');
  const others = ['cli-plugins/docker-other', 'config.json'];
  for (const name of others) writeFileSync(join(config(place), name), '');
  const fresh = installed(place);
  const executable = join(config(place), 'netexec/netexec');
  const { size } = statSync(executable);
  writeFileSync(executable, 'old');
  writeFileSync(join(config(place), 'netexec/left-from-before.cjs'), '');
  writeFileSync(join(config(place), 'cli-plugins/docker-netexec'), '#!/bin/sh\necho old\n');
  await script(place, 'install');
  assert.deepEqual(installed(place), fresh);
  assert.equal(statSync(executable).size, size);
  assert.match((await plugin(place, '--version')).stdout, /^docker-netexec version /);
  await script(place, 'uninstall');
  assert.deepEqual(installed(place), ['cli-plugins', ...others]);
});

test('a folder that cannot be written must be named, and left as it is', async (context) => {
  const place = makeHome(context);
  mkdirSync(config(place));
  const readOnly = 'mount --bind "$1" "$1" && mount -o remount,bind,ro "$1" && exec "$2"';
  const install = ['sh', '-c', readOnly, 'sh', config(place), join(checkout.folder, 'scripts/install')];
  assert.deepEqual(await run(place, [...inOwn('--mount'), ...install]), {
    status: 1,
    stdout: '',
    stderr:
      "netexec: cannot write to TMP/it's a folder & more/cli-plugins\nhint: does it belong to another user? --system needs root\n",
  });
  assert.deepEqual(installed(place), []);
});

describe('docker netexec --uninstall', () => {
  const docker = (place: Place, ...words: readonly string[]): Promise<Outcome> =>
    run(place, ['docker', 'netexec', ...words]);

  test('must remove the installation that docker takes, what runs wrote, and nothing else', async (context) => {
    const place = makeHome(context);
    await script(place, 'install');
    writeFileSync(join(config(place), 'config.json'), '{}');
    place.env['XDG_RUNTIME_DIR'] = join(place.folder, 'runtime');
    const written = ['runtime/docker-netexec', '.local/state/docker-netexec'].map((name) => join(place.folder, name));
    for (const each of written) mkdirSync(each, { recursive: true });
    assert.deepEqual(await docker(place, '--uninstall'), {
      status: 0,
      stdout: "removed docker-netexec from TMP/it's a folder & more\n",
      stderr: '',
    });
    assert.deepEqual(installed(place), ['config.json']);
    assert.deepEqual(written.filter(existsSync), []);
  });

  test('must name another copy, and remove that when it is asked again', async (context) => {
    const place = makeHome(context);
    await script(place, 'install');
    const extra = join(place.folder, 'extra');
    mkdirSync(extra);
    linkOrCopy(join(config(place), 'netexec/netexec'), join(extra, 'docker-netexec'));
    writeFileSync(join(config(place), 'config.json'), JSON.stringify({ cliPluginsExtraDirs: [extra] }));
    const own = "TMP/it's a folder & more";
    assert.equal(
      (await docker(place, '--uninstall')).stdout,
      `removed docker-netexec from TMP/extra\ndocker still has another copy: ${own}/cli-plugins/docker-netexec\n`,
    );
    assert.equal((await docker(place, '--uninstall')).stdout, `removed docker-netexec from ${own}\n`);
    assert.ok(!existsSync(extra) && existsSync(join(config(place), 'config.json')));
  });

  test('must say so where it may not, and leave it whole', { skip: isRoot ? false : 'needs root' }, async (context) => {
    const place = makeHome(context);
    await script(place, 'install');
    const whole = installed(place);
    place.env['HOME'] = join(place.folder, 'home');
    const outcome = await run(place, [...asOrdinaryUser, 'docker', 'netexec', '--uninstall']);
    assert.deepEqual(outcome, {
      status: 1,
      stdout: '',
      stderr:
        "netexec: cannot remove TMP/it's a folder & more/cli-plugins/docker-netexec\nhint: does it belong to another user? Check with ls -l\n",
    });
    assert.deepEqual(installed(place), whole);
  });
});

test('a checkout in which another user has built must be named', async (context) => {
  const place = makeHome(context);
  const readOnly = 'mount --bind "$1" "$1" && mount -o remount,bind,ro "$1" && exec "$2"';
  const install = ['sh', '-c', readOnly, 'sh', join(checkout.folder, 'dist'), join(checkout.folder, 'scripts/install')];
  const { status, stderr } = await run(place, [...inOwn('--mount'), ...install]);
  assert.equal(status, 1);
  assert.match(
    stderr,
    /^netexec: cannot write to \S+\/dist, to build in it\nhint: does it belong to another user\? sudo chown -R \S+ \S+\n$/,
  );
});

describe('removing', () => {
  test('must say where there is nothing to remove', async (context) => {
    const place = makeHome(context);
    assert.deepEqual(await script(place, 'uninstall'), {
      status: 0,
      stdout: "docker-netexec is not installed in TMP/it's a folder & more\n",
      stderr: '',
    });
  });

  test('must remove what is left of an installation', async (context) => {
    const place = makeHome(context);
    mkdirSync(join(config(place), 'netexec'), { recursive: true });
    assert.equal((await script(place, 'uninstall')).status, 0);
    assert.ok(!existsSync(config(place)));
  });
});

describe('words', () => {
  for (const name of ['install', 'uninstall']) {
    test(`scripts/${name} must refuse what it does not know`, async (context) => {
      const { status, stdout, stderr } = await script(makeHome(context), name, '--sytem');
      assert.deepEqual([status, stdout], [1, '']);
      assert.match(
        stderr,
        new RegExp(`^netexec: unknown argument: --sytem\nhint: Usage: scripts/${name} \\[--system\\]\n`),
      );
    });

    test(`scripts/${name} must say what it does`, async (context) => {
      const { status, stdout } = await script(makeHome(context), name, '--help');
      assert.equal(status, 0);
      assert.match(stdout, new RegExp(`^Usage: scripts/${name} \\[--system\\]\n`));
    });
  }
});

test(
  'with --system it must be there for every user, and be gone without a trace',
  { skip: isRoot ? false : 'needs root' },
  async (context) => {
    const place = makeHome(context);
    delete place.env['DOCKER_CONFIG'];
    // A machine where nothing of docker's is installed for all, seen by this test alone.
    const text = `set -e
    folder=/usr/local/lib/docker
    [ -d $folder ] || folder=/usr/local/lib
    mount -t tmpfs -o mode=755 tmpfs $folder
    umask 077
    scripts/install --system >/dev/null
    setpriv --reuid 65534 --regid 65534 --clear-groups docker netexec --version
    scripts/uninstall --system
    find /usr/local/lib/docker -mindepth 1
    scripts/install --system >/dev/null
    docker netexec --uninstall
    find /usr/local/lib/docker -mindepth 1`;
    chmodSync(place.folder, 0o755);
    place.cwd = checkout.folder;
    const outcome = await run(place, [...inOwn('--mount'), 'sh', '-c', text]);
    assert.deepEqual([outcome.status, outcome.stderr], [0, '']);
    assert.match(
      outcome.stdout,
      /^docker-netexec version \S+\n(?:removed docker-netexec from \/usr\/local\/lib\/docker\n){2}$/,
    );
  },
);
