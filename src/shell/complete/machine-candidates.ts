// What this machine has to offer for a word that is completed: users, groups, programs, ports.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path/posix';
import type { Candidate } from '../../core/arguments/completion.ts';
import { observeHeldSockets } from '../check/listening-sockets.ts';
import { attempt } from '../files/attempt.ts';
import { isExecutable } from '../observe/program.ts';

export const users = (): readonly Candidate[] =>
  entries('/etc/passwd').map(([value = '', , uid = '', , name = '']) => ({
    value,
    description: [uid, name.split(',')[0]].filter(Boolean).join(' '),
  }));

export function userGroups(prefix: string): readonly Candidate[] {
  const user = prefix.slice(0, prefix.indexOf(':'));
  return entries('/etc/group').map(([group = '', , gid = '']) => ({ value: `${user}:${group}`, description: gid }));
}

/** The programs on PATH that begin so, each once. */
export function programs(prefix: string, path: string): readonly Candidate[] {
  const names = new Set<string>();
  for (const folder of path.split(':').filter(Boolean)) {
    for (const name of namesIn(folder).filter((each) => each.startsWith(prefix))) {
      if (isExecutable(join(folder, name))) names.add(name);
    }
  }
  return [...names].toSorted().map((value) => ({ value, description: '' }));
}

/** The ports of TCP on which this machine listens, and whose they are where that may be seen. */
export function listeningHere(): readonly Candidate[] {
  const all = (observeHeldSockets(process.pid) ?? []).filter(({ transport }) => transport === 'tcp');
  const ports = [...new Set(all.map(({ port }) => port))].toSorted((one, other) => one - other);
  return ports.map((port) => ({
    value: `${port}`,
    description: all.find((each) => each.port === port && each.process !== undefined)?.process ?? '',
  }));
}

const entries = (file: string): readonly (readonly string[])[] =>
  readFileSync(file, 'utf8')
    .split('\n')
    .map((line) => line.split(':'))
    .filter(([name]) => name);

const namesIn = (folder: string): readonly string[] => attempt(() => readdirSync(folder)) ?? [];
