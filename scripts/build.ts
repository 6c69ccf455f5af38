// Makes dist/: the plugin file and the JavaScript it runs, bundled so that a run loads one file and reports theirs on demand.
import { chmodSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import type { BuildOptions, Plugin } from 'esbuild';

const root = join(import.meta.dirname, '..');
const dist = join(root, 'dist');
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };

const options: BuildOptions = {
  bundle: true,
  platform: 'node',
  format: 'cjs',
  target: 'node22',
  outdir: dist,
  outExtension: { '.js': '.cjs' },
  loader: { '.sh': 'text' },
  define: { NETEXEC_VERSION: JSON.stringify(version) },
  minifySyntax: true,
  // `import()` from a file that is no module itself first loads all of Node's loader of modules.
  supported: { 'dynamic-import': false },
  legalComments: 'inline',
  logLevel: 'warning',
  // dockerode's transports for engines elsewhere, and for builds: their namespaces are not on this kernel.
  alias: Object.fromEntries(
    ['ssh2', '@grpc/grpc-js', '@grpc/proto-loader', 'protobufjs', 'tar-fs'].map((name) => [
      name,
      join(root, 'scripts/left-out.cjs'),
    ]),
  ),
};

/** Makes every `import('./x.ts')` a file of its own, which is read when it is wanted. */
function onDemand(wanted: Set<string>): Plugin {
  return {
    name: 'on-demand',
    setup(builder) {
      builder.onResolve({ filter: /^\.\.?\/.*\.ts$/ }, ({ kind, path, resolveDir }) => {
        if (kind !== 'dynamic-import') return undefined;
        const file = join(resolveDir, path);
        wanted.add(file);
        return { path: `./${outputName(file)}.cjs`, external: true };
      });
    },
  };
}

const outputName = (file: string): string => file.replace(/^.*\//, '').replace(/\.ts$/, '');

rmSync(dist, { recursive: true, force: true });
mkdirSync(dist, { recursive: true });
const built = new Set<string>();
// The last two are programs of their own, which run inside.
const entries = ['bin.ts', 'main.ts', 'code-cache.ts', 'shell/launch.ts', 'shell/probe.ts'];
let next = new Set(entries.map((name) => join(root, 'src', name)));
while (next.size > 0) {
  const wanted = new Set<string>();
  const entryPoints = [...next].map((file) => ({
    in: file,
    out: outputName(file) === 'bin' ? 'netexec' : outputName(file),
  }));
  await build({ ...options, entryPoints, plugins: [onDemand(wanted)] });
  for (const file of next) built.add(file);
  next = new Set([...wanted].filter((file) => !built.has(file)));
}

const metadata = JSON.parse(readFileSync(join(root, 'plugin-metadata/metadata.json'), 'utf8')) as Record<
  string,
  string
>;
const launcher = readFileSync(join(root, 'plugin-metadata/launcher.sh'), 'utf8');
writeFileSync(
  join(dist, 'docker-netexec'),
  launcher.replace('@METADATA@', JSON.stringify({ ...metadata, Version: version })),
);
chmodSync(join(dist, 'docker-netexec'), 0o755);
