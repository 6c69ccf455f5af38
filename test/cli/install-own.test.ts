// Whose the folders and files are that installing and removing meet: what is not netexec's stays, and nobody is led elsewhere.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, rmdirSync, statSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import type { TestContext } from 'node:test';
import { config, installed, makeHome, plugin, useCheckout } from './installing.ts';
import { inOwn, isRoot, run } from './place.ts';
import type { Place } from './place.ts';

const checkout = useCheckout();
const { script } = checkout;

describe("what is not netexec's", () => {
  const own = ['netexec/.git/HEAD', 'netexec/LICENSE', 'netexec/notes.txt', 'netexec/src/main.cjs', 'netexec/tool.cjs'];
  const writeOwn = (place: Place): void => {
    for (const name of own) place.write(join("it's a folder & more", name), 'mine');
  };
  const files = (place: Place): readonly string[] =>
    installed(place).filter((name) => statSync(join(config(place), name)).isFile());

  test('must stay, where nothing is installed', async (context) => {
    const place = makeHome(context);
    writeOwn(place);
    const { status, stdout } = await script(place, 'uninstall');
    assert.deepEqual([status, stdout], [0, "docker-netexec is not installed in TMP/it's a folder & more\n"]);
    assert.deepEqual(files(place), own);
  });

  test('must stay, beside a plugin file alone', async (context) => {
    const place = makeHome(context);
    writeOwn(place);
    place.write("it's a folder & more/cli-plugins/docker-netexec", '#!/bin/sh\n');
    assert.equal((await script(place, 'uninstall')).status, 0);
    assert.deepEqual(files(place), own);
  });

  test('must be named and left by an installation', async (context) => {
    const place = makeHome(context);
    writeOwn(place);
    const { status, stderr } = await script(place, 'install');
    assert.equal(status, 1);
    assert.match(stderr, /^netexec: TMP\/it's a folder & more\/netexec exists, .*\nhint: move it away, .*\n$/m);
    assert.deepEqual(files(place), own);
  });

  test('must stay in the folder of an installation', async (context) => {
    const place = makeHome(context);
    await script(place, 'install');
    const mine = ['netexec/notes.txt', 'netexec/sub/LICENSE'];
    for (const name of mine) place.write(join("it's a folder & more", name), 'mine');
    assert.equal((await script(place, 'install')).status, 0);
    assert.equal((await script(place, 'uninstall')).status, 0);
    assert.deepEqual(files(place), mine);
  });
});

test('an installation of 0.1.0 must go whole', async (context) => {
  const place = makeHome(context);
  for (const name of ['main.cjs', 'main.cjs.code', 'netexec.cjs', 'node', 'LICENSE', 'completion.sh'])
    place.write(join("it's a folder & more/netexec", name), '');
  place.write("it's a folder & more/cli-plugins/docker-netexec", '#!/bin/sh\n');
  assert.equal((await script(place, 'uninstall')).status, 0);
  assert.ok(!existsSync(config(place)));
});

describe('the folder that docker was told', () => {
  for (const [what, name] of [
    ['ends in a newline', 'd\n'],
    ['begins like an option', '-x'],
  ] as const)
    test(`must be that one where it ${what}`, async (context) => {
      const place = makeHome(context);
      place.env['DOCKER_CONFIG'] = name.startsWith('-') ? name : join(place.folder, name);
      place.cwd = place.folder;
      for (const file of ['netexec/netexec', 'netexec/completion.sh', 'cli-plugins/docker-netexec'])
        for (const other of ['d', 'x', '']) place.write(join(other, file), '');
      const present = readdirSync(place.folder).toSorted();
      assert.deepEqual([(await script(place, 'install')).status, existsSync(join(place.folder, name))], [0, true]);
      const { status, stdout } = await script(place, 'uninstall');
      assert.deepEqual(
        [status, stdout],
        [0, `removed docker-netexec from ${name.startsWith('-') ? '' : 'TMP/'}${name}\n`],
      );
      assert.deepEqual(readdirSync(place.folder).toSorted(), present);
      assert.ok(existsSync(join(place.folder, 'd/netexec/netexec')));
    });
});

describe('what runs wrote', () => {
  test('must go with the folders that were made for it', async (context) => {
    const place = makeHome(context);
    mkdirSync(join(place.folder, '.local/state/docker-netexec'), { recursive: true });
    await script(place, 'uninstall');
    assert.ok(!existsSync(join(place.folder, '.local')));
  });

  test("must leave others' files beside it", async (context) => {
    const place = makeHome(context);
    mkdirSync(join(place.folder, '.local/state/docker-netexec'), { recursive: true });
    place.write('.local/state/other', '');
    await script(place, 'uninstall');
    assert.deepEqual(readdirSync(join(place.folder, '.local/state')), ['other']);
  });

  test(
    'must not be looked for at the root where HOME is not set',
    { skip: isRoot ? false : 'needs root' },
    async (context) => {
      const place = makeHome(context);
      delete place.env['HOME'];
      const text = `mount -t tmpfs tmpfs /mnt; mkdir -p /mnt/.local/state/docker-netexec /mnt/mnt
      for each in bin dev etc lib lib64 proc tmp usr sbin work; do
        [ -d /$each ] || continue; mkdir -p /mnt/$each; mount --rbind /$each /mnt/$each
      done
      chroot /mnt "$1" >/dev/null; find /mnt/.local -name docker-netexec`;
      const words = ['sh', '-c', text, 'sh', join(checkout.folder, 'scripts/uninstall')];
      const outcome = await run(place, [...inOwn('--mount'), ...words]);
      assert.deepEqual(outcome, { status: 0, stdout: '/mnt/.local/state/docker-netexec\n', stderr: '' });
    },
  );
});

describe("root in another user's folder", { skip: isRoot ? false : 'needs root' }, () => {
  const refused = (below: string): RegExp =>
    new RegExp(
      `^netexec: TMP/home${below} belongs to another user, nobody, .*\nhint: install it as that user, .*--system\n$`,
      'm',
    );
  const makeUsersHome = (context: TestContext): Place => {
    const place = makeHome(context);
    delete place.env['DOCKER_CONFIG'];
    place.env['HOME'] = join(place.folder, 'home');
    return place;
  };
  const chown = (...words: readonly string[]): void => {
    execFileSync('chown', ['-h', '65534', ...words]);
  };

  test('must be refused where the home is theirs', async (context) => {
    const place = makeUsersHome(context);
    chown(join(place.folder, 'home'));
    const { status, stderr } = await script(place, 'install');
    assert.equal(status, 1);
    assert.match(stderr, refused(''));
    assert.deepEqual(readdirSync(join(place.folder, 'home')), []);
  });

  for (const name of ['.docker', '.docker/netexec', '.docker/cli-plugins'])
    test(`must be refused where ${name} is theirs, or a link of theirs`, async (context) => {
      const place = makeUsersHome(context);
      const theirs = join(place.folder, 'home', name);
      mkdirSync(theirs, { recursive: true });
      chown(theirs);
      assert.match((await script(place, 'install')).stderr, refused(`/${name}`));
      rmdirSync(theirs);
      mkdirSync(join(place.folder, 'roots'));
      symlinkSync(join(place.folder, 'roots'), theirs);
      chown(theirs);
      assert.match((await script(place, 'install')).stderr, refused(`/${name}`));
      assert.deepEqual(readdirSync(join(place.folder, 'roots')), []);
    });

  test('must not remove what a link of theirs leads to', async (context) => {
    const place = makeUsersHome(context);
    for (const name of ['netexec', 'completion.sh']) place.write(`roots/${name}`, '');
    place.write('home/.docker/cli-plugins/docker-netexec', '#!/bin/sh\n');
    symlinkSync(join(place.folder, 'roots'), join(place.folder, 'home/.docker/netexec'));
    chown(join(place.folder, 'home/.docker/netexec'));
    await script(place, 'uninstall');
    assert.deepEqual(readdirSync(join(place.folder, 'roots')).toSorted(), ['completion.sh', 'netexec']);
  });
});

test("a folder that is a link of one's own must be followed", async (context) => {
  const place = makeHome(context);
  mkdirSync(join(place.folder, 'dotfiles'));
  symlinkSync('dotfiles', config(place));
  assert.equal((await script(place, 'install')).status, 0);
  assert.match((await plugin(place, '--version')).stdout, /^docker-netexec version /);
  assert.deepEqual(readdirSync(join(place.folder, 'dotfiles')).toSorted(), ['cli-plugins', 'netexec']);
  assert.equal((await script(place, 'uninstall')).status, 0);
  assert.deepEqual(readdirSync(join(place.folder, 'dotfiles')), []);
});

test('an installation from the checkout must leave no cache behind', async (context) => {
  const place = makeHome(context);
  await script(place, 'install');
  await script(place, 'uninstall');
  assert.ok(!existsSync(join(place.folder, '.bun')));
});
