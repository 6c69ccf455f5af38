// What the caller has given up, or been deprived of, and COMMAND must not come by again: as the kernel tells it (proc(5)).
import { capabilityNames } from './arguments/capabilities.ts';
import type { Identity } from './plan.ts';

export interface Restraints {
  /** No setuid program gives its caller anything. */
  readonly noNewPrivileges: boolean;
  /** Capabilities that the kernel has, and that nothing the caller starts can have. */
  readonly lacking: readonly string[];
  /** Those that netexec itself has. */
  readonly effective: readonly string[];
  /** System calls are filtered; the filter cannot be told, nor set again. */
  readonly filtered: boolean;
  /** What AppArmor or SELinux confines the caller to; undefined: nothing. */
  readonly confinement: string | undefined;
}

export interface CallerStatus {
  /** Real and effective. */
  readonly users: readonly [number, number];
  readonly groups: readonly [number, number];
  readonly identity: Identity;
  readonly cpus: string;
  readonly restraints: Restraints;
}

/**
 * @param status the text of /proc/self/status: a library that the caller has preloaded (fakeroot) changes what getuid(2)
 *   says, but not this
 * @param lastCapability of /proc/sys/kernel/cap_last_cap
 * @param label of /proc/self/attr/current; '' where the kernel has no such thing
 */
export function readStatus(status: string, lastCapability: number, label: string): CallerStatus {
  const field = (name: string): readonly string[] =>
    (new RegExp(`^${name}:(.*)$`, 'm').exec(status)?.[1] ?? '').trim().split(/\s+/).filter(Boolean);
  const ids = (name: string): readonly [number, number] => {
    const [real = -1, effective = -1] = field(name).map(Number);
    return [real, effective];
  };
  const mask = (name: string): bigint => BigInt(`0x${field(name)[0] ?? '0'}`);
  const all = Array.from({ length: lastCapability + 1 }, (_, number) => capabilityNames[number] ?? `cap_${number}`);
  const within = (name: string): readonly string[] => all.filter((_, number) => (mask(name) >> BigInt(number)) & 1n);
  const bounding = within('CapBnd');
  const [users, groups] = [ids('Uid'), ids('Gid')];
  const further = field('Groups').map(Number);
  return {
    users,
    groups,
    identity: { uid: users[0], gid: groups[0], groups: further.length > 0 ? further : [groups[0]] },
    cpus: field('Cpus_allowed_list')[0] ?? '',
    restraints: {
      noNewPrivileges: field('NoNewPrivs')[0] === '1',
      lacking: all.filter((name) => !bounding.includes(name)),
      effective: within('CapEff'),
      filtered: field('Seccomp')[0] === '2',
      confinement: confinement(label.replace(/\0?\n?$/, '')),
    },
  };
}

/** AppArmor's is `PROFILE (enforce)`, SELinux's USER:ROLE:TYPE:LEVEL. */
function confinement(label: string): string | undefined {
  const type = label.split(':')[2];
  if (type !== undefined) return freeTypes.includes(type) ? undefined : `SELinux (${label})`;
  return /\((enforce|kill|prompt|mixed)\)$/.test(label) ? `AppArmor (${label})` : undefined;
}

/** Types of processes that SELinux's usual policies confine to nothing. */
const freeTypes = ['unconfined_t', 'unconfined_service_t', 'kernel_t', 'init_t', 'initrc_t', 'sysadm_t', 'spc_t'];

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
