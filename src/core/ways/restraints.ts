// What the caller has given up, or been deprived of, and COMMAND must not come by again: as the kernel tells it (proc(5)).
import { capabilityNames } from '../arguments/capabilities.ts';
import type { Identity } from '../entry/plan.ts';

export interface Restraints {
  /** No setuid program gives its caller anything. */
  readonly noNewPrivileges: boolean;
  /** Capabilities that the kernel has, and that nothing the caller starts can have. */
  readonly lacking: readonly string[];
  /** Those that netexec itself has. */
  readonly effective: readonly string[];
  /** System calls are filtered; the filter cannot be told, nor set again. */
  readonly filtered: boolean;
}

export interface CallerStatus {
  /** Where the real one and the effective one are two; a set-user-ID program has called netexec then. */
  readonly differing:
    | { readonly what: 'user' | 'group'; readonly real: number; readonly effective: number }
    | undefined;
  readonly identity: Identity;
  readonly cpus: string;
  readonly restraints: Restraints;
}

/**
 * @param status the text of /proc/self/status: a library that the caller has preloaded (fakeroot) changes what getuid(2)
 *   says, but not this
 * @param lastCapability of /proc/sys/kernel/cap_last_cap
 */
export function readStatus(status: string, lastCapability: number): CallerStatus {
  const field = (name: string): readonly string[] =>
    (new RegExp(`^${name}:(.*)$`, 'm').exec(status)?.[1] ?? '').trim().split(/\s+/).filter(Boolean);
  const [uid = -1, euid = -1] = field('Uid').map(Number);
  const [gid = -1, egid = -1] = field('Gid').map(Number);
  const mask = (name: string): bigint => BigInt(`0x${field(name)[0] ?? '0'}`);
  const all = Array.from({ length: lastCapability + 1 }, (_, number) => capabilityNames[number] ?? `cap_${number}`);
  const within = (name: string): readonly string[] => all.filter((_, number) => (mask(name) >> BigInt(number)) & 1n);
  const bounding = within('CapBnd');
  const further = field('Groups').map(Number);
  return {
    differing:
      uid !== euid
        ? { what: 'user', real: uid, effective: euid }
        : gid !== egid
          ? { what: 'group', real: gid, effective: egid }
          : undefined,
    identity: { uid, gid, groups: further.length > 0 ? further : [gid] },
    cpus: field('Cpus_allowed_list')[0] ?? '',
    restraints: {
      noNewPrivileges: field('NoNewPrivs')[0] === '1',
      lacking: all.filter((name) => !bounding.includes(name)),
      effective: within('CapEff'),
      filtered: field('Seccomp')[0] === '2',
    },
  };
}

/** As setpriv(1) takes them: what brings COMMAND back to where its caller was, where something in between was not there. */
export function restraintOptions({
  noNewPrivileges,
  lacking,
}: Pick<Restraints, 'noNewPrivileges' | 'lacking'>): readonly string[] {
  return [
    ...(noNewPrivileges ? ['--no-new-privs'] : []),
    ...(lacking.length > 0 ? [`--bounding-set=${lacking.map((name) => `-${name}`).join(',')}`] : []),
  ];
}
