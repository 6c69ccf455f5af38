// Where the engine's own DNS server answers in a container, and for what: docker's and Podman's differ.
import { isOn } from '../engine/containers.ts';
import type { Container } from '../engine/containers.ts';
import type { Network } from '../engine/networks.ts';

/**
 * `embedded`: docker's, at 127.0.0.11; it asks one network after the other, and knows `name.network`. `aardvark`: Podman's
 * (aardvark-dns), at the gateway of each network; it answers for all networks of whoever asks at once, by bare names alone.
 */
export type NameServer = 'embedded' | 'aardvark';

/** @param podman its version, where it is one */
export const nameServerOf = (podman: string | undefined): NameServer =>
  podman === undefined ? 'embedded' : 'aardvark';

export const enginesDns = '127.0.0.11';

/** The addresses by which a container's resolv.conf names it. */
export const addressesOfServer = (
  server: NameServer,
  { endpoints }: Pick<Container, 'endpoints'>,
  networks: readonly Network[],
): readonly string[] =>
  server === 'embedded'
    ? [enginesDns]
    : networks
        .filter((network) => endpoints.some((endpoint) => isOn(endpoint, network)))
        .flatMap(({ gateway }) => gateway ?? []);
