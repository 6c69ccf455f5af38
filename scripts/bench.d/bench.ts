// The measurements of scripts/bench: starts the projects, takes every row, writes what came out.
import { writeFileSync } from 'node:fs';
import { measureDataPath } from './data-path.ts';
import { machine } from './machine.ts';
import { measureMemory } from './memory.ts';
import { startProjects } from './projects.ts';
import { sizeRow } from './size.ts';
import { measureTimes } from './times.ts';
import { asTable } from './rows.ts';

const [folder = '', runs = '30'] = process.argv.slice(2);
const projects = await startProjects(folder);
try {
  const rows = [
    ...(await measureTimes(folder, Number(runs))),
    await measureMemory(),
    ...(await measureDataPath()),
    sizeRow(folder),
  ];
  const where = await machine();
  writeFileSync('docs/benchmarks.json', `${JSON.stringify({ ...where, runs: Number(runs), rows }, undefined, 2)}\n`);
  const text = asTable(where, Number(runs), rows);
  writeFileSync('docs/benchmarks.md', text);
  process.stdout.write(text);
} finally {
  await projects.stop();
}
