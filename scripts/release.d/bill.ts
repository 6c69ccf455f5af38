// Completes the list of what is in the executables, which names the bundled packages, by the runtime: node scripts/release.d/bill.ts FILE
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { takeWords } from '../lib/usage.ts';

const usage = `Usage: node scripts/release.d/bill.ts FILE

Prints the CycloneDX list of FILE with Bun in it, which is the runtime.`;
const [file = ''] = takeWords(usage, {}, 1).positionals;

interface Bill {
  readonly components: readonly object[];
  readonly dependencies: readonly object[];
}

const bill = JSON.parse(readFileSync(file, 'utf8')) as Bill;
const own = readFileSync(join(import.meta.dirname, '../../package.json'), 'utf8');
const { optionalDependencies } = JSON.parse(own) as { optionalDependencies: Readonly<Record<string, string>> };
// All are of one version.
const [version] = Object.values(optionalDependencies);
const runtime = {
  type: 'framework',
  name: 'bun',
  version,
  'bom-ref': `bun@${version}`,
  description:
    'The runtime, with JavaScriptCore in it. Of the variables that it obeys, most have other names here (scripts/build.d/runtime.ts).',
  scope: 'required',
  licenses: [{ license: { id: 'MIT' } }],
  purl: `pkg:npm/bun@${version}`,
};
const whole = {
  ...bill,
  components: [...bill.components, runtime],
  dependencies: [...bill.dependencies, { ref: runtime['bom-ref'] }],
};
process.stdout.write(`${JSON.stringify(whole, undefined, 2)}\n`);
