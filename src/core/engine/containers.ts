// The engine's JSON → what netexec knows of containers. Fields and their history: moby, api/docs; the list has no aliases, inspect has.
import { fail, success } from '../failure/failure.ts';
import type { Result } from '../failure/failure.ts';
import { isIngress, readComposeLabels } from './labels.ts';
import type { ComposeLabels, Labels } from './labels.ts';
import { readReplaced } from '../own-container/replaced-marker.ts';
import type { Marker } from '../own-container/replaced-marker.ts';
import {
  anything,
  decodeShape,
  fields,
  integer,
  listOf,
  matching,
  natural,
  nullable,
  number,
  nullish,
  recordOf,
  string,
} from '../json/shape.ts';
import type { ValueOf } from '../json/shape.ts';

/** A container as the engine's list tells it. */
export interface ListedContainer {
  readonly id: string;
  readonly name: string;
  /** created, running, paused, restarting, removing, exited or dead. */
  readonly state: string;
  /** The engine's own words: `Up 3 minutes`, `Exited (1) 5 seconds ago`. */
  readonly status: string;
  readonly compose: ComposeLabels | undefined;
  /** Undefined where it was not asked for. */
  readonly image: ContainerImage | undefined;
  /** The container whose network it shares, by id or name; it is on none itself then. */
  readonly networkOf: string | undefined;
  /** Where it is on a network; addresses only while it runs. */
  readonly endpoints: readonly Attachment[];
  /** It only tells what --replace has stopped. */
  readonly replaced?: Marker;
}

/** What a container was made of. */
export interface ContainerImage {
  /** '' where the engine does not tell. */
  readonly name: string;
  /** The TCP ports that it exposes, or the service does, in order. */
  readonly ports: readonly number[];
}

/** A container's place on one network. */
export interface Attachment {
  /** The network's full name. */
  readonly network: string;
  /** Of Podman 4 its name again. */
  readonly networkId: string;
  readonly ipv4: string | undefined;
  readonly ipv6: string | undefined;
  /** Engine 28 and newer: the higher, the earlier the engine asks this network for a name. */
  readonly priority: number;
}

/** A container as inspect tells it. */
export interface Container {
  readonly id: string;
  readonly name: string;
  readonly state: string;
  /** 0 while it does not run. */
  readonly pid: number;
  readonly exitCode: number;
  /** As the engine writes it: `2026-01-31T10:00:00.123456789Z`. */
  readonly startedAt: string | undefined;
  readonly compose: ComposeLabels | undefined;
  readonly networkMode: string;
  readonly endpoints: readonly NamedAttachment[];
  /** Names that are in its hosts file alone, as HOST:ADDRESS. */
  readonly extraHosts: readonly string[];
  /** The variables that it is configured with, as NAME=VALUE; undefined where they were not asked for. */
  readonly environment: readonly string[] | undefined;
}

export type NamedAttachment = Attachment & {
  /** Every name under which others on this network find the container. */
  readonly names: readonly string[];
  /** Names that only this container may use: `CONTAINER:ALIAS`. */
  readonly links: readonly string[];
};

/** What a network is known by. */
export interface NetworkKey {
  readonly id: string;
  readonly name: string;
}

export const isOn = ({ networkId }: Attachment, { id, name }: NetworkKey): boolean =>
  networkId === id || networkId === name;

export const keyOf = ({ networkId: id, network: name }: Attachment): NetworkKey => ({ id, name });

/** Containers that may be entered: a paused one still has its network. */
export const isUp = (state: string): boolean => state === 'running' || state === 'paused';

/** As `docker ps` has it. */
export const shortId = (id: string): string => id.slice(0, 12);

const labels = nullish(recordOf(string));

const attachmentSchema = fields({
  NetworkID: string,
  IPAddress: nullish(string),
  GlobalIPv6Address: nullish(string),
  GwPriority: nullish(number),
  Aliases: nullish(listOf(string)),
  DNSNames: nullish(listOf(string)),
  Links: nullish(listOf(string)),
});
const endpointsSchema = fields({ Networks: nullish(recordOf(nullable(attachmentSchema))) });

const listSchema = listOf(
  fields({
    Id: matching(/^[0-9a-f]{12,}$/),
    Names: nullish(listOf(string)),
    State: string,
    Status: string,
    Created: nullish(number),
    Labels: labels,
    Image: anything,
    Ports: anything,
    HostConfig: nullish(fields({ NetworkMode: nullish(string) })),
    NetworkSettings: nullish(endpointsSchema),
  }),
);

const inspectSchema = fields({
  Id: matching(/^[0-9a-f]{64}$/),
  Name: string,
  State: fields({ Status: string, Pid: natural, ExitCode: integer, StartedAt: nullish(string) }),
  Config: fields({ Labels: labels }),
  HostConfig: fields({ NetworkMode: string, ExtraHosts: nullish(listOf(string)) }),
  NetworkSettings: endpointsSchema,
});

