// What netexec takes of the machine while COMMAND runs.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { descendantsOf, isNetexec, startAlone } from './command-process.ts';
import { scenario } from './scenario.ts';

scenario('netexec must give back the memory of code that only starting needed', { project: 'article' }, async (s) => {
  const { pid } = await startAlone(s, ['docker', 'netexec', 'web', '--', 'sleep', '1000']);
  const netexec = await s.eventually(() => descendantsOf(pid).find(isNetexec) ?? false);
  assert.ok(netexec);
  // In kilobytes: 28,000 before.
  await s.eventually(() => assert.ok(codeOf(netexec.pid) < 12_000, `${codeOf(netexec.pid)} kB of code`), 20);
});

/** How much of the executable's code is in memory (proc(5), smaps). */
function codeOf(pid: number): number {
  const mappings = readFileSync(`/proc/${pid}/smaps`, 'utf8').split(/^(?=[\da-f]+-[\da-f]+ )/m);
  const code = mappings.find((mapping) => /^\S+ r-xp .*\/netexec\/netexec$/m.test(mapping)) ?? '';
  return Number(/^Rss: +(\d+) kB$/m.exec(code)?.[1]);
}
