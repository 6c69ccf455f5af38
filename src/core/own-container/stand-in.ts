// --stand-in: what Compose would give a service's container, given to a container of netexec's own. Field by field as Compose's create.go does.
import * as z from 'zod/mini';
import { decode, parseJson } from '../json/decode.ts';
import { composeLabelsOf, volumeLabelsOf } from '../engine/labels.ts';
import type { ListedContainer } from '../engine/containers.ts';
import { isUp } from '../engine/containers.ts';
import { fail, success } from '../failure/failure.ts';
import type { Result } from '../failure/failure.ts';
import type { Network } from '../engine/networks.ts';
import type { JoinedNetwork, OwnContainerPlan } from './own-container.ts';

const words = z.nullish(z.array(z.string()));
const texts = z.nullish(z.record(z.string(), z.string()));
const joinedSchema = z.nullish(
  z.object({
    aliases: words,
    ipv4_address: z.optional(z.string()),
    ipv6_address: z.optional(z.string()),
    link_local_ips: words,
    mac_address: z.optional(z.string()),
    driver_opts: texts,
    priority: z.optional(z.number()),
    gw_priority: z.optional(z.number()),
  }),
);
const portSchema = z.object({
  target: z.number(),
  published: z.optional(z.union([z.string(), z.number()])),
  host_ip: z.optional(z.string()),
  protocol: z.optional(z.string()),
});
const serviceSchema = z.object({
  image: z.optional(z.string()),
  container_name: z.optional(z.string()),
  network_mode: z.optional(z.string()),
  networks: z.nullish(z.record(z.string(), joinedSchema)),
  hostname: z.optional(z.string()),
  domainname: z.optional(z.string()),
  mac_address: z.optional(z.string()),
  extra_hosts: words,
  dns: words,
  dns_search: words,
  dns_opt: words,
  sysctls: z.nullish(z.record(z.string(), z.union([z.string(), z.number()]))),
  expose: words,
  ports: z.nullish(z.array(portSchema)),
  labels: texts,
  depends_on: z.nullish(z.record(z.string(), z.unknown())),
  environment: z.nullish(z.record(z.string(), z.nullable(z.string()))),
  volumes: z.nullish(z.array(z.object({ type: z.string(), source: z.optional(z.string()) }))),
});
const named = z.nullish(z.record(z.string(), z.object({ name: z.string() })));
const volumes = z.nullish(
  z.record(
    z.string(),
    z.object({
      name: z.string(),
      external: z.optional(z.boolean()),
      driver: z.optional(z.string()),
      driver_opts: texts,
    }),
  ),
);
const configSchema = z.object({ services: z.record(z.string(), serviceSchema), networks: named, volumes });

type ServiceConfig = z.infer<typeof serviceSchema>;
type Joined = z.infer<typeof joinedSchema>;
export type ComposeConfig = z.infer<typeof configSchema>;

/** @param text of `docker compose config --format json`, where a dollar is two */
export function readComposeConfig(text: string): ComposeConfig | undefined {
  const decoded = decode(configSchema, parseJson(text.replaceAll('$$', '$')));
  return decoded.ok ? decoded.value : undefined;
}

export interface StandInFacts {
  readonly project: string;
  readonly service: string;
  readonly config: ComposeConfig;
  /** What Compose compares to tell whether a container is still as the files say. */
  readonly hash: string | undefined;
  /** The id of the service's image, where there is one. */
  readonly image: string | undefined;
  readonly folder: string | undefined;
  readonly files: readonly string[];
  readonly networks: readonly Network[];
  /** Those of the service, one-offs left out. */
  readonly containers: readonly ListedContainer[];
  /** Where the first of those that run is published, as the engine has it (NetworkSettings.Ports). */
  readonly published: Bindings;
  /** The netexec that stands in for it already, by its process number. */
  readonly taken: string | undefined;
  /** The volumes that are there. */
  readonly volumes: readonly string[];
}

const bindings = z.record(z.string(), z.nullable(z.array(z.object({ HostIp: z.string(), HostPort: z.string() }))));
const publishedSchema = z.object({ NetworkSettings: z.object({ Ports: bindings }) });
export type Bindings = z.infer<typeof bindings>;

/** @param json of GET /containers/ID/json */
export function readBindings(json: unknown): Bindings {
  const decoded = decode(publishedSchema, json);
  return decoded.ok ? decoded.value.NetworkSettings.Ports : {};
}

/** @returns those that are to be stopped, in order */
export const runningOf = (containers: readonly ListedContainer[]): readonly ListedContainer[] =>
  containers
    .filter(({ state }) => isUp(state) || state === 'restarting')
    .toSorted((one, other) => (one.name < other.name ? -1 : 1));

/** The label of a stand-in: PROJECT/SERVICE. */
export const standInLabel = 'docker-netexec.stand-in';

export interface StandInPlan extends OwnContainerPlan {
  /** What the service's container is called. */
  readonly called: string;
  /** What is stopped first, and started again at the end. */
  readonly replaces: readonly ListedContainer[];
}