/** Looked at only when asked for: its values may be secrets. */
const environmentSchema = fields({ Config: fields({ Env: nullish(listOf(string)) }) });

/**
 * @param json the answer to GET /containers/json
 * @param withImages whether the containers' images and ports are wanted, too; no run needs them
 */
export function decodeList(request: string, json: unknown, withImages = false): Result<readonly ListedContainer[]> {
  const decoded = decodeShape(listSchema, json);
  if (!decoded.ok) return fail({ kind: 'engine-nonsense', request, problem: decoded.problem });
  return success(
    decoded.value.map(
      ({
        Id: id,
        Names: names,
        State: state,
        Status: status,
        Created: created,
        Labels: own,
        Image: image,
        Ports: ports,
        HostConfig: host,
        NetworkSettings: network,
      }) => ({
        id,
        name: trimName(names?.find((name) => !name.slice(1).includes('/')) ?? names?.[0] ?? shortId(id)),
        state,
        status,
        compose: readComposeLabels(own),
        image: withImages ? { name: typeof image === 'string' ? image : '', ports: tcpPorts(ports) } : undefined,
        networkOf: /^container:(.+)$/.exec(host?.NetworkMode ?? '')?.[1],
        endpoints: networkEntries(network?.Networks).map(([name, endpoint]) => decodeAttachment(name, endpoint)),
        ...replacedIn(own, created ?? Infinity),
      }),
    ),
  );
}

function replacedIn(own: Labels, created: number): { readonly replaced?: Marker } {
  const replaced = readReplaced(own);
  return replaced === undefined ? {} : { replaced: { ...replaced, created } };
}

const portsSchema = listOf(fields({ PrivatePort: number, Type: string }));

/** Of another form they say nothing. */
function tcpPorts(json: unknown): readonly number[] {
  const decoded = decodeShape(portsSchema, json);
  const tcp = (decoded.ok ? decoded.value : []).filter(({ Type: type }) => type === 'tcp');
  return [...new Set(tcp.map(({ PrivatePort: port }) => port))].toSorted((one, other) => one - other);
}

/** @param json the answer to GET /containers/ID/json */
export function decodeContainer(request: string, json: unknown, withEnvironment = false): Result<Container> {
  const decoded = decodeShape(inspectSchema, json);
  if (!decoded.ok) return fail({ kind: 'engine-nonsense', request, problem: decoded.problem });
  const environment = withEnvironment ? decodeShape(environmentSchema, json) : undefined;
  if (environment?.ok === false) return fail({ kind: 'engine-nonsense', request, problem: environment.problem });
  const {
    Id: id,
    Name: name,
    State: state,
    Config: config,
    HostConfig: host,
    NetworkSettings: network,
  } = decoded.value;
  const compose = readComposeLabels(config.Labels);
  return success({
    id,
    name: trimName(name),
    state: state.Status,
    pid: state.Pid,
    exitCode: state.ExitCode,
    startedAt: state.StartedAt ?? undefined,
    compose,
    networkMode: host.NetworkMode,
    endpoints: networkEntries(network.Networks).map(([joined, endpoint]) => ({
      ...decodeAttachment(joined, endpoint),
      names: isIngress(compose, joined) ? [] : endpointNames(trimName(name), endpoint),
      links: endpoint.Links ?? [],
    })),
    extraHosts: host.ExtraHosts ?? [],
    environment: environment === undefined ? undefined : (environment.value.Config.Env ?? []),
  });
}

type AttachmentJson = ValueOf<typeof attachmentSchema>;

function networkEntries(
  networks: Readonly<Record<string, AttachmentJson | null>> | null | undefined,
): readonly [string, AttachmentJson][] {
  const entries = Object.entries(networks ?? {}).filter(
    (entry): entry is [string, AttachmentJson] => entry[1] !== null,
  );
  return entries.toSorted(([one], [other]) => (one < other ? -1 : 1));
}

const decodeAttachment = (network: string, endpoint: AttachmentJson): Attachment => ({
  network,
  networkId: endpoint.NetworkID,
  ipv4: endpoint.IPAddress || undefined,
  ipv6: endpoint.GlobalIPv6Address || undefined,
  priority: endpoint.GwPriority ?? 0,
});

/**
 * Engines from 25 on tell an endpoint's names. Before, its aliases have the short id and the host name among them
 * already, and only the container's own name is to be added (moby, daemon/container_operations.go).
 */
function endpointNames(container: string, endpoint: AttachmentJson): readonly string[] {
  const known = new Map<string, string>();
  for (const name of endpoint.DNSNames ?? [container, ...(endpoint.Aliases ?? [])]) {
    const key = name.toLowerCase();
    if (!known.has(key)) known.set(key, name);
  }
  return [...known.values()];
}

// The engine writes names with a slash in front; legacy links add "/other/alias" to the list.
const trimName = (name: string): string => name.replace(/^\//, '');
