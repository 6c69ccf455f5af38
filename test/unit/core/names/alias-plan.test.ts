// Which HOSTALIASES files a run writes, and which of them is COMMAND's.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { aliasPath, planAliases } from '../../../../src/core/names/alias-plan.ts';
import type { AliasPlan, NamesSeen } from '../../../../src/core/names/alias-plan.ts';
import type { AliasTarget } from '../../../../src/core/names/aliases.ts';
import type { EntryContext } from '../../../../src/core/entry/environment.ts';
import type { NetworkName } from '../../../../src/core/names/names.ts';

const folder = '/run/user/1000/docker-netexec';
const engine: AliasTarget = { kind: 'engine' };
const sslip: AliasTarget = { kind: 'provider', domain: 'sslip.io' };
const web: EntryContext = { project: 'shop', service: 'web', container: 'shop-web-1', networks: [], root: undefined };

type SeenNetwork = NamesSeen['networks'][number];

/** A network of the names NAME=ADDRESS. */
function network(name: string, names: readonly string[], earlier = ''): SeenNetwork {
  const read = (text: string): NetworkName => {
    const [word = '', address = ''] = text.split('=');
    return { name: word, network: name, addresses: [address], services: [], containers: [] };
  };
  return { name, id: idOf(name), names: names.map(read), earlier };
}

const idOf = (name: string): string => name.replaceAll(/[^a-f]/g, '0').padEnd(64, '0');

function plan(networks: readonly SeenNetwork[], seen: Partial<NamesSeen> = {}, at: Partial<EntryContext> = {}) {
  const all: NamesSeen = { pinned: undefined, networks, complete: false, warnings: [], target: engine, ...seen };
  return planAliases({ ...web, ...at }, all, folder);
}

/** File name → its aliases; the file that is COMMAND's. */
function shown(made: AliasPlan | undefined) {
  if (made === undefined) return undefined;
  const short = (file: string): string => file.replace(`${folder}/`, '');
  const lines = (text: string): readonly string[] =>
    text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return {
    files: Object.fromEntries(made.files.map(({ file, text }) => [short(file), lines(text)])),
    use: short(made.use),
  };
}

const backend = network('shop_backend', ['web=10.1.0.1', 'db=10.1.0.2']);
const cache = network('shop_cache', ['web=10.2.0.1', 'redis=10.2.0.3']);
const backendFile = 'shop/shop_backend.hostaliases';
const cacheFile = 'shop/shop_cache.hostaliases';
const joinedFile = 'shop/shop-web-1.joined.hostaliases';

describe('a container', () => {
  test('on one network must get the file of that', () => {
    assert.deepEqual(shown(plan([backend])), {
      files: { [backendFile]: ['web web.shop_backend', 'db db.shop_backend'] },
      use: backendFile,
    });
  });

  test('on several must get one that joins them, but for what the engine must decide', () => {
    assert.deepEqual(shown(plan([backend, cache])), {
      files: {
        [backendFile]: ['web web.shop_backend', 'db db.shop_backend'],
        [cacheFile]: ['web web.shop_cache', 'redis redis.shop_cache'],
        [joinedFile]: ['db db.shop_backend', 'redis redis.shop_cache'],
      },
      use: joinedFile,
    });
  });

  test('pinned to one network must get the file of that, and the others be written all the same', () => {
    const made = shown(plan([backend, cache], { pinned: 'shop_cache' }));
    assert.equal(made?.use, cacheFile);
    assert.deepEqual(Object.keys(made.files), [backendFile, cacheFile]);
  });

  test('on no network must get none', () => assert.equal(plan([]), undefined));

  test("that is a place of netexec's own must get a file of its networks", () => {
    assert.equal(
      shown(plan([backend, cache], {}, { service: undefined, container: undefined }))?.use,
      'shop/shop_backend.shop_cache.joined.hostaliases',
    );
  });

  test('of no project must have files of its own', () => {
    const made = shown(plan([backend, cache], {}, { project: undefined, service: undefined, container: 'porter' }));
    assert.deepEqual(Object.keys(made?.files ?? {}), [
      '-/shop_backend.hostaliases',
      '-/shop_cache.hostaliases',
      '-/porter.joined.hostaliases',
    ]);
    assert.equal(made?.use, '-/porter.joined.hostaliases');
  });
});

