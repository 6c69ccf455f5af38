// What --resolver hostaliases cannot do on this host, or for this COMMAND: said before it starts, a line each.
import { isIP } from './ip-address.ts';

export interface ResolverFacts {
  /** The text of the host's nsswitch.conf; undefined where there is none. */
  readonly nsswitch: string | undefined;
  /** The text of the host's resolv.conf. */
  readonly resolvConf: string | undefined;
  /** Folders in which nscd's socket is. */
  readonly nscdFolders: readonly string[];
  /** What COMMAND's file tells of itself. */
  readonly program: ProgramFacts;
}

export interface ProgramFacts {
  /** The dynamic loader it asks for; '' for a static program; undefined where it is no ELF file, or cannot be read. */
  readonly loader: string | undefined;
  /** Runs with another user's or group's rights. */
  readonly setId: boolean;
}

/** HOSTALIASES is read by glibc's own DNS client, and by nothing else (res_query.c). */
export function aliasLimits({ nsswitch, resolvConf, nscdFolders, program }: ResolverFacts): readonly string[] {
  return [
    ...serviceLimits(nsswitch),
    ...serverLimits(resolvConf),
    ...(nscdFolders.length > 0 ? ['nscd answers first, and ignores HOSTALIASES'] : []),
    ...programLimits(program),
  ];
}

function serviceLimits(nsswitch: string | undefined): readonly string[] {
  const line = nsswitch?.split('\n').find((each) => /^\s*hosts\s*:/.test(each));
  const services = line
    ?.replace(/#.*/, '')
    // What to do after each service stands in brackets.
    .replaceAll(/\[[^[\]]*\]/g, ' ')
    .match(/\b[a-z_0-9]+\b/g)
    ?.slice(1) ?? ['dns', 'files'];
  if (!services.includes('dns')) return ['nsswitch.conf does not list dns for hosts, so nothing reads HOSTALIASES'];
  const before = services.slice(0, services.indexOf('dns')).find((service) => service === 'resolve');
  return before === undefined ? [] : ['nss-resolve answers before dns, and ignores HOSTALIASES'];
}

function serverLimits(resolvConf: string | undefined): readonly string[] {
  const named = [...(resolvConf ?? '').matchAll(/^[ \t]*nameserver[ \t]+(\S+)/gm)].map((match) => match[1] ?? '');
  // glibc's own default, resolv.conf(5).
  const servers = named.length > 0 ? named : ['127.0.0.1'];
  const outside = servers.filter((server) => isLoopback(server));
  if (outside.length < servers.length) return [];
  return [`the host's DNS server ${outside.join(', ')} is not reachable from the container's network`];
}

const isLoopback = (address: string): boolean => (isIP(address) === 4 ? address.startsWith('127.') : address === '::1');

function programLimits({ loader, setId }: ProgramFacts): readonly string[] {
  if (setId) return ['COMMAND is a setuid program, for which glibc ignores HOSTALIASES'];
  if (loader === '') return ['COMMAND is statically linked: musl and Go ignore HOSTALIASES'];
  return loader?.includes('musl') === true ? ['COMMAND uses musl, which ignores HOSTALIASES'] : [];
}
