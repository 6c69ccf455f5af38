// The executables of all platforms, made on this one: each is its platform's, and none knows the variables that Bun obeys.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
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

for (const { name } of platforms)
  describe(`the executable for ${name}`, () => {
    const file = (): string => join(dist, `docker-netexec-${name}`);

    test('must be one of that processor, for that C library', () => {
      const [machine, loader] = expected[name] ?? assert.fail('unknown');
      const head = readFileSync(file()).subarray(0, 4096);
      assert.equal(head.readUInt16LE(18), machine);
      assert.ok(head.includes(`${loader}\0`));
    });

    test('must hold the version, and none of the names of what Bun obeys', () => {
      const bytes = readFileSync(file());
      const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
      assert.ok(bytes.includes(version));
      for (const variable of ['OPTIONS', 'BE_BUN', 'INSPECT', 'BYTECODE_ORDER_OUT', 'CONFIG_VERBOSE_FETCH']) {
        assert.ok(!bytes.includes(`BUN_${variable}`), variable);
        assert.ok(bytes.includes(`NTX_${variable}`), variable);
      }
    });
  });
