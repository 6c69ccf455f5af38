// --service-files: which files a service has, by Compose's word, and where this machine has no room for them.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { fileInArchive } from '../../../../src/core/engine/archive.ts';
import { declaredFiles } from '../../../../src/core/entry/declared-files.ts';
import { excess, placeFile } from '../../../../src/core/entry/service-files.ts';
import type { DeclaredFile, Spot } from '../../../../src/core/entry/service-files.ts';
import { explain } from '../../../../src/core/failure/explain.ts';
import { planOf, root } from '../samples.ts';
import { plans } from './entry-plans.ts';

const config = {
  services: {
    web: {
      secrets: [
        { source: 'token' },
        { source: 'token', target: '/run/secrets/full' },
        { source: 'word', target: 'second', mode: 288 },
        { source: 'nowhere', mode: '0222' },
      ],
      configs: [{ source: 'app' }, { source: 'app', target: 'app/./x.conf', mode: '0400' }],
    },
    db: {},
  },
  secrets: { token: { file: '/src/token' }, word: { environment: 'WORD' }, nowhere: { external: true } },
  configs: { app: { content: 'costs $$5' } },
};

test('a service must have what Compose says, where Compose puts it', () => {
  const files = declaredFiles(JSON.stringify(config), 'web') ?? [];
  assert.deepEqual(
    files.map(({ what, name, target, mode, from }) => [what, name, target, mode.toString(8), from]),
    [
      ['secret', 'token', '/run/secrets/token', '444', { file: '/src/token' }],
      ['secret', 'token', '/run/secrets/full', '444', { file: '/src/token' }],
      ['secret', 'word', '/run/secrets/second', '440', { environment: 'WORD' }],
      ['secret', 'nowhere', '/run/secrets/nowhere', '400', {}],
      ['config', 'app', '/app', '444', { content: 'costs $5' }],
      ['config', 'app', '/app/x.conf', '400', { content: 'costs $5' }],
    ],
  );
  assert.deepEqual(declaredFiles(JSON.stringify(config), 'db'), []);
  assert.equal(declaredFiles(JSON.stringify(config), 'cache'), undefined);
  assert.equal(declaredFiles('nonsense', 'web'), undefined);
});