/** @param replace whether what runs may be stopped */
export function planStandIn(facts: StandInFacts, replace: boolean): Result<StandInPlan> {
  const { config, containers, project, service, taken } = facts;
  const own = config.services[service];
  if (own === undefined) {
    const services = Object.keys(config.services).toSorted();
    return fail({ kind: 'service-unknown', project, service, services, alsoIn: [] });
  }
  if (taken !== undefined) return fail({ kind: 'stand-in-taken', service, pid: taken });
  if (own.network_mode !== undefined) return fail({ kind: 'stand-in-shares', service, mode: own.network_mode });
  const running = runningOf(containers);
  const names = running.map(({ name }) => name);
  if (running.length > 0 && !replace) return fail({ kind: 'stand-in-runs', service, containers: names });
  const called = containers[0]?.name ?? own.container_name ?? `${project}-${service}-1`;
  const networks = joinedNetworks(facts, own, called);
  if (!networks.ok) return networks;
  // Compose would take a second container of the service for one too many, and remove one of them.
  const isComposes = containers.length === 0;
  return success({
    networks: networks.value,
    called,
    replaces: running,
    name: isComposes ? called : undefined,
    labels: { ...own.labels, ...(isComposes ? labelsOf(facts) : {}), [standInLabel]: `${project}/${service}` },
    container: {
      Hostname: own.hostname,
      Domainname: own.domainname,
      MacAddress: own.mac_address,
      ExposedPorts: Object.fromEntries(exposedPorts(own).map((port) => [port, {}])),
    },
    hostConfig: {
      Dns: own.dns ?? [],
      DnsSearch: own.dns_search ?? [],
      DnsOptions: own.dns_opt ?? [],
      ExtraHosts: (own.extra_hosts ?? []).map((entry) => entry.replace('=', ':')),
      Sysctls: Object.fromEntries(Object.entries(own.sysctls ?? {}).map(([name, value]) => [name, String(value)])),
      PortBindings: publishedPorts(own, facts.published),
      Mounts: isComposes ? heldVolumes(facts, own) : [],
    },
    health: exposedPorts(own),
    environment: Object.entries(own.environment ?? {}).flatMap(([name, value]) =>
      value === null ? [] : [`${name}=${value}`],
    ),
  });
}

/** The first is the one that Compose makes the container on. */
function joinedNetworks(
  { config, networks, project, service }: StandInFacts,
  own: ServiceConfig,
  called: string,
): Result<OwnContainerPlan['networks']> {
  const joined = Object.entries(own.networks ?? {}).toSorted(
    ([, one], [, other]) => (other?.priority ?? 0) - (one?.priority ?? 0),
  );
  const made: JoinedNetwork[] = [];
  for (const [key, place] of joined) {
    const name = config.networks?.[key]?.name ?? `${project}_${key}`;
    const network = networks.find((each) => each.name === name);
    if (network === undefined) {
      const others = Object.keys(config.services).filter(
        (each) => Object.hasOwn(config.services[each]?.networks ?? {}, key) && !starts(each, service, config),
      );
      return fail({ kind: 'network-not-made', network: name, project, others });
    }
    made.push({ id: network.id, name, endpoint: endpointOf(place, called, service) });
  }
  const [first, ...others] = made;
  return first === undefined ? fail({ kind: 'stand-in-shares', service, mode: 'none' }) : success([first, ...others]);
}

/** Whether Compose would start the one on the way to the other. */
const starts = (one: string, other: string, config: ComposeConfig): boolean =>
  one === other || Object.keys(config.services[one]?.depends_on ?? {}).some((each) => starts(each, other, config));

const endpointOf = (place: Joined, called: string, service: string): object => ({
  Aliases: [...new Set([called, service, ...(place?.aliases ?? [])])],
  IPAMConfig: {
    IPv4Address: place?.ipv4_address,
    IPv6Address: place?.ipv6_address,
    LinkLocalIPs: place?.link_local_ips ?? undefined,
  },
  MacAddress: place?.mac_address,
  DriverOpts: place?.driver_opts ?? undefined,
  GwPriority: place?.gw_priority,
});

const labelsOf = ({ project, service, hash = '', image = '', folder = '', files }: StandInFacts) =>
  composeLabelsOf({ project, service, hash, image, folder, files });

const exposedPorts = ({ expose, ports }: ServiceConfig): readonly string[] => [
  ...new Set([
    ...(expose ?? []).map((port) => (port.includes('/') ? port : `${port}/tcp`)),
    ...(ports ?? []).map(({ target, protocol = 'tcp' }) => `${target}/${protocol}`),
  ]),
];

/** A port that the engine has chosen stays the same: somebody may have it open. */
function publishedPorts({ ports }: ServiceConfig, before: Bindings): Readonly<Record<string, readonly object[]>> {
  const made: Record<string, { readonly HostIp: string; readonly HostPort: string }[]> = {};
  for (const { target, protocol = 'tcp', host_ip: address = '', published = '' } of ports ?? []) {
    const port = `${target}/${protocol}`;
    const own = (made[port] ??= []);
    const isFixed = /^[1-9]\d*$/.test(String(published));
    const earlier = own.filter(({ HostIp: ip }) => ip === address).length;
    const had = (before[port] ?? []).filter(({ HostIp: ip }) => ip === (address || '0.0.0.0'))[earlier];
    own.push({ HostIp: address, HostPort: isFixed || had === undefined ? String(published) : had.HostPort });
  }
  return made;
}

/**
 * Compose makes a container anew that lacks one of its service's volumes. They are there, to read, where nothing else is, and
 * made where they are missing, as Compose makes them. What another machine would have to answer for could keep the place from starting.
 */
function heldVolumes({ config, project, volumes: made }: StandInFacts, own: ServiceConfig): readonly object[] {
  const keys = new Set((own.volumes ?? []).flatMap(({ type, source = '' }) => (type === 'volume' ? source : [])));
  return [...keys].flatMap((key, index) => {
    const volume = config.volumes?.[key];
    const isPlain = (volume?.driver_opts ?? undefined) === undefined && (volume?.driver ?? 'local') === 'local';
    if (volume === undefined || !isPlain || (volume.external === true && !made.includes(volume.name))) return [];
    const options = { NoCopy: true, Labels: volumeLabelsOf(project, key) };
    return { Type: 'volume', Source: volume.name, Target: `/volumes/${index}`, ReadOnly: true, VolumeOptions: options };
  });
}
