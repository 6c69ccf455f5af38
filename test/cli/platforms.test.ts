// The executables of all platforms, made on this one: each is its platform's, and none knows the variables that Bun obeys.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { promisify } from 'node:util';
import { platforms } from '../../scripts/build.d/platforms.ts';
import { copyCheckout, removeFolder, temporaryFolder } from './place.ts';

const root = join(import.meta.dirname, '../..');
let folder = '';
let dist = '';
before(async () => {
  folder = temporaryFolder();
  // What npm has fetched is kept for the next time.
  mkdirSync(join(root, 'node_modules/.cache'), { recursive: true });
  const checkout = copyCheckout(folder);
  await promisify(execFile)(join(checkout, 'scripts/build'), ['--all']);
  dist = join(checkout, 'dist');
});
after(() => removeFolder(folder));

/** e_machine of elf(5), and the loader that the platform's C library has. */
const expected: Readonly<Record<string, readonly [machine: number, loader: string]>> = {
  'linux-x64': [62, '/lib64/ld-linux-x86-64.so.2'],
  'linux-arm64': [183, '/lib/ld-linux-aarch64.so.1'],
  'linux-x64-musl': [62, '/lib/ld-musl-x86_64.so.1'],
  'linux-arm64-musl': [183, '/lib/ld-musl-aarch64.so.1'],
};

for (const { name } of platforms.filter(({ os }) => os === 'linux'))
  describe(`the executable for ${name}`, () => {
    const file = (): string => join(dist, `docker-netexec-${name}`);

    test('must be one of that processor, for that C library', () => {
      const [machine, loader] = expected[name] ?? assert.fail('unknown');
      const head = readFileSync(file()).subarray(0, 4096);
      assert.equal(head.readUInt16LE(18), machine);
      assert.ok(head.includes(`${loader}\0`));
    });

    test('must hold the version, and none of the names of what Bun obeys', () => holdsNoNames(file()));
  });

/** cputype of mach-o/loader.h. */
const processors: Readonly<Record<string, number>> = { 'darwin-x64': 0x1000007, 'darwin-arm64': 0x100000c };

for (const { name } of platforms.filter(({ os }) => os === 'darwin'))
  describe(`the executable for ${name}`, () => {
    const file = (): string => join(dist, `docker-netexec-${name}`);

    test('must be one of that processor', () => {
      const head = readFileSync(file()).subarray(0, 16);
      assert.deepEqual(
        [head.readUInt32LE(0), head.readUInt32LE(4), head.readUInt32LE(12)],
        [0xfeedfacf, processors[name], 2],
      );
    });

    test('must hold the version, and none of the names of what Bun obeys', () => holdsNoNames(file()));

    test('must have the signature of its own bytes, or, where none is needed, none', () => {
      const bytes = readFileSync(file());
      const signature = signatureOf(bytes);
      assert.equal(signature === undefined, name === 'darwin-x64');
      if (signature === undefined) return;
      // CS_CodeDirectory of cs_blobs.h: the sums of all pages before it.
      const directory = bytes.subarray(signature + bytes.readUInt32BE(signature + 16));
      assert.equal(directory.readUInt32BE(0), 0xfade0c02);
      const [sums, count, limit] = [16, 28, 32].map((at) => directory.readUInt32BE(at));
      const [size = 0, kind, , page = 0] = directory.subarray(36, 40);
      assert.deepEqual([limit, kind], [signature, 2]);
      for (let index = 0; index < (count ?? 0); index += 1) {
        const piece = bytes.subarray(index * 2 ** page, Math.min((index + 1) * 2 ** page, signature));
        const sum = createHash('sha256').update(piece).digest();
        const at = (sums ?? 0) + index * size;
        assert.ok(sum.equals(directory.subarray(at, at + size)), `page ${index}`);
      }
      assert.equal(count, Math.ceil(signature / 2 ** page));
    });
  });

/** @returns where it is in the file, which it ends; undefined where there is none */
function signatureOf(bytes: Buffer): number | undefined {
  let at = 32;
  let found: number | undefined;
  let end = 0;
  for (let left = bytes.readUInt32LE(16); left > 0; left -= 1) {
    if (bytes.readUInt32LE(at) === 0x1d) found = bytes.readUInt32LE(at + 8);
    // The segments are all there.
    if (bytes.readUInt32LE(at) === 0x19)
      end = Math.max(end, Number(bytes.readBigUInt64LE(at + 40) + bytes.readBigUInt64LE(at + 48)));
    at += bytes.readUInt32LE(at + 4);
  }
  assert.ok(end <= bytes.length && (found !== undefined || end === bytes.length));
  return found;
}

function holdsNoNames(file: string): void {
  const bytes = readFileSync(file);
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
  assert.ok(bytes.includes(version));
  for (const variable of ['OPTIONS', 'BE_BUN', 'INSPECT', 'BYTECODE_ORDER_OUT', 'CONFIG_VERBOSE_FETCH']) {
    assert.ok(!bytes.includes(`BUN_${variable}`), variable);
    assert.ok(bytes.includes(`NTX_${variable}`), variable);
  }
}
