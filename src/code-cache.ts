// Run at installation, by the Node that netexec is going to run with: node code-cache.cjs FILE...
// Keeps beside each file the code that V8 makes of it, for src/load.ts. Another Node just does not take it.
import { readFileSync, writeFileSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { codeFile, compile } from './load.ts';

for (const file of process.argv.slice(2)) {
  // All functions at once, instead of each when it is first called. The flag is part of what V8 recognizes its code by.
  setFlagsFromString('--no-lazy');
  const script = compile(file, readFileSync(file, 'utf8'));
  setFlagsFromString('--lazy');
  writeFileSync(codeFile(file), script.createCachedData());
}
