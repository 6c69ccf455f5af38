// --list-networks as a drawing: of real projects, in a text that Graphviz itself reads, and as the README shows it.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { drawNetworks } from '../../src/core/report/drawing.ts';
import { printable } from '../../src/core/text/printable.ts';
import { hostileMap, hostileNames, readDot, readMermaid } from '../unit/core/report/drawn.ts';
import type { Drawn } from '../unit/core/report/drawn.ts';
import { lockProject } from './grounds.ts';
import { neighbour, project, shared, useNeighbour } from './reports.ts';
import { must, scenario } from './scenario.ts';
import type { Scenario } from './scenario.ts';

await useNeighbour();

const root = join(import.meta.dirname, '../..');

/** Graphviz's own JSON: its objects, and between which of them there are lines, by their places. */
interface GraphvizJson {
  readonly objects: readonly { readonly name: string; readonly _ldraw_: readonly { readonly text?: string }[] }[];
  readonly edges?: readonly { readonly tail: number; readonly head: number }[];
}

/** What Graphviz draws: the texts of each node, and the nodes that a line joins. */
async function graphviz(
  s: Scenario,
  text: string,
): Promise<Pick<Drawn, 'labels'> & { readonly lines: readonly string[] }> {
  const { stdout } = await must(s.run(['dot', '-Tjson'], { input: text }));
  const { objects, edges = [] } = JSON.parse(stdout) as GraphvizJson;
  const name = (place: number): string => objects[place]?.name ?? '';
  return {
    labels: Object.fromEntries(
      // oxlint-disable-next-line no-underscore-dangle
      objects.map((each) => [each.name, each._ldraw_.flatMap(({ text: shown }) => shown ?? [])]),
    ),
    lines: edges.map(({ tail, head }) => `${name(tail)} ${name(head)}`),
  };
}

/** `WHAT STANDS IN IT - WHAT STANDS IN IT`, each line of the drawing. */
const told = ({ labels, lines }: Drawn): readonly string[] =>
  lines
    .map(([from, to, shares]) => [from, to].map((id) => labels[id]?.join(', ')).join(shares ? ' = ' : ' - '))
    .toSorted();

scenario(
  'every membership must be a line of the drawing, and who shares a network a dotted one',
  { project },
  async (s) => {
    const run = await s.netexec(['--list-networks', '--format', 'mermaid']);
    assert.deepEqual([run.stderr, run.status], ['', 0]);
    const drawn = readMermaid(`${run.stdout}\n`);
    const onShared = `shared, ${shared}, external`;
    assert.deepEqual(told(drawn), [
      'back, internal - api ×2',
      'back, internal - cache',
      'back, internal - database',
      'back, internal - queue',
      'back, internal - web',
      'default - lonely',
      'dual - queue',
      'dual - web',
      'front - api ×2',
      'front - search',
      'front - web',
      'named - search',
      `${neighbour}/billing - ${onShared}`,
      `${neighbour}/web - ${onShared}`,
      `${onShared} - web`,
      'web = sidecar',
    ]);
    assert.ok(Object.values(drawn.labels).some((texts) => texts.join(', ') === 'unused, not created yet'));
  },
);

scenario('Graphviz must draw what is in the drawing', { project }, async (s) => {
  const run = await s.netexec(['--list-networks', '--format', 'dot']);
  assert.deepEqual([run.stderr, run.status], ['', 0]);
  const { labels, lines } = readDot(`${run.stdout}\n`);
  assert.equal(lines.length, 16);
  const { labels: drawn, lines: joined } = await graphviz(s, run.stdout);
  assert.deepEqual(drawn, labels);
  assert.deepEqual(joined.toSorted(), lines.map(([from, to]) => `${from} ${to}`).toSorted());
});

scenario('Graphviz must draw names as the text that they are', { project }, async (s) => {
  // What is no character, and what has none, it does not draw.
  const names = hostileNames.filter((name) => !/\p{Cs}/u.test(name) && name !== '');
  const { labels } = await graphviz(s, drawNetworks(hostileMap(names), 'dot'));
  for (const [place, name] of names.entries()) {
    const text = printable(name);
    assert.deepEqual(labels[`n${place + 1}`], [text, 'internal']);
    assert.deepEqual(labels[`s${place + 1}`], [place % 2 === 1 ? `${text} ×2` : text]);
  }
});

scenario('a container with a hostile project and service must be drawn as such', { project }, async (s) => {
  const container = `${s.projectName}-hostile`;
  const labels = { project: '"]\n%%{init: {}}%%', service: '<b>\\N&amp;end' };
  s.t.after(() => s.docker(['rm', '-f', container]));
  const given = Object.entries(labels).flatMap(([key, value]) => ['--label', `com.docker.compose.${key}=${value}`]);
  await must(s.docker(['run', '-d', '--name', container, '--network', shared, ...given, 'netexec/busybox:1']));
  const expected = `${labels.project.replace('\n', '\\n')}/${labels.service}`;
  const mermaid = await must(s.netexec(['--list-networks', '--format', 'mermaid']));
  assert.ok(
    Object.values(readMermaid(`${mermaid.stdout}\n`).labels).some(([text]) => text === expected),
    mermaid.stdout,
  );
  const dot = await must(s.netexec(['--list-networks', '--format', 'dot']));
  const drawn = await graphviz(s, dot.stdout);
  assert.ok(
    Object.values(drawn.labels).some(([text]) => text === expected),
    dot.stdout,
  );
});

scenario('-q must win over a drawing, and other reports must say where there is one', { project }, async (s) => {
  const quiet = await s.netexec(['--list-networks', '-q', '--format', 'mermaid']);
  const names = await s.netexec(['--list-networks', '-q']);
  assert.deepEqual([quiet.stdout, quiet.stderr, quiet.status], [names.stdout, '', 0]);
  const refused = await s.netexec(['--list-names', '--format', 'dot']);
  assert.deepEqual([refused.stdout, refused.status], ['', 125]);
  assert.match(refused.stderr, /^netexec: .*--list-names.*\nhint: .*--list-networks --format dot$/);
});

scenario("README must show the demo's networks as the command draws them", { project }, async (s) => {
  const name = 'netexec-test-demo';
  const cwd = join(root, 'docs/demo');
  const unlock = await lockProject('demo');
  const down = ['-p', name, 'down', '-v', '-t', '0'];
  s.t.after(async () => {
    await s.compose(down, { cwd });
    unlock();
  });
  await s.compose(down, { cwd });
  await must(s.compose(['-p', name, 'up', '-d', '--wait'], { cwd, timeout: 600_000 }));
  const { stdout } = await must(s.netexec(['-p', name, '--list-networks', '--format', 'mermaid'], { cwd }));
  const block = /^```mermaid\n([^]*?)\n```$/m.exec(readFileSync(join(root, 'README.md'), 'utf8'))?.[1];
  const called = /^name: (\S+)$/m.exec(readFileSync(join(cwd, 'compose.yaml'), 'utf8'))?.[1] ?? '';
  assert.equal(block, stdout.replace(name, called));
});
