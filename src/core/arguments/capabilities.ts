// The capabilities of --cap-add: their names as docker reads them, and as setpriv(1) wants them.
import { fail, success } from '../failure/failure.ts';
import type { Read } from './option-values.ts';

/** capabilities(7), in the order of their numbers. */
export const capabilityNames = [
  'chown dac_override dac_read_search fowner fsetid kill setgid setuid setpcap linux_immutable net_bind_service',
  'net_broadcast net_admin net_raw ipc_lock ipc_owner sys_module sys_rawio sys_chroot sys_ptrace sys_pacct sys_admin',
  'sys_boot sys_nice sys_resource sys_time sys_tty_config mknod lease audit_write audit_control setfcap mac_override',
  'mac_admin syslog wake_alarm block_suspend audit_read perfmon bpf checkpoint_restore',
].flatMap((line) => line.split(' '));

/**
 * @param words each a name, with or without `CAP_` in front, in any case, as in `docker run --cap-add`
 * @returns each once, in lower case and without `cap_`
 */
export const readCapabilities: Read<readonly string[]> = (words, flag) => {
  const names = words.map((word) => word.toLowerCase().replace(/^cap_/, ''));
  const stranger = words.find((_, index) => !capabilityNames.includes(names[index] ?? ''));
  if (stranger !== undefined) {
    return fail({ kind: 'invalid-value', flag, value: stranger, expected: 'a capability, such as NET_RAW' });
  }
  return success([...new Set(names)]);
};
