// What a COMMAND of a known name is sure to stumble over, said before it starts. What is not sure is not said: a host that may
// stand in a configuration, options that may be something else.
import type { EntryContext } from './environment.ts';
import type { Environment } from '../engine/engine-address.ts';
import { shellWord } from '../text/printable.ts';

/** A kind of programs that do alike. */
export type Kind = 'libpq' | 'mysql' | Raw;
/** Of packets. */
type Raw = 'capture' | 'ping';

const kinds: Readonly<Record<Kind, readonly string[]>> = {
  libpq: [
    'psql',
    'pg_dump',
    'pg_dumpall',
    'pg_isready',
    'pgbench',
    'createdb',
    'createuser',
    'vacuumdb',
    'reindexdb',
    'dropdb',
    'dropuser',
    'clusterdb',
    'pg_basebackup',
  ],
  mysql: ['mysql', 'mysqldump', 'mysqladmin', 'mysqlcheck', 'mysqlimport', 'mysqlshow'].flatMap((name) => [
    name,
    name.replace('mysql', name === 'mysql' ? 'mariadb' : 'mariadb-'),
  ]),
  capture: ['tcpdump', 'dumpcap', 'ngrep', 'tcpflow', 'hping3', 'iftop'],
  ping: ['ping', 'ping4', 'ping6', 'fping'],
};

/** @param file a program's path. @returns undefined where nothing is known of it */
export function kindOf(file: string): Kind | undefined {
  const name = lastPart(file);
  return (Object.keys(kinds) as Kind[]).find((kind) => kinds[kind].includes(name));
}

const lastPart = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

/** Files, and folders of files, by which clients may come to a host; `~` is the caller's home. */
export const clientFiles: Readonly<Record<Kind, readonly string[]>> = {
  libpq: ['~/.postgresqlrc', '/etc/postgresql-common/user_clusters'],
  mysql: [
    '~/.my.cnf',
    '~/.mylogin.cnf',
    '/etc/my.cnf',
    '/etc/my.cnf.d',
    '/etc/mysql/my.cnf',
    '/etc/mysql/conf.d',
    '/etc/mysql/mariadb.conf.d',
    '/etc/mysql/mysql.conf.d',
  ],
  capture: [],
  ping: [],
};

const ofServer = /^\[(?:mysqld|mariadbd?|server|galera|embedded)\b/;
const ofClient = /^(?:loose[-_])?(?:ho|po|pr|pipe)|^!include(?!dir)/;

/** @param text of one of these files. @returns whether it may say a host, or how to go to one */
export function mayNameHost(kind: Kind, file: string, text: string): boolean {
  const lines = text.split('\n').map((line) => line.trim());
  if (kind !== 'mysql') return lines.some((line) => /^[^#]/.test(line));
  let section = '';
  return (
    file.endsWith('.mylogin.cnf') ||
    lines.some((line) => {
      if (line.startsWith('[')) section = line;
      return !ofServer.test(section) && ofClient.test(line);
    })
  );
}

export interface CommandFacts {
  readonly words: readonly string[];
  readonly kind: Kind;
  readonly environment: Environment;
  readonly context: EntryContext;
  /** It may be configured to go to some host. */
  readonly configured: boolean;
  /** The capabilities that it needs for packets, and will not have: `net_raw`. */
  readonly lacking: readonly string[];
}

export function commandNotes(facts: CommandFacts): readonly string[] {
  const note = isRaw(facts.kind) ? packetNote(facts) : clientNote(facts);
  return note === undefined ? [] : [note];
}

const isRaw = (kind: Kind): kind is Raw => kind === 'capture' || kind === 'ping';

/** Of an option that is told something, or prints something and ends. */
const spared: Readonly<Record<Kind, RegExp>> = {
  libpq: /^-[^-]*[hV?]|^--(?:h|v|cluster)|host|service|:\/\//,
  mysql: /^-[^-]*[hPSV?]|^--(?:h|po|pr|s|v|def|log|pipe|print)/,
  // Not all that is captured from is of a network.
  capture: /^-[^-]*[rIVhdDL]|^--(?:read|version|help|list)|usbmon|bluetooth|dbus|nflog|nfqueue|rpcap/,
  ping: /^-[^-]*[hV?]|^--(?:help|version)/,
};

const hostVariables: Readonly<Record<Exclude<Kind, Raw>, readonly string[]>> = {
  libpq: ['PGHOST', 'PGHOSTADDR', 'PGSERVICE', 'PGCLUSTER'],
  mysql: ['MYSQL_HOST', 'MYSQL_UNIX_PORT', 'MYSQL_HOME', 'MARIADB_HOME', 'MYSQL_TCP_PORT'],
};

function clientNote({ words, kind, environment, context, configured }: CommandFacts): string | undefined {
  if (isRaw(kind) || configured) return undefined;
  if (hostVariables[kind].some((name) => environment[name] !== undefined)) return undefined;
  const [program = '', ...args] = words;
  const name = lastPart(program);
  const place = context.service ?? context.container;
  // By the name of localhost these clients mean the socket, too.
  const local = kind === 'mysql' ? '127.0.0.1' : 'localhost';
  // With --on there is no server on that localhost.
  const own = place === undefined ? undefined : `use -h ${local} to reach ${shellWord(place)}`;
  const anyone = 'use -h NAME to reach a service';
  if (kind === 'mysql' && isLocalhostAlone(args))
    return `${name} connects to this machine's own socket when the host is localhost; ${own ?? anyone}`;
  if (args.some((word) => spared[kind].test(word))) return undefined;
  const cure = own === undefined ? anyone : `${own}, or -h NAME to reach another service`;
  return `${name} connects to this machine's own socket when no host is given; ${cure}`;
}

/** localhost is the host, and nothing else says how to go there. */
function isLocalhostAlone(args: readonly string[]): boolean {
  const text = args.join('\0');
  const host = /(?:^|\0)(?:-h\0?|--host[=\0])localhost(?=\0|$)/;
  return (
    host.test(text) &&
    !text
      .replace(host, '')
      .split('\0')
      .some((word) => spared.mysql.test(word))
  );
}

function packetNote({ words, kind, lacking }: CommandFacts): string | undefined {
  const [program = '', ...args] = words;
  if (lacking.length === 0 || args.some((word) => spared[kind].test(word))) return undefined;
  const options = lacking.map((name) => `--cap-add ${name.toUpperCase()}`).join(' ');
  return `${lastPart(program)} cannot ${kind === 'ping' ? 'send packets' : 'capture'} without ${lacking.length === 1 ? 'a capability' : 'capabilities'}: ${options}`;
}
