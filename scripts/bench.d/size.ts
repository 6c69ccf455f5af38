// The size of the executable, beside that of Bun's own, which is in it.
import { realpathSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { platforms } from '../build.d/platforms.ts';
import type { Row } from './rows.ts';

const root = join(import.meta.dirname, '../..');
const megabytes = (file: string): number => statSync(realpathSync(file)).size / 1_000_000;

export function sizeRow(folder: string): Row {
  const own = platforms.find(({ cpu, libc }) => cpu === process.arch && libc === 'glibc');
  return {
    what: 'the size of the executable',
    against: "Bun's own",
    unit: 'MB',
    own: megabytes(join(folder, 'docker/netexec/netexec')),
    peer: megabytes(join(root, 'node_modules', own?.runtime ?? '', 'bin/bun')),
    budget: { kind: 'ratio', limit: 1.1 },
  };
}