describe('with a provider', () => {
  const provider = { complete: true, target: sslip };

  test('the files must spell addresses, and be others than those for the engine', () => {
    assert.deepEqual(shown(plan([backend], provider)), {
      files: { 'shop/shop_backend.sslip.io.hostaliases': ['web 10-1-0-1.sslip.io', 'db 10-1-0-2.sslip.io'] },
      use: 'shop/shop_backend.sslip.io.hostaliases',
    });
  });

  test('the joined file must decide as the engine would: the first network that knows a name', () => {
    const made = shown(plan([cache, backend], provider));
    assert.equal(made?.use, 'shop/shop-web-1.joined.sslip.io.hostaliases');
    assert.deepEqual(made.files[made.use], [
      'web 10-2-0-1.sslip.io',
      'redis 10-2-0-3.sslip.io',
      'db 10-1-0-2.sslip.io',
    ]);
  });

  test('names that differ by their case alone must be one there', () => {
    const made = shown(plan([cache, network('shop_backend', ['WEB=10.1.0.1'])], provider));
    assert.deepEqual(made?.files[made.use], ['web 10-2-0-1.sslip.io', 'redis 10-2-0-3.sslip.io']);
  });

  // No engine answers behind the file, so names that the pinned network does not know must be in it too, after its own.
  test('a pinned network must come first, and the others after it', () => {
    const made = shown(plan([backend, cache], { ...provider, pinned: 'shop_cache' }));
    assert.equal(made?.use, 'shop/shop-web-1.shop_cache.joined.sslip.io.hostaliases');
    assert.ok(made.files[made.use]?.includes('web 10-2-0-1.sslip.io'), 'as on cache');
    assert.ok(made.files[made.use]?.includes('db 10-1-0-2.sslip.io'), 'of backend alone');
  });
});

describe('a file that is there already', () => {
  const fileOf = (id: string): string =>
    `# network shop_backend ${id}\nledger ledger.shop_backend\nDB DB.shop_backend\n`;
  const after = (earlier: string, seen: Partial<NamesSeen> = {}): readonly string[] | undefined =>
    shown(plan([{ ...backend, earlier }], seen))?.files[backendFile];
  const own = ['web web.shop_backend', 'db db.shop_backend'];

  test('must keep the names that a run does not know', () => {
    assert.deepEqual(after(fileOf(backend.id)), [...own, 'ledger ledger.shop_backend']);
  });
  test('must lose those of a network that was made anew under the same name', () => {
    assert.deepEqual(after(fileOf(idOf('abcdef'))), own);
  });
  test('must lose those that are no more, where all names were asked for', () => {
    assert.deepEqual(after(fileOf(backend.id), { complete: true }), own);
  });
  test('must lose what it knew where there is another network, on which that may be by now', () => {
    const made = shown(plan([{ ...backend, earlier: fileOf(backend.id) }, cache]));
    assert.deepEqual(made?.files[backendFile], own);
    assert.deepEqual(made?.files[joinedFile], ['db db.shop_backend', 'redis redis.shop_cache']);
  });
  test('must come to rest: a second run must write the same again', () => {
    const first = plan([backend])?.files[0]?.text ?? '';
    assert.equal(plan([{ ...backend, earlier: first }])?.files[0]?.text, first);
  });
});

describe('the path of', () => {
  const rows: readonly (readonly [
    string,
    project: string | undefined,
    network: string,
    target: AliasTarget,
    path: string,
  ])[] = [
    ['a network', 'shop', 'shop_backend', engine, 'shop/shop_backend.hostaliases'],
    ['a network with a provider', 'shop', 'shop_backend', sslip, 'shop/shop_backend.sslip.io.hostaliases'],
    ['a network without a project', undefined, 'front', engine, '-/front.hostaliases'],
    ['a name with a slash', 'shop', '../../etc/passwd', engine, 'shop/%2E.%2F..%2Fetc%2Fpasswd.hostaliases'],
    ['a name that leads up', 'shop', '..', engine, 'shop/%2E..hostaliases'],
    ['a name that hides', 'shop', '.hidden', engine, 'shop/%2Ehidden.hostaliases'],
    ['a name with blanks', 'shop', 'a b\n', engine, 'shop/a%20b%0A.hostaliases'],
    // A label of a container is whatever its maker wrote.
    ['a project that leads up', '..', 'front', engine, '%2E./front.hostaliases'],
    ['a project with a slash', '../../etc', 'front', engine, '%2E.%2F..%2Fetc/front.hostaliases'],
    ['a project that is empty', '', 'front', engine, '-/front.hostaliases'],
  ];
  for (const [name, project, of, target, path] of rows) {
    test(name, () => assert.equal(aliasPath(folder, project, of, target), `${folder}/${path}`));
  }
});

test('a file of a network with a long name must have a name that a file may have, and one of its own', () => {
  const files = ['', '1', '2'].map((end) =>
    aliasPath(folder, `shop${'x'.repeat(300)}`, `${'ü'.repeat(500)}${end}`, sslip),
  );
  for (const file of files) for (const part of file.split('/')) assert.ok(part.length < 200, part);
  assert.equal(new Set(files).size, files.length);
});
