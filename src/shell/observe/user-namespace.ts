// Tries whether the caller can make a user namespace, and mount in there: machines forbid it in many ways, and some let it be
// made, but without its capabilities (Ubuntu's AppArmor).
import { readText } from '../files/attempt.ts';
import { findTrusted } from './program.ts';

/** @returns what keeps the caller from it */
export function namespaceRefusal(): string | undefined {
  const [unshare, mount] = [findTrusted('unshare'), findTrusted('mount')];
  if (unshare === undefined || mount === undefined) return 'unshare or mount is not installed';
  const words = [unshare, '--user', '--map-root-user', '--mount', '--', mount, '-n', '-t', 'tmpfs', 'netexec', '/etc'];
  const tried = Bun.spawnSync(words, { stdio: ['ignore', 'ignore', 'pipe'] });
  if (tried.success) return undefined;
  const setting = settings.find(
    ([name, value]) => readText(`/proc/sys/${name.replaceAll('.', '/')}`)?.trim() === value,
  );
  if (setting !== undefined) return `this machine does not allow it: ${setting.join(' is ')} (sysctl)`;
  return tried.stderr.toString().trim().split('\n').at(-1) || 'unshare failed';
}

/** Debian's, everybody's, Ubuntu's. */
const settings = [
  ['kernel.unprivileged_userns_clone', '0'],
  ['user.max_user_namespaces', '0'],
  ['kernel.apparmor_restrict_unprivileged_userns', '1'],
] as const;
