// How netexec's files are bundled, each file that is loaded on demand by itself: for the build, and for tests of what is in them.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BuildOptions, Plugin } from 'esbuild';

const root = join(import.meta.dirname, '..');

/** @param wanted is told the files that are loaded on demand */
export const bundleOptions = (version: string, wanted: Set<string>): BuildOptions => ({
  bundle: true,
  absWorkingDir: root,
  // Where node_modules is a link, the files are still those of this folder.
  preserveSymlinks: true,
  platform: 'node',
  format: 'cjs',
  target: 'node22',
  outExtension: { '.js': '.cjs' },
  plugins: [shellTexts, onDemand(wanted)],
  define: { NETEXEC_VERSION: JSON.stringify(version), 'process.versions.bun': 'undefined' },
  minifySyntax: true,
  // A third less to install and to read; names stay, for the stack of a bug.
  minifyWhitespace: true,
  lineLimit: 160,
  // `import()` from a file that is no module itself first loads all of Node's loader of modules.
  supported: { 'dynamic-import': false },
  legalComments: 'inline',
  logLevel: 'warning',
  alias: Object.fromEntries(leftOut.map((name) => [name, join(root, 'scripts/left-out.cjs')])),
});

// dockerode's transports for engines elsewhere, and for builds: their namespaces are not on this kernel. And what it
// would load where it happens to be: nothing but Node's own is to be found at run time.
export const leftOut = ['ssh2', '@grpc/grpc-js', '@grpc/proto-loader', 'protobufjs', 'tar-fs', 'supports-color'];

/** The shell texts, as they are started: comments, and how lines are indented, are for whoever reads the source. */
export const shellText = (file: string): string =>
  readFileSync(file, 'utf8')
    .replaceAll(/^\s*#.*\n/gm, '')
    .replaceAll(/;; +# .*$/gm, ';;')
    .replaceAll(/^ +/gm, '');

const shellTexts: Plugin = {
  name: 'shell-texts',
  setup(builder) {
    builder.onLoad({ filter: /\.sh$/ }, ({ path }) => ({ contents: shellText(path), loader: 'text' }));
  },
};

/** Makes every `import('./x.ts')` a file of its own, which is read when it is wanted; src/load.ts is there by then. */
function onDemand(wanted: Set<string>): Plugin {
  return {
    name: 'on-demand',
    setup(builder) {
      builder.onResolve({ filter: /^\.\.?\/.*\.ts$/ }, ({ importer, kind, path, resolveDir }) => {
        const file = join(resolveDir, path);
        if (outputName(file) === 'load' && !isFirst(importer)) return { path: './load.cjs', external: true };
        if (kind !== 'dynamic-import') return undefined;
        wanted.add(file);
        return { path: `./${outputName(file)}.cjs`, external: true };
      });
    },
  };
}

/** Started by Node itself, with nothing loaded yet. */
const isFirst = (file: string): boolean => ['bin', 'code-cache'].includes(outputName(file));

export const outputName = (file: string): string => file.replace(/^.*\//, '').replace(/\.ts$/, '');
