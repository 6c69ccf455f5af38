// Makes dist/: the plugin file and the JavaScript it runs, bundled so that a run loads one file and reports theirs on demand.
import { chmodSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import type { Metafile } from 'esbuild';
import { bundleOptions, outputName } from './bundle.ts';
import { completionScript } from './completion.ts';
import { launcher } from './launcher.ts';
import { manual } from './manual.ts';
import { takeWords } from './usage.ts';

const root = join(import.meta.dirname, '..');
const dist = join(root, 'dist');
const usage = `Usage: node scripts/build.ts [--metafile FILE]

Makes dist/. FILE gets esbuild's account of what is in which file.`;
const { values: given } = takeWords(usage, { metafile: { type: 'string' } }, 0);
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };

rmSync(dist, { recursive: true, force: true });
mkdirSync(dist, { recursive: true });
const built = new Set<string>();
const account: Metafile = { inputs: {}, outputs: {} };
// The last two are programs of their own, which run inside.
const entries = ['bin.ts', 'main.ts', 'code-cache.ts', 'shell/launch.ts', 'shell/check/probe.ts'];
let next = new Set(entries.map((name) => join(root, 'src', name)));
while (next.size > 0) {
  const wanted = new Set<string>();
  const entryPoints = [...next].map((file) => ({
    in: file,
    out: outputName(file) === 'bin' ? 'netexec' : outputName(file),
  }));
  const { metafile } = await build({ ...bundleOptions(version, wanted), outdir: dist, entryPoints, metafile: true });
  Object.assign(account.inputs, metafile.inputs);
  Object.assign(account.outputs, metafile.outputs);
  for (const file of next) built.add(file);
  next = new Set([...wanted].filter((file) => !built.has(file)));
}

writeFileSync(join(dist, 'docker-netexec'), launcher('installed', version));
chmodSync(join(dist, 'docker-netexec'), 0o755);
writeFileSync(join(dist, 'completion.sh'), completionScript());
const reference = readFileSync(join(root, 'docs/reference.md'), 'utf8');
writeFileSync(join(dist, 'docker-netexec.1'), manual(version, reference));
if (given.metafile !== undefined) writeFileSync(given.metafile, JSON.stringify(account));
