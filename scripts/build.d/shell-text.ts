// The shell texts, as they are started: comments, and how lines are indented, are for whoever reads the source.
import { readFileSync } from 'node:fs';

export const shellText = (file: string): string =>
  readFileSync(file, 'utf8')
    .replaceAll(/^\s*#.*\n/gm, '')
    .replaceAll(/^ +/gm, '');
