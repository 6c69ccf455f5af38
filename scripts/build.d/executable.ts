// Makes netexec's executable for a platform: the sources, their bytecode, and the runtime. Under Bun.
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { withoutSignature } from './mach-o.ts';
import type { Platform } from './platforms.ts';
import { makeRuntime } from './runtime.ts';
import { shellText } from './shell-text.ts';

const root = join(import.meta.dirname, '../..');

// dockerode's transports for remote engines, and for builds: their namespaces are not on this kernel. And what it
// would load where it happens to be: nothing but the runtime's own is to be found at run time.
const leftOut = ['ssh2', '@grpc/grpc-js', '@grpc/proto-loader', 'protobufjs', 'tar-fs', 'supports-color'];

/** The bundler would write down where these were when the executable was made. */
const isForBuilds = (path: string, importer: string): boolean =>
  importer.includes('/node_modules/dockerode/') && ['./session', './buildkit'].includes(path);

/**
 * @param file what is made
 * @returns what is in it, as esbuild tells it
 */
export async function makeExecutable(platform: Platform, file: string, version: string): Promise<object> {
  const runtime = `${file}.runtime`;
  makeRuntime(platform, runtime);
  const { success, logs, metafile } = await Bun.build({
    entrypoints: [join(root, 'src/start.ts')],
    target: 'bun',
    format: 'esm',
    bytecode: true,
    splitting: true,
    metafile: true,
    minify: { whitespace: true, syntax: true },
    define: { NETEXEC_VERSION: JSON.stringify(version) },
    compile: {
      outfile: file,
      target: platform.target,
      executablePath: runtime,
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
  rmSync(runtime);
  for (const log of logs) console.error(String(log));
  if (!success) process.exit(1);
  if (platform.name === 'darwin-x64') writeFileSync(file, withoutSignature(readFileSync(file)));
  return metafile;
}

const plugin = {
  name: 'netexec',
  setup(builder: Bun.Builder): void {
    builder.onResolve({ filter: /.*/ }, ({ path, importer }) => {
      if (leftOut.includes(path) || isForBuilds(path, importer))
        return { path: join(root, 'scripts/build.d/left-out.cjs') };
      return undefined;
    });
    // As code: a text would be a file in the executable, and each such takes its time to load.
    builder.onLoad({ filter: /\.sh$/ }, async ({ path }) => ({
      contents: `export default ${JSON.stringify(shellText(path))};`,
      loader: 'js',
    }));
    builder.onLoad({ filter: /\/docker-netexec\.1$/ }, async ({ path }) => ({
      contents: readFileSync(path, 'utf8'),
      loader: 'text',
    }));
  },
};
