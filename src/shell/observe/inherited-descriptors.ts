// Which descriptors above 2 came from docker, or from the shell: those that the parent holds under the same number.
import { readdirSync, readlinkSync } from 'node:fs';
import { attempt } from '../files/attempt.ts';

export const inheritedDescriptors = (): readonly number[] =>
  readdirSync('/proc/self/fd').flatMap((descriptor) => {
    if (Number(descriptor) < 3) return [];
    const own = target('self', descriptor);
    // Those of the kernel's own making are all called alike: the runtime's, and those of a parent that has some as well.
    const isOne = own !== undefined && !own.startsWith('anon_inode:');
    return isOne && own === target(String(process.ppid), descriptor) ? [Number(descriptor)] : [];
  });

const target = (owner: string, descriptor: string): string | undefined =>
  attempt(() => readlinkSync(`/proc/${owner}/fd/${descriptor}`));
