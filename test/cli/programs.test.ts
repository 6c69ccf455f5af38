// The packages that are installed for the tests, the documents and the scripts bring every program that these start: asked of this Debian.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, realpathSync } from 'node:fs';
import { describe, test } from 'node:test';
import { toolNames, tools } from '../../src/core/tools/tool-table.ts';
import { base, installersOf, lists, startingFiles } from '../installed.ts';
import { startedBy } from '../started.ts';

interface Package {
  /** Every Debian has it. */
  readonly basic: boolean;
  readonly dependencies: readonly string[];
}

/** Those that are installed, by their names and by what they provide. */
const packages = new Map<string, readonly [name: string, Package]>();
const fields = ['Package', 'Essential', 'Priority', 'Pre-Depends', 'Depends', 'Provides', 'db:Status-Status'];
const format = `${fields.map((field) => `\${${field}}`).join('\t')}\n`;
const asked = spawnSync('dpkg-query', ['-W', '-f', format], { encoding: 'utf8', maxBuffer: 2 ** 26 });
const skip = asked.status === 0 ? false : 'this is no Debian';
const namesOf = (field: string): readonly string[] => field.match(/(?<=^|[,|] *)[a-z\d][a-z\d.+-]+/g) ?? [];
for (const line of skip ? [] : asked.stdout.split('\n')) {
  const [name = '', essential, priority, before = '', after = '', provided = '', status] = line.split('\t');
  if (status !== 'installed') continue;
  const dependencies = namesOf(`${before}, ${after}`);
  const entry = [name, { basic: essential === 'yes' || priority === 'required', dependencies }] as const;
  for (const each of [name, ...namesOf(provided)]) if (each === name || !packages.has(each)) packages.set(each, entry);
}

/** With all that they depend on, whichever of several. */
function closureOf(names: readonly string[]): ReadonlySet<string> {
  const found = new Set<string>();
  const add = (each: string): void => {
    const [name, { dependencies }] = packages.get(each) ?? ['', { dependencies: [] }];
    if (name === '' || found.has(name)) return;
    found.add(name);
    dependencies.forEach(add);
  };
  names.forEach(add);
  return found;
}

const basic = closureOf([...packages.values()].filter(([, { basic: is }]) => is).map(([name]) => name));

/** The package of each program that is there; `''` where none has it. */
function packagesOf(programs: Iterable<string>): ReadonlyMap<string, string> {
  const files = new Map<string, string>();
  for (const program of programs) {
    const file = ['/usr/sbin', '/usr/bin'].map((folder) => `${folder}/${program}`).find((each) => existsSync(each));
    if (file !== undefined) files.set(program, realpathSync(file));
  }
  // Packages may name files by the links of a merged /usr.
  const names = [...files.values()].flatMap((file) => [file, file.replace(/^\/usr/, '')]);
  const { stdout } = spawnSync('dpkg', ['-S', ...names], { encoding: 'utf8', maxBuffer: 2 ** 26 });
  const owners = new Map(
    [...stdout.matchAll(/^([a-z\d.+-]+)(?::\w+)?: (.*)$/gm)].map(([, owner = '', file = '']) => [file, owner]),
  );
  return new Map(
    [...files].map(([program, file]) => [program, owners.get(file) ?? owners.get(file.replace(/^\/usr/, '')) ?? '']),
  );
}

const started = [...startingFiles()].map(([file, text]) => {
  const { surely, likely } = startedBy(file, text);
  return { file, installers: installersOf(file, text), words: new Set([...surely, ...likely]) };
});
const listed = Object.values(lists).flat();
const owner = packagesOf(
  new Set([
    ...base,
    ...toolNames,
    ...started.flatMap(({ words }) => [...words]),
    ...listed.flatMap(({ programs }) => programs),
  ]),
);

/** Words that are no program where they stand, or the shell's own, or one of a container's. */
const others = ['as', 'column', 'file', 'kill', 'less', 'postgres', 'route', 'size', 'wget'];
/** What brings them stands in the lists by other names, or they come with the checkout. */
const engineAndNode = ['containerd', 'docker', 'dockerd', 'node', 'npm'];

describe('what is installed for the project', { skip }, () => {
  test('must include each program that a list names, by the package that stands in front of it', () => {
    for (const { name, programs } of listed.filter((each) => packages.has(each.name)))
      for (const program of programs.filter((each) => !engineAndNode.includes(each)))
        assert.ok(
          closureOf([name]).has(owner.get(program) ?? ''),
          `${program} is of ${owner.get(program)}, not of ${name}`,
        );
  });

  test('must include the programs that every Debian is said to have', () => {
    for (const program of base)
      assert.ok(basic.has(owner.get(program) ?? ''), `${program} is of ${owner.get(program)}`);
  });

  test('must include each program that netexec starts, by the package that its table names', () => {
    const installed = closureOf(
      [...(lists['scripts/test'] ?? []), ...(lists['test/engines/engine'] ?? [])].map(({ name }) => name),
    );
    for (const name of toolNames.filter((each) => !engineAndNode.includes(each))) {
      const { package: everywhere, debian = everywhere } = tools[name];
      assert.equal(owner.get(name), debian, name);
      assert.ok(basic.has(debian) || installed.has(debian), `nothing installs ${debian}, of which ${name} is`);
    }
  });

  for (const { file, installers, words } of started)
    test(`must include the programs of ${file}`, () => {
      const lines = installers.flatMap((script) => lists[script] ?? []);
      const known = new Set([...others, ...engineAndNode, ...lines.flatMap(({ programs }) => programs)]);
      const installed = closureOf(lines.map(({ name }) => name));
      const chance = [...words]
        .filter((word) => !known.has(word))
        .flatMap((word) => {
          const its = owner.get(word);
          return its === undefined || basic.has(its) || installed.has(its) ? [] : [`${word} of ${its || 'no package'}`];
        });
      assert.deepEqual(chance, [], 'they are here by chance: CONTRIBUTING.md, "How to add"');
    });
});
