// An ssh:// address → what the system's ssh is told, by docker's own rules (docker/cli, cli/connhelper/ssh/ssh.go).
import { shellWord } from '../text/printable.ts';

export interface SshAddress {
  readonly user: string | undefined;
  readonly hostname: string;
  readonly port: number | undefined;
  /** The engine's socket on that machine; undefined: docker's default there. */
  readonly socketPath: string | undefined;
}

/** @returns the address, or what is wrong with it */
export function readSshAddress(text: string): SshAddress | string {
  const match = /^ssh:\/\/(?:([^@/]*)@)?(\[[^\]]*\]|[^:/?#]*)(?::(\d+))?(\/[^?#]*)?$/.exec(text);
  if (!match) return 'expected ssh://[USER@]HOST[:PORT]';
  const [, user = '', host = '', port, path = ''] = match;
  if (user.includes(':')) return 'it contains a password, which docker does not accept either';
  // What begins with a hyphen is an option to ssh.
  const hostname = host.replace(/^\[|\]$/g, '');
  if (hostname === '' || hostname.startsWith('-') || user.startsWith('-')) return 'the host is missing';
  if (Number(port ?? 1) > 65_535) return 'the port is greater than 65535';
  return {
    user: user === '' ? undefined : user,
    hostname,
    port: port === undefined ? undefined : Number(port),
    socketPath: path.length > 1 ? path : undefined,
  };
}

/** Whom ssh is to reach: options, then the host. */
export const sshDestination = ({ user, hostname, port }: SshAddress): readonly string[] => [
  ...(user === undefined ? [] : ['-l', user]),
  ...(port === undefined ? [] : ['-p', String(port)]),
  '--',
  hostname,
];

/** What runs there: it carries one connection to the engine on its standard streams. */
export const dialCommand = ({ socketPath }: SshAddress): string =>
  `docker${socketPath === undefined ? '' : ` --host ${shellWord(`unix://${socketPath}`)}`} system dial-stdio`;

/** @param shown what `ssh -G` says of a host. @returns whether its connections are shared already, as the caller has set it */
export const isShared = (shown: string): boolean => /^controlpath (?!none$)./im.test(shown);
