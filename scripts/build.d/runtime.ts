// Bun's executable for a platform, as netexec's runtime: out of its npm package, with other names for the variables that it obeys.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Platform } from './platforms.ts';

const root = join(import.meta.dirname, '../..');

interface Lock {
  readonly packages: Readonly<Record<string, { readonly version: string; readonly integrity: string } | undefined>>;
}

/** Writes the runtime to a file. */
export function makeRuntime(platform: Platform, file: string): void {
  writeFileSync(file, withOtherNames(readFileSync(bunOf(platform))), { mode: 0o755 });
}

/** @returns the file: what npm has installed for this machine, else what it has fetched for another */
function bunOf({ runtime: name, integrity }: Platform): string {
  const installed = join(root, 'node_modules', name, 'bin/bun');
  if (existsSync(installed)) return installed;
  const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as Lock;
  // All are of one version.
  const version = lock.packages['node_modules/@oven/bun-linux-x64']?.version ?? '';
  const entry = integrity === undefined ? lock.packages[`node_modules/${name}`] : { version, integrity };
  if (entry === undefined) throw new Error(`package-lock.json does not know ${name}`);
  const cache = join(root, 'node_modules/.cache/docker-netexec');
  const fetched = join(cache, `${name.replace('/', '-')}-${entry.version}`);
  if (!existsSync(fetched)) fetch(`${name}@${entry.version}`, entry.integrity, cache, fetched);
  return fetched;
}

/** Others may be at it, too: the file is there when it is whole. */
function fetch(name: string, integrity: string, cache: string, file: string): void {
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(cache, 'fetched-'));
  try {
    const words = ['pack', '--silent', '--pack-destination', folder, name];
    const [packed = ''] = execFileSync('npm', words, { encoding: 'utf8' }).trim().split('\n').slice(-1);
    const bytes = readFileSync(join(folder, packed));
    const found = `sha512-${createHash('sha512').update(bytes).digest('base64')}`;
    if (found !== integrity) throw new Error(`${name} is ${found}, and package-lock.json has ${integrity}`);
    execFileSync('tar', ['-xzf', packed, 'package/bin/bun'], { cwd: folder });
    renameSync(join(folder, 'package/bin/bun'), file);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

// Bun obeys variables before netexec's first line: some run code, and one has the executable be Bun itself. Each name
// stands in it as a text, and gets another of the same length. Not so BUN_JSC_*, of which each letter is compared by
// itself, and MIMALLOC_*, which on ARM is spread over several instructions.
const prefixes: readonly (readonly [before: string, after: string, names: RegExp])[] = [
  ['BUN_', 'NTX_', /^BUN_(?!(?:JSC|FFI|INTERNALS|WORKER|PLUGIN)_)[A-Z]{2}/],
  [
    'NODE_',
    'NTXE_',
    /^NODE_(?:CHANNEL_|DEBUG|EXTRA_CA_|NO_WARNINGS|PENDING_DEP|PRESERVE_|REDIRECT_W|TLS_REJECT|UNIQUE_ID|USE_|V8_COV)/,
  ],
  ['JSC_', 'NTX_', /^JSC_(?:PROFILER_PATH|SIGNAL_FOR_GC)/],
];

/** What must be there: if not, this Bun does it in another way. */
const known = ['BUN_OPTIONS', 'BUN_BE_BUN', 'BUN_INSPECT', 'BUN_INSPECT_PRELOAD', 'NODE_CHANNEL_FD', 'NODE_DEBUG'];

function withOtherNames(runtime: Buffer): Buffer {
  const missing = known.filter((name) => !runtime.includes(name));
  if (missing.length > 0) throw new Error(`this Bun has no ${missing.join(', ')}: see what it obeys instead`);
  for (const [before, after, names] of prefixes)
    for (let at = runtime.indexOf(before); at >= 0; at = runtime.indexOf(before, at + before.length))
      if (names.test(runtime.toString('latin1', at, at + 32))) runtime.write(after, at, 'latin1');
  return runtime;
}