describe('a file must be laid, or refused in words', () => {
  const file = (target: string): DeclaredFile => ({ what: 'config', name: 'app', target, mode: 0o444, from: {} });
  const rows: readonly (readonly [target: string, spot: Partial<Spot>, why: RegExp | undefined])[] = [
    ['/run/secrets/app', { folder: '/run', rest: 'secrets/app' }, undefined],
    ['/etc/app/app.conf', { folder: '/etc', rest: 'app/app.conf', entries: 1000 }, undefined],
    ['/srv/app.conf', { folder: '/srv', rest: 'app.conf' }, undefined],
    ['/etc/app/app.conf', { folder: '/etc/app', rest: 'app.conf', entries: undefined }, undefined],
    [
      '/etc/app/app.conf',
      { folder: '/etc/app', rest: 'app.conf', firm: false },
      /users other than root can change \/etc\/app/,
    ],
    ['/srv/app.conf', { folder: '/srv', rest: 'app.conf', open: false }, /not every user can read \/srv$/],
    ['/etc/app/app.conf', { folder: '/etc/app', rest: 'app.conf', open: false }, /not every user .* \/etc\/app$/],
    [
      '/etc/hosts',
      { folder: '/etc', rest: 'hosts', taken: true },
      /cannot mount config "app" at \/etc\/hosts: that path already exists/,
    ],
    ['/app.conf', { folder: '/', rest: 'app.conf' }, undefined],
    ['/app/config/app.conf', { folder: '/', rest: 'app/config/app.conf' }, undefined],
    ['/app.conf', { folder: '/', rest: 'app.conf', firm: false }, /: users other than root can change \/$/],
    ['/app.conf', { folder: '/', rest: 'app.conf', entries: 101 }, /: \/ has more than 100 entries$/],
    ['/srv/app.conf', { folder: '/srv', rest: 'app.conf', firm: false }, /users other than root can change \/srv/],
    ['/srv/app.conf', { folder: '/srv', rest: 'app.conf', entries: 101 }, /more than 100 entries/],
    ['/root/app.conf', { folder: '/root', rest: 'app.conf', entries: undefined }, /you cannot read \/root/],
    ['/srv/', { folder: '/srv', rest: '' }, /not the path of a file/],
    ['/srv/a\nb', { folder: '/srv', rest: 'a\nb' }, /not the path of a file/],
    ...(
      [
        ['/etc', 'ld.so.preload'],
        ['/etc', 'suid-debug'],
        ['/usr/local', 'etc/app.conf'],
        ['/', 'lib32/app'],
        ['/lib/x86_64-linux-gnu', 'libc.so.7'],
        ['/proc', 'app'],
        ['/etc/selinux', 'config'],
      ] as const
    ).map(
      ([folder, rest]) =>
        [`${folder}/${rest}`, { folder, rest }, /this machine's own programs read files there/] as const,
    ),
  ];
  for (const [target, spot, why] of rows)
    test(`${JSON.stringify(target)}: ${why ?? 'laid'}`, () => {
      const placed = placeFile(file(target), {
        taken: false,
        folder: '/',
        rest: '',
        firm: true,
        open: true,
        entries: 3,
        ...spot,
      });
      if (why === undefined) return assert.ok(placed.ok);
      assert.ok(!placed.ok);
      const { what, hint } = explain(placed.failure);
      assert.match(what, why);
      assert.match(hint ?? '', /\/run\/secrets\/app/);
    });
});

describe('more than can be shown must be told:', () => {
  const files = (number: number, size: number, path = '/run/secrets/token') =>
    Array.from({ length: number }, () => ({ target: path, content: new Uint8Array(size) }));
  const rows: readonly (readonly [files: ReturnType<typeof files>, why: string | undefined])[] = [
    [files(500, 1000), undefined],
    [files(501, 0), '501, but at most 500 are allowed'],
    [files(24, 1024 * 1024), undefined],
    [files(25, 1024 * 1024), 'they are larger than 24 MiB in total'],
    [files(17, 0, `/${'\u00e9'.repeat(2000)}`), 'their paths are longer than 65536 bytes in total'],
  ];
  for (const [given, why] of rows)
    test(`${given.length} files: ${why ?? 'none is'}`, () => assert.equal(excess(given), why));
});

describe("of the engine's archive", () => {
  const entry = (type: string, content: Buffer, size = content.length.toString(8)): Buffer => {
    const head = Buffer.alloc(512);
    head.write(size.padStart(11, '0'), 124);
    head.write(type, 156);
    return Buffer.concat([head, content, Buffer.alloc((512 - (content.length % 512)) % 512)]);
  };
  const content = Buffer.from([0, 0xff, 10]);
  const end = Buffer.alloc(1024);
  const rows: readonly (readonly [what: string, archive: Buffer, told: Buffer | string])[] = [
    ['a file', Buffer.concat([entry('0', content), end]), content],
    ['an empty file', Buffer.concat([entry('0', Buffer.alloc(0)), end]), Buffer.alloc(0)],
    ['a file with a long name', Buffer.concat([entry('x', Buffer.alloc(700)), entry('0', content), end]), content],
    ['a link', Buffer.concat([entry('2', Buffer.alloc(0)), end]), 'it is a symbolic link'],
    ['a folder', Buffer.concat([entry('5', Buffer.alloc(0)), entry('0', content), end]), 'it is not a file'],
    ['a large file', entry('0', content, '4000001'), 'it is larger than 1 MiB'],
    ['half a file', entry('0', content, '2000'), 'the engine sent only part of it'],
    ['nothing', Buffer.alloc(0), 'the engine sent no file'],
    ['something else', Buffer.alloc(512, 'x'), 'the engine sent no file'],
  ];
  for (const [what, archive, told] of rows)
    test(`${what} must be taken as such`, () => assert.deepEqual(fileInArchive(archive, 1024 * 1024), told));
});

test('a service without any must be told of, and no setuid program be told by those that are there', () => {
  const { notes, restraints } = planOf({ serviceFiles: true }, root);
  assert.deepEqual(notes, ['--service-files: the service has no secrets or configs']);
  assert.deepEqual(restraints.options, []);
  for (const kind of ['root-files', 'root-root-files', 'sudo-files', 'rootless-files'])
    assert.deepEqual(plans[kind]?.().restraints.options, ['--no-new-privs'], kind);
});
