// The measurements of scripts/bench: starts the projects, takes every row, or those that are chosen, writes what came out.
import { writeFileSync } from 'node:fs';
import { measureDataPath } from './data-path.ts';
import { measureForward } from './forward.ts';
import { machine } from './machine.ts';
import { measureMemory } from './memory.ts';
import { data, large, small, startProjects } from './projects.ts';
import { sizeRow } from './size.ts';
import { measureTimes } from './times.ts';
import { measureTunnel } from './tunnel.ts';
import { asTable } from './rows.ts';
import type { Row } from './rows.ts';

const [folder = '', runs = '30', ...chosen] = process.argv.slice(2);

/** By the words for them: the projects that they take, and the rows. */
const groups: Readonly<Record<string, readonly [projects: readonly string[], measure: () => Promise<readonly Row[]>]>> =
  {
    times: [[small, large], () => measureTimes(folder, Number(runs))],
    memory: [[small], async () => [await measureMemory()]],
    'data-path': [[data], measureDataPath],
    forward: [[data], () => measureForward(folder)],
    tunnel: [[data], () => measureTunnel(Number(runs))],
    size: [[], async () => [sizeRow(folder)]],
  };
const wanted = Object.entries(groups).flatMap(([name, group]) =>
  chosen.length === 0 || chosen.includes(name) ? [group] : [],
);

const projects = await startProjects(
  folder,
  wanted.flatMap(([names]) => names),
);
try {
  const rows: Row[] = [];
  for (const [, measure] of wanted) rows.push(...(await measure()));
  const where = await machine();
  const text = asTable(where, Number(runs), rows);
  if (chosen.length === 0) {
    writeFileSync('docs/benchmarks.json', `${JSON.stringify({ ...where, runs: Number(runs), rows }, undefined, 2)}\n`);
    writeFileSync('docs/benchmarks.md', text);
  }
  process.stdout.write(text);
} finally {
  await projects.stop();
}
