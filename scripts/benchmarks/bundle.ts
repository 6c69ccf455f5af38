// How much a run loads of netexec's own: its files, and V8's code of them.
import { statSync } from 'node:fs';
import { join } from 'node:path';
import type { Row } from './rows.ts';

/** test/shell/requests.test.ts makes sure that a run reads these and no others. */
const files = ['netexec.cjs', 'main.cjs', 'main.cjs.code', 'supervise.cjs', 'supervise.cjs.code'];

export function bundleRow(folder: string): Row {
  const sizes = files.map((file) => statSync(join(folder, 'docker/netexec', file)).size);
  return {
    what: "what a run loads of netexec's, with V8's code of it",
    against: '',
    unit: 'KB',
    own: sizes.reduce((sum, size) => sum + size, 0) / 1000,
    peer: undefined,
    budget: { kind: 'size', limit: 400 },
  };
}
