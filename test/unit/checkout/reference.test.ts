// docs/reference.md and the man page must say what the option table says; the version must be one everywhere.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { manual } from '../../../scripts/build.d/manual.ts';
import { optionMeanings, withOptionTable } from '../../../scripts/reference-options.ts';
import { netexecOptions } from '../../../src/core/arguments/options.ts';
import { elevations, wayKinds } from '../../../src/core/ways/ways.ts';

const root = join(import.meta.dirname, '../../..');
const read = (file: string): string => readFileSync(join(root, file), 'utf8');
const { version } = JSON.parse(read('package.json')) as { version: string };
const reference = read('docs/reference.md');

test("the reference's table of options must be the table of options: node scripts/reference-options.ts writes it", () => {
  const row = /^\| `--pid` \|.*\n/m;
  assert.equal(withOptionTable(reference), reference);
  const { help } = netexecOptions.find(({ name }) => name === 'pid') ?? {};
  assert.equal(withOptionTable(reference.replace(row, '')), reference.replace(row, `| \`--pid\` | ${help} |\n`));
});

test('the reference must say of every repeatable option that it is', () => {
  const meanings = optionMeanings(reference);
  for (const { name, value } of netexecOptions) {
    const none = value?.read?.([], `--${name}`);
    assert.equal(/\brepeatable\b/.test(meanings.get(name) ?? ''), none?.ok === true && Array.isArray(none.value), name);
  }
});

test('the reference must have the ways in, in their order, and every value of --elevate', () => {
  const [, part = ''] = /^## Where the privilege comes from\n([^]*?)^## /m.exec(reference) ?? [];
  assert.deepEqual(
    Array.from(part.matchAll(/^\| ([\w-]+) \| /gm), ([, way]) => way).filter((way) => way !== 'way'),
    wayKinds,
  );
  for (const elevate of elevations) assert.ok(part.includes(`\`--elevate ${elevate}\``), elevate);
});

test('the man page must have every option, with a meaning each', () => {
  const page = manual(version, reference).replaceAll('\\-', '-');
  for (const { name } of netexecOptions) {
    assert.match(page, new RegExp(`^\\.TP\\n.*\\\\fB--${name}\\\\fR.*\\n\\w.{5,}`, 'm'), name);
  }
  assert.match(page, /^\.SH EXIT STATUS\nCOMMAND's own; 128\+n/m);
  assert.match(page, /^docker netexec web -- psql/m);
  assert.ok(page.includes(`"docker-netexec ${version}"`));
});

test('the man page must have no link of Markdown, and no word that only led somewhere', () => {
  const page = manual(version, reference).replaceAll('\\-', '-');
  assert.doesNotMatch(page, /\]\(|, see /);
  assert.match(page, /or root, setuid programs have no effect$/m);
  assert.match(page, /^removes netexec and the files that your runs wrote$/m);
});

test("the changelog's newest heading must be the version, or what comes after it", () => {
  const [first = '', second] = [...read('CHANGELOG.md').matchAll(/^## (.*)$/gm)].map(([, title]) => title);
  assert.ok(first === 'Unreleased' || first.startsWith(`${version} `), first);
  if (second !== undefined && first === 'Unreleased') assert.ok(second.startsWith(`${version} `), second);
});
