// What AppArmor or SELinux confines the caller to: neither lets it be set again from outside.

/**
 * @param text of /proc/self/attr/current: AppArmor's is `PROFILE (enforce)`, SELinux's USER:ROLE:TYPE:LEVEL
 * @returns undefined where it is nothing
 */
export function readConfinement(text: string): string | undefined {
  const label = text.replace(/\0?\n?$/, '');
  const type = label.split(':')[2];
  if (type !== undefined) return freeTypes.includes(type) ? undefined : `SELinux (${label})`;
  return /\((enforce|kill|prompt|mixed)\)$/.test(label) ? `AppArmor (${label})` : undefined;
}

/** Types of processes that SELinux's usual policies confine to nothing. */
const freeTypes = ['unconfined_t', 'unconfined_service_t', 'kernel_t', 'init_t', 'initrc_t', 'sysadm_t', 'spc_t'];
