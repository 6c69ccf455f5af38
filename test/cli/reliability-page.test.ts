// docs/reliability.md is made of what test/engines/engines and the faults have left: every engine, host and fault stands in it.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { removeFolder, temporaryFolder } from './place.ts';

const script = join(import.meta.dirname, '../../scripts/reliability.d/reliability-page.ts');

const cells = [
  { caller: 'root', host: 'plain', resolver: 'getent' },
  { caller: 'root', host: 'odd', resolver: 'getent', warning: 'netexec: warning: so' },
  { caller: 'root', host: 'bare', resolver: 'getent', reason: 'netexec: no' },
  { caller: 'the owner', host: 'plain', resolver: 'getent', reason: 'the scenario failed' },
];

const podman = {
  debian: 'trixie',
  podman: '5.4.2',
  runtime: 'crun 1.21',
  cgroups: 'v2',
  conmon: '2.1',
  netavark: '1.14',
  aardvark: '1.15',
  rootless: true,
  docker: '28.2.2',
};

test('the page must hold a row for each engine, host and fault, with what was found', (context) => {
  const folder = temporaryFolder();
  context.after(() => removeFolder(folder));
  const write = (name: string, text: string): void => writeFileSync(join(folder, name), text);
  for (const name of ['trixie', 'testing', 'docker-netexec-test-hosts/nscd'])
    mkdirSync(join(folder, name), { recursive: true });
  write('docker-netexec-test-hosts/nscd/packages', 'nscd_2.36-9%2bdeb12u14_amd64.deb\n');
  write('trixie/engine', '26.1.5+dfsg1 1.45\n');
  write('trixie/components', 'Engine 26.1.5\ncontainerd 1.7.24\nrunc 1.1.15\n');
  write('trixie/clients', 'Docker version 26.1.5+dfsg1, build x\nDocker Compose version 2.26.1-4\n');
  write('trixie/tap', 'ok 1 - a\nnot ok 2 - b\n# tests 2\n# pass 1\n# fail 1\n');
  write('trixie/matrix.jsonl', cells.map((cell) => JSON.stringify(cell)).join('\n'));
  write('faults.jsonl', '{"what":"kill -9","result":"nothing left"}\n');
  mkdirSync(join(folder, 'podman'));
  write('podman/podman-crun.tap', 'ok 1 - a\n# tests 1\n# pass 1\n');
  write('podman/podman-crun.json', JSON.stringify(podman));
  const page = execFileSync(process.execPath, [script, folder], {
    encoding: 'utf8',
    env: { ...process.env, TMPDIR: folder },
  });
  assert.match(page, /^docker netexec \d+\.\d+\.\d+, on Linux /m);
  assert.doesNotMatch(page, /Node v/);
  for (const line of [
    '| trixie | 26.1.5+dfsg1 | 1.45 | 1.7.24 | 1.1.15 | 26.1.5+dfsg1 | 2.26.1-4 | 1 of 2 |',
    '| trixie | 5.4.2 | its owner | crun 1.21, cgroups v2 | 1.14 | 1.15 | 2.1 | 28.2.2 | [1 of 1](../test/scenarios/podman-crun.test.ts) |',
    '### Engine 26.1.5+dfsg1, called by root',
    '| plain | ✓ |',
    '| odd | ✓ (1) |',
    '| bare | – (2) |',
    '### Engine 26.1.5+dfsg1, called by the owner',
    '| plain | ✗ the scenario failed |',
    '2. refused: `netexec: no`',
    '| kill -9 | nothing left |',
    '| what is tried | what becomes of it | test |',
  ])
    assert.ok(page.split('\n').includes(line), `${line}\n${page}`);
  // One that did not come up has nothing to tell.
  assert.doesNotMatch(page, /^\| testing/m);
});

test('what is Podman’s must be put into a page alone, in the place of what was there', (context) => {
  const folder = temporaryFolder();
  context.after(() => removeFolder(folder));
  mkdirSync(join(folder, 'podman'));
  writeFileSync(join(folder, 'podman/podman-crun.tap'), '# tests 3\n# pass 2\n');
  writeFileSync(join(folder, 'podman/podman-crun.json'), JSON.stringify(podman));
  const page = join(folder, 'page.md');
  writeFileSync(page, '## Engines\n\nof docker\n\n## Hosts\n');
  const section = join(import.meta.dirname, '../../scripts/reliability.d/podman-section.ts');
  const renew = (): string => {
    execFileSync(process.execPath, [section, folder, page]);
    return readFileSync(page, 'utf8');
  };
  const once = renew();
  assert.match(once, /^## Engines\n\nof docker\n\n## Podman\n\n[^]*\[2 of 3\][^]* \|\n\n## Hosts\n$/);
  assert.equal(renew(), once);
});
