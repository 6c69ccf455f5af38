// The part of docs/reliability.md that is Podman's, of what scripts/reliability found with each file of its scenarios.
// `node scripts/reliability.d/podman-section.ts FOLDER PAGE` puts it into PAGE alone.
import { existsSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { passedOf, prose, table } from './markdown.ts';

/** As test/scenarios/podman.ts writes it. */
interface Told {
  readonly debian: string;
  readonly podman: string;
  readonly runtime: string;
  readonly cgroups: string;
  readonly conmon: string;
  readonly netavark: string;
  readonly aardvark: string;
  readonly rootless: boolean;
  readonly docker: string;
}

/** @returns nothing where none was tried */
export function podmanSection(folder: string): readonly string[] {
  const results = join(folder, 'podman');
  const names = existsSync(results) ? readdirSync(results).filter((name) => name.endsWith('.tap')) : [];
  if (names.length === 0) return [];
  const rows = names.toSorted().map((name) => {
    const told = JSON.parse(readFileSync(join(results, name.replace(/tap$/, 'json')), 'utf8')) as Told;
    const { debian, podman, runtime, cgroups, netavark, aardvark, conmon, docker } = told;
    const file = `${name.replace(/\.tap$/, '')}.test.ts`;
    const passed = `[${passedOf(readFileSync(join(results, name), 'utf8'))}](../test/scenarios/${file})`;
    const caller = told.rootless ? 'its owner' : 'root';
    return [debian, podman, caller, `${runtime}, cgroups ${cgroups}`, netavark, aardvark, conmon, docker, passed];
  });
  const [day] = names.map((name) => statSync(join(results, name)).mtime.toISOString().slice(0, 10)).toSorted();
  const head = ['Debian', 'Podman', 'called by', 'runtime', 'netavark', 'aardvark-dns', 'conmon', 'docker', 'passed'];
  return [
    '## Podman',
    prose(
      `Each Podman is that of its Debian, with its netavark, aardvark-dns, conmon and runtime, in a network and mounts of its own (\`test/engines/with-podman\`); docker and Compose are the machine's. A row is a file of scenarios, and ran on ${day}.`,
    ),
    table(head, rows),
  ];
}

const [, , folder, page] = process.argv;
if (import.meta.main && folder !== undefined && page !== undefined) {
  const text = readFileSync(page, 'utf8').replace(/^## Podman\n[^]*?(?=^## )/m, '');
  writeFileSync(
    page,
    text.replace(/^## Hosts$/m, () => [...podmanSection(folder), '## Hosts'].join('\n\n')),
  );
}
