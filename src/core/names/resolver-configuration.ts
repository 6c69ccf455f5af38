// What a resolv.conf says, and which names a program then asks for: as glibc reads it (resolv.conf(5)).

export interface ResolverConfiguration {
  readonly nameservers: readonly string[];
  readonly search: readonly string[];
  /** With as many dots in it a name is asked for as it stands, before it is searched for. */
  readonly ndots: number;
}

/** @param environment in which LOCALDOMAIN takes the place of the search list, and RES_OPTIONS comes after the options */
export function readResolvConf(
  text: string,
  environment: Readonly<Record<string, string | undefined>>,
): ResolverConfiguration {
  const lines = text.split('\n').map((line) => line.trimEnd().split(/\s+/));
  const values = (...keys: readonly string[]): readonly (readonly string[])[] =>
    lines.flatMap(([key = '', ...rest]) => (keys.includes(key) ? [rest] : []));
  const local = environment['LOCALDOMAIN'];
  const search = local === undefined ? values('search', 'domain').at(-1) : local.split(/\s+/);
  const options = [...values('options').flat(), ...(environment['RES_OPTIONS'] ?? '').split(/\s+/)];
  const dots = options.findLast((option) => /^ndots:\d+$/.test(option))?.slice('ndots:'.length);
  return {
    nameservers: values('nameserver').flatMap(([server]) => server ?? []),
    search: (search ?? []).map((domain) => domain.replace(/\.$/, '')).filter((domain) => domain !== ''),
    // glibc takes no more.
    ndots: Math.min(15, Number(dots ?? 1)),
  };
}

/** The names that are asked for in turn, until one is there. */
export function askedNames(host: string, { search, ndots }: ResolverConfiguration): readonly string[] {
  if (host.endsWith('.')) return [host];
  const longer = search.map((domain) => `${host}.${domain}`);
  return host.split('.').length - 1 >= ndots ? [host, ...longer] : [...longer, host];
}
