// The engine's networks: their JSON, and which of them are a project's.
import { shortId } from './containers.ts';
import type { ListedContainer } from './containers.ts';
import { fail, success } from '../failure/failure.ts';
import type { Result } from '../failure/failure.ts';
import { isIPv4 } from '../names/ip-address.ts';
import { readNetworkLabels } from './labels.ts';
import type { NetworkLabels } from './labels.ts';
import { hasNames } from '../names/names.ts';
import { boolean, string, decodeShape, fields, listOf, nullish, recordOf } from '../json/shape.ts';

export interface Network {
  readonly id: string;
  /** The full name, as the engine knows it. */
  readonly name: string;
  readonly driver: string;
  /** A swarm's network is on all nodes, and what is no task joins it only where it is attachable. Of others undefined. */
  readonly reach?: 'swarm' | 'swarm, attachable' | undefined;
  readonly subnets: readonly string[];
  /** The host's address on it, where it has one: the first of the subnet, unless another was asked for. */
  readonly gateway: string | undefined;
  readonly internal: boolean;
  readonly ipv6: boolean;
  /** The interface by which the engine's machine is on it; undefined where its driver makes none. */
  readonly bridge?: string | undefined;
  /** The project that made it, and its key in the Compose file. */
  readonly compose: NetworkLabels | undefined;
}

/** A network that the project's files declare. */
export interface DeclaredNetwork {
  readonly key: string;
  readonly name: string;
  readonly internal: boolean;
  readonly external: boolean;
}

/** A network of a project; one that is declared but not made yet has no `network`. */
export interface ProjectNetwork {
  readonly name: string;
  /** Undefined where the files cannot be asked for the key of a network that another project made. */
  readonly key: string | undefined;
  readonly internal: boolean;
  /** Made by others, and joined; the engine's own three are everybody's. */
  readonly external: boolean;
  readonly network: Network | undefined;
}

const schema = listOf(
  fields({
    Id: string,
    Name: string,
    Driver: string,
    Scope: nullish(string),
    Attachable: nullish(boolean),
    Internal: nullish(boolean),
    EnableIPv6: nullish(boolean),
    IPAM: nullish(
      fields({
        Config: nullish(listOf(fields({ Subnet: nullish(string), Gateway: nullish(string) }))),
      }),
    ),
    Options: nullish(recordOf(string)),
    Labels: nullish(recordOf(string)),
  }),
);

/** @param json the answer to GET /networks */
export function decodeNetworks(request: string, json: unknown): Result<readonly Network[]> {
  const decoded = decodeShape(schema, json);
  if (!decoded.ok) return fail({ kind: 'engine-nonsense', request, problem: decoded.problem });
  return success(
    decoded.value.map((network) => {
      const ranges = network.IPAM?.Config ?? [];
      const subnets = ranges.flatMap(({ Subnet: subnet }) => subnet || []);
      return {
        id: network.Id,
        name: network.Name,
        driver: network.Driver,
        reach: reachOf(network.Scope, network.Attachable),
        subnets,
        // Of a bridge that the engine made in its first start it tells none until the next one.
        gateway: ranges.find(({ Gateway: gateway }) => gateway)?.Gateway ?? firstAddress(subnets),
        internal: network.Internal ?? false,
        ipv6: network.EnableIPv6 ?? false,
        bridge:
          network.Driver === 'bridge'
            ? (network.Options?.['com.docker.network.bridge.name'] ?? `br-${shortId(network.Id)}`)
            : undefined,
        compose: readNetworkLabels(network.Labels, network.Name),
      };
    }),
  );
}

const bridgeSchema = listOf(fields({ id: string, driver: string, network_interface: nullish(string) }));

/**
 * @param json the answer to GET /libpod/networks/json
 * @returns the interface of each bridge, by the network's id
 */
export function decodeBridges(request: string, json: unknown): Result<ReadonlyMap<string, string>> {
  const decoded = decodeShape(bridgeSchema, json);
  if (!decoded.ok) return fail({ kind: 'engine-nonsense', request, problem: decoded.problem });
  const bridges = decoded.value.filter(({ driver }) => driver === 'bridge');
  return success(new Map(bridges.flatMap(({ id, network_interface: name }) => (name ? [[id, name] as const] : []))));
}

const reachOf = (scope: string | null | undefined, attachable: boolean | null | undefined): Network['reach'] =>
  scope !== 'swarm' ? undefined : attachable === true ? 'swarm, attachable' : 'swarm';

/** Of the first IPv4 one: `172.17.0.1` of `172.17.0.0/16`. */
function firstAddress(subnets: readonly string[]): string | undefined {
  const [network = ''] = subnets.find((subnet) => /^[\d.]+\/\d+$/.test(subnet))?.split('/') ?? [];
  return isIPv4(network) ? network.replace(/\d+$/, (last) => String(Number(last) + 1)) : undefined;
}

/** A project's networks by name: those it made, those its containers are on, those its files declare. */
export function projectNetworks(
  project: string,
  networks: readonly Network[],
  containers: readonly ListedContainer[],
  declared: readonly DeclaredNetwork[],
): readonly ProjectNetwork[] {
  const own = containers.filter(({ compose }) => compose?.project === project);
  const joined = new Set(own.flatMap(({ endpoints }) => endpoints.map(({ network }) => network)));
  const declaredKey = (name: string): string | undefined => declared.find((each) => each.name === name)?.key;
  const made = networks
    .filter(({ name, compose }) => compose?.project === project || joined.has(name) || declaredKey(name) !== undefined)
    .map((network): ProjectNetwork => {
      const key = network.compose?.project === project ? network.compose.key : declaredKey(network.name);
      const external = network.compose?.project !== project && hasNames(network.name);
      return { name: network.name, key, internal: network.internal, external, network };
    });
  const missing = declared
    .filter(({ name }) => !made.some((each) => each.name === name))
    .map((each): ProjectNetwork => ({ ...each, network: undefined }));
  return [...made, ...missing].toSorted((one, other) => (one.name < other.name ? -1 : 1));
}

/**
 * One that stands.
 * @param wanted its full name, or its key in the Compose file
 */
export function findProjectNetwork(
  wanted: string,
  project: string,
  networks: readonly ProjectNetwork[],
): Result<Network> {
  const found = networks.find(({ name, key }) => name === wanted || key === wanted);
  if (found?.network !== undefined) return success(found.network);
  if (found !== undefined) return fail({ kind: 'network-not-made', network: found.name, project });
  const names = networks.map(({ name, key }) => key ?? name);
  return fail({ kind: 'network-not-joined', network: wanted, of: `project ${project}`, networks: names });
}
