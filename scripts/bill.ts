// Completes the list of what is in the executables, which names the bundled packages, by the runtime: node scripts/bill.ts FILE
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { takeWords } from './usage.ts';

const usage = `Usage: node scripts/bill.ts FILE

Prints the CycloneDX list of FILE with Bun in it, which is the runtime.`;
const [file = ''] = takeWords(usage, {}, 1).positionals;

interface Bill {
  readonly components: readonly object[];
  readonly dependencies: readonly object[];
}

interface Described {
  readonly name: string;
  readonly version: string;
  readonly description: string;
  readonly license: string;
}

const bill = JSON.parse(readFileSync(file, 'utf8')) as Bill;
const described = readFileSync(join(import.meta.dirname, '../node_modules/bun/package.json'), 'utf8');
const { name, version, description, license } = JSON.parse(described) as Described;
const runtime = {
  type: 'framework',
  name,
  version,
  'bom-ref': `${name}@${version}`,
  description: `${description} Of the variables that it obeys, most have other names here (scripts/runtime.ts).`,
  scope: 'required',
  licenses: [{ license: { id: license } }],
  purl: `pkg:npm/${name}@${version}`,
};
const whole = {
  ...bill,
  components: [...bill.components, runtime],
  dependencies: [...bill.dependencies, { ref: runtime['bom-ref'] }],
};
process.stdout.write(`${JSON.stringify(whole, undefined, 2)}\n`);
