// Makes netexec's executable: the sources, their bytecode, and the runtime. Run by Bun, of the npm package of this machine:
//   bun scripts/executable.ts FILE [TARGET RUNTIME]    TARGET as Bun names it, RUNTIME the executable of its package
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { leftOut, shellText } from './bundle.ts';

const root = join(import.meta.dirname, '..');
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
const [outfile = join(root, 'dist/docker-netexec-linux-x64'), target, executablePath] = process.argv.slice(2);

/** What the executable does in a way of its own. */
const replaced = new Map(
  [
    'load.ts',
    'shell/system.ts',
    'shell/check/connect-address.ts',
    'shell/check/missing-name.ts',
    'shell/open-output.ts',
  ].map((file) => [join(root, 'src', file), join(root, 'src/executable', basename(file))]),
);

/** The bundler would write down where these were when the executable was made. */
const isForBuilds = (path: string, importer: string): boolean =>
  importer.includes('/node_modules/dockerode/') && ['./session', './buildkit'].includes(path);

const plugin = {
  name: 'netexec',
  setup(builder: Bun.Builder): void {
    builder.onResolve({ filter: /.*/ }, ({ path, importer }) => {
      if (leftOut.includes(path) || isForBuilds(path, importer)) return { path: join(root, 'scripts/left-out.cjs') };
      const own = path.startsWith('.') ? replaced.get(join(importer, '..', path)) : undefined;
      return own === undefined ? undefined : { path: own };
    });
    builder.onLoad({ filter: /\.sh$/ }, async ({ path }) => ({ contents: shellText(path), loader: 'text' }));
  },
};

const { success, logs } = await Bun.build({
  entrypoints: [join(root, 'src/executable/start.ts')],
  target: 'bun',
  format: 'esm',
  bytecode: true,
  splitting: true,
  minify: { whitespace: true, syntax: true },
  define: { NETEXEC_VERSION: JSON.stringify(version) },
  compile: {
    outfile,
    ...(target === undefined ? {} : { target }),
    ...(executablePath === undefined ? {} : { executablePath }),
    // Most calls are over before machine code pays, which takes time and memory to make: it is made ten times later.
    jitPolicy: 10,
    // Nothing of the folder that netexec is called in is read.
    autoloadDotenv: false,
    autoloadBunfig: false,
    autoloadTsconfig: false,
    autoloadPackageJson: false,
  },
  plugins: [plugin],
});
for (const log of logs) console.error(String(log));
if (!success) process.exit(1);
