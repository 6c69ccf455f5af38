// The far end of a tunnel: what its image is made of, how it is known again, and what the engine is told of its container.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { farContainer } from '../../../../src/core/own-container/far-container.ts';
import { farFiles, farImageId, interpreterOf, oldFarImages } from '../../../../src/core/own-container/far-image.ts';
import {
  followed,
  librariesOf,
  platformOf,
  relayFolder,
  relayNames,
} from '../../../../src/core/own-container/relay-executable.ts';
import { foreignPlatform } from '../../../../src/core/relay/only-here.ts';

const map = (file: string): string => `7f00-7f01 r-xp 00000000 fe:01 1234   ${file}\n`;
const loader = '/lib64/ld-linux-x86-64.so.2';

test('the image must have the executable, its loader, and of the libraries only its own', () => {
  const maps = [
    '/home/me/.docker/netexec/netexec',
    '/usr/lib/x86_64-linux-gnu/libm-2.31.so',
    '/usr/lib/x86_64-linux-gnu/libc.so.6',
    '/usr/lib/x86_64-linux-gnu/libc.so.6',
    '/usr/lib/x86_64-linux-gnu/libfakeroot-0.so',
    '/usr/lib/x86_64-linux-gnu/libcrypt.so.1',
    '/usr/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2',
    '[vdso]',
  ];
  assert.deepEqual(farFiles('/x/netexec', loader, maps.map(map).join('')), [
    { name: 'netexec', from: '/x/netexec' },
    { name: 'lib64/ld-linux-x86-64.so.2', from: loader },
    { name: 'lib/libc.so.6', from: '/usr/lib/x86_64-linux-gnu/libc.so.6' },
    { name: 'lib/libm.so.6', from: '/usr/lib/x86_64-linux-gnu/libm-2.31.so' },
  ]);
  assert.equal(farFiles('/x/netexec', loader, map('/lib/libm.so.6')), undefined);
  const musl = farFiles('/x/netexec', '/lib/ld-musl-x86_64.so.1', map('/usr/lib/libstdc++.so.6.0.33'));
  assert.deepEqual(
    musl?.map(({ name }) => name),
    ['netexec', 'lib/ld-musl-x86_64.so.1', 'lib/libstdc++.so.6'],
  );
});

test("the loader must be read of the executable's head, and nothing of what is none", () => {
  assert.match(interpreterOf(readFileSync(process.execPath).subarray(0, 65_536)) ?? '', /^\/lib.*\/ld-.*\.so\.\d$/);
  for (const head of ['', '#!/bin/sh\n', `\u007fELF\u0002\u0001${'\u00ff'.repeat(100)}`, '\u007fELF\u0001\u0001'])
    assert.equal(interpreterOf(Buffer.from(head, 'latin1')), undefined);
});

test('an image of the name must be known by its one layer', () => {
  const image = (...layers: readonly string[]): object => ({ Id: 'sha256:1', RootFS: { Layers: layers } });
  assert.equal(farImageId(image('sha256:abc'), 'abc'), 'sha256:1');
  for (const other of [image('sha256:abd'), image('sha256:abc', 'sha256:abd'), image(), {}, undefined])
    assert.equal(farImageId(other, 'abc'), undefined);
});

test('images of other versions must go once they are old', () => {
  const [now, month] = [1_800_000_000, 30 * 24 * 3600];
  const image = (tag: string, age: number): object => ({ RepoTags: [tag], Created: now - age });
  const all = [
    image('docker-netexec:far-own', 2 * month),
    image('docker-netexec:far-old', month + 1),
    image('docker-netexec:far-new', month),
    image('docker-netexec:helper', 2 * month),
  ];
  assert.deepEqual(oldFarImages(all, 'docker-netexec:far-own', now), ['docker-netexec:far-old']);
  for (const json of [undefined, [{ RepoTags: null }], {}]) assert.deepEqual(oldFarImages(json, '', now), []);
});

test('the container must have no right, no file, no log, and the network of the service', () => {
  const made = farContainer({ image: 'sha256:1', target: 'abc', words: ['far'], supervisor: '1 2', runtime: 'runc' });
  assert.deepEqual((made as { readonly HostConfig: object }).HostConfig, {
    AutoRemove: true,
    LogConfig: { Type: 'none', Config: {} },
    NetworkMode: 'container:abc',
    ReadonlyRootfs: true,
    CapDrop: ['ALL'],
    SecurityOpt: ['no-new-privileges'],
    Runtime: 'runc',
  });
});

test('the file for an engine of another processor must be looked for by its name, in the cache of this version', () => {
  assert.deepEqual(relayNames('linux/arm64'), ['docker-netexec-linux-arm64', 'docker-netexec-linux-arm64-musl']);
  assert.equal(relayFolder({ HOME: '/home/me' }, '1.0.0'), '/home/me/.cache/docker-netexec/1.0.0');
  assert.equal(relayFolder({ HOME: '/home/me', XDG_CACHE_HOME: '/x' }, '1.0.0'), '/x/docker-netexec/1.0.0');
  assert.equal(relayFolder({ HOME: '/home/me', XDG_CACHE_HOME: 'x' }, '1.0.0'), '/home/me/.cache/docker-netexec/1.0.0');
  assert.equal(relayFolder({}, '1.0.0'), undefined);
  assert.equal(platformOf(readFileSync('/proc/self/exe').subarray(0, 64)), `linux/${process.arch}`);
  assert.equal(platformOf(Buffer.from('#!/bin/sh\n')), undefined);
});

test('the libraries for it must be those beside its loader, whatever links lead there', () => {
  const found = librariesOf(
    '/lib/ld-linux-aarch64.so.1',
    followed('/lib/ld-linux-aarch64.so.1', '../lib64/ld-2.28.so'),
  );
  assert.deepEqual(
    found.filter(({ isNeeded }) => isNeeded).map(({ path }) => path),
    ['/lib64/libc.so.6', '/lib64/libdl.so.2', '/lib64/libm.so.6', '/lib64/libpthread.so.0'],
  );
  assert.equal(followed('/lib64/ld.so', '/usr/lib/ld.so'), '/usr/lib/ld.so');
  const musl = librariesOf('/lib/ld-musl-aarch64.so.1', '/lib/ld-musl-aarch64.so.1');
  assert.deepEqual(
    musl.map(({ path }) => path),
    ['/usr/lib/libstdc++.so.6', '/usr/lib/libgcc_s.so.1'],
  );
});

test('an engine of another processor must be told, and none that does not say', () => {
  assert.equal(foreignPlatform({ OSType: 'linux', Architecture: 'x86_64' }, 'linux/x64'), undefined);
  assert.equal(foreignPlatform({ OSType: 'linux', Architecture: 'aarch64' }, 'linux/x64'), 'linux/arm64');
  assert.equal(foreignPlatform({ OSType: 'windows', Architecture: 'x86_64' }, 'linux/x64'), 'windows/x64');
  for (const json of [undefined, {}, { OSType: 1 }]) assert.equal(foreignPlatform(json, 'linux/x64'), undefined);
});
