// The programs that the executable is, each told by its first word, which is no option, and no name that docker or Compose would take.
import { dirname, join, resolve } from 'node:path/posix';
import { hasRawBytes, toBytes } from './core/text/raw-bytes.ts';

export type Role = 'main' | 'launch' | 'probe' | 'relay' | 'near' | 'far' | 'hold' | 'listens' | 'restore';

export const roleWord = (role: Role): string => `docker-netexec:${role}`;

/** Whether docker has started it itself, and no launcher has. */
export const isSingleFile = process.argv[2] !== roleWord('main');

/** The folder of an installation, or the file. */
const place = isSingleFile ? process.execPath : dirname(process.execPath);

/** The file that docker calls, or would. */
export const pluginFile = (): string => (isSingleFile ? resolve(place) : join(place, '../cli-plugins/docker-netexec'));

/** How the executable becomes COMMAND: a word that is not UTF-8 has a character for each byte. */
export const launchWords = (words: readonly string[]): readonly string[] => [
  roleWord('launch'),
  ...words.map((word) => (hasRawBytes(word) ? `=${toBytes(word).toString('latin1')}` : `:${word}`)),
];

/** The words with which it looks from inside a network. */
export const probeWords = (): readonly string[] => [roleWord('probe')];

/** The words with which it is the inner end of a relay. */
export const relayWords = (): readonly string[] => [roleWord('relay')];

/** The words with which it opens what the near end of a tunnel needs. */
export const nearWord = (): string => roleWord('near');

/** The words with which it is the far end of a tunnel. */
export const farWords = (): readonly string[] => [roleWord('far')];

/** The words with which it holds a container of netexec's own, whose engine is another machine's, and those with which it tells the health of one. */
export const holdRoles = { hold: roleWord('hold'), listens: roleWord('listens') } as const;

/** The words with which it starts what --replace has stopped, where netexec was killed. */
export const restoreWords = (task: string): readonly string[] => [roleWord('restore'), task];
