// Makes dist/ (scripts/build starts it, with Bun): the executables, and what is installed with them.
import { chmodSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { completionScript } from './completion-script.ts';
import { makeExecutable } from './executable.ts';
import { launcher } from './launcher.ts';
import { manual } from './manual.ts';
import { platforms } from './platforms.ts';

const root = join(import.meta.dirname, '../..');
const dist = join(root, 'dist');
const read = (file: string): string => readFileSync(join(root, file), 'utf8');
const { values: given } = parseArgs({ options: { all: { type: 'boolean' }, metafile: { type: 'string' } } });
const { version } = JSON.parse(read('package.json')) as { version: string };

rmSync(dist, { recursive: true, force: true });
mkdirSync(dist, { recursive: true });
writeFileSync(join(dist, 'docker-netexec'), launcher(version));
chmodSync(join(dist, 'docker-netexec'), 0o755);
writeFileSync(join(dist, 'completion.sh'), completionScript());
writeFileSync(join(dist, 'docker-netexec.1'), manual(version, read('docs/reference.md')));

let account: object = {};
for (const platform of platforms) {
  const isOfThisMachine = process.execPath.includes(`/${platform.runtime}/`);
  if (!given.all && !isOfThisMachine) continue;
  account = await makeExecutable(platform, join(dist, `docker-netexec-${platform.name}`), version);
}
if (given.metafile !== undefined) writeFileSync(given.metafile, JSON.stringify(account));
