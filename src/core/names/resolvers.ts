// The values of --resolver, an entry each: what COMMAND gets by which to resolve names.

interface Entry {
  /** Whether COMMAND sees files of its own in the places of resolv.conf, hosts and their kin. */
  readonly view: boolean;
  /** What the names of its HOSTALIASES file lead to: the engine's DNS, or a wildcard domain. Without it there is no file. */
  readonly aliases: 'engine' | 'provider' | undefined;
  /** That of the relay's own program, which needs no HOSTALIASES. */
  readonly relay: 'private' | 'host';
}

export const resolvers = {
  private: { view: true, aliases: 'engine', relay: 'private' },
  hostaliases: { view: false, aliases: 'provider', relay: 'private' },
  host: { view: false, aliases: undefined, relay: 'host' },
} as const satisfies Readonly<Record<string, Entry>>;

export type Resolver = keyof typeof resolvers;
export const resolverNames = Object.keys(resolvers) as readonly Resolver[];

/** Whether its names are made known by HOSTALIASES files alone: these must be whole, and lead to a provider's domain. */
export const needsProvider = (resolver: Resolver): boolean => resolvers[resolver].aliases === 'provider';
