// Has a container end at one step of the entry: as a program starts that the entry uses. It goes on once the container is gone.
import { copyFileSync, existsSync, realpathSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inOwn } from './place.ts';
import type { Place } from './place.ts';

const programs = ['nsenter', 'unshare', 'setpriv', 'grep', 'mount'] as const;

/** The start of a program, for the so many-th time since the entry has begun. */
export interface Step {
  readonly program: (typeof programs)[number];
  readonly time: number;
}

/**
 * Waits for the step, and ends the container.
 * @param pid the container's first process
 * @param begun a file that is there once the entry has begun
 * @returns the words to put in front, with which the step's program is another for whatever the machine runs
 */
export function endingAt(place: Place, pid: number, step: Step, begun: string): readonly string[] {
  const kept = (name: string): string => join(place.folder, `kept-${name}`);
  const found = (name: string): string => realpathSync(join('/usr/bin', name));
  for (const name of ['sh', step.program]) copyFileSync(found(name), kept(name));
  const left = place.write('left', `${step.time}\n`);
  const due = join(place.folder, 'due');
  const file = join(place.folder, 'counting');
  const script = `#!${kept('sh')}
if [ -e '${begun}' ]; then
  read -r left <'${left}'
  echo "$((left - 1))" >'${left}'
  [ "$left" -ne 1 ] || : >'${due}'
  while [ "$left" -eq 1 ] && [ -e /proc/${pid} ]; do sleep 0.01; done
fi
exec '${kept(step.program)}' "$@"
`;
  writeFileSync(file, script, { mode: 0o755 });
  const looking = setInterval(() => {
    if (!existsSync(due)) return;
    clearInterval(looking);
    process.kill(pid, 'SIGKILL');
  }, 5);
  place.cleanUp(() => clearInterval(looking));
  const replace = 'mount --bind "$1" "$2" && shift 2 && exec "$@"';
  return [...inOwn('--mount'), 'sh', '-c', replace, 'sh', file, found(step.program)];
}
