// The engine's JSON of one container → what --check wants to know beside what every run does: health, ports, dependencies.
import * as z from 'zod/mini';
import { decode } from '../json/decode.ts';
import type { Container } from './containers.ts';
import { fail, success } from '../failure/failure.ts';
import type { Result } from '../failure/failure.ts';
import { readDependencies } from './labels.ts';

export interface ContainerDetails {
  /** healthy, unhealthy, starting; undefined where nobody looks. */
  readonly health: string | undefined;
  readonly outOfMemory: boolean;
  /** How often the engine has started it again since it was started. */
  readonly restarts?: number;
  /** TCP ports that the image or `expose` declares. */
  readonly exposed: readonly number[];
  /** TCP ports of the host that lead to it. */
  readonly published: readonly { readonly inside: number; readonly outside: number }[];
  /** The search domains that it is configured with; without any it has this machine's. */
  readonly search: readonly string[];
  /** Services that Compose starts before it. */
  readonly dependsOn: readonly string[];
}

export type WholeContainer = Container & { readonly details: ContainerDetails };

const bindings = z.nullish(z.record(z.string(), z.nullable(z.array(z.object({ HostPort: z.nullish(z.string()) })))));
const schema = z.object({
  RestartCount: z.nullish(z.number()),
  State: z.object({
    OOMKilled: z.nullish(z.boolean()),
    Health: z.nullish(z.object({ Status: z.string() })),
  }),
  Config: z.object({
    Labels: z.nullish(z.record(z.string(), z.string())),
    ExposedPorts: z.nullish(z.record(z.string(), z.unknown())),
  }),
  HostConfig: z.object({ PortBindings: bindings, DnsSearch: z.nullish(z.array(z.string())) }),
  NetworkSettings: z.object({ Ports: bindings }),
});

/** @param json the answer to GET /containers/ID/json */
export function decodeDetails(request: string, json: unknown): Result<ContainerDetails> {
  const decoded = decode(schema, json);
  if (!decoded.ok) return fail({ kind: 'engine-nonsense', request, problem: decoded.problem });
  const {
    RestartCount: restarts,
    State: state,
    Config: config,
    HostConfig: host,
    NetworkSettings: network,
  } = decoded.value;
  // Of Podman 4 an empty word, where nobody looks.
  const health = state.Health?.Status || 'none';
  return success({
    health: health === 'none' ? undefined : health,
    outOfMemory: state.OOMKilled ?? false,
    restarts: restarts ?? 0,
    exposed: Object.keys(config.ExposedPorts ?? {}).flatMap(tcpPort),
    search: (host.DnsSearch ?? []).filter((domain) => domain !== ''),
    published: publishedPorts({ ...host.PortBindings, ...network.Ports }),
    dependsOn: readDependencies(config.Labels),
  });
}

function publishedPorts(ports: NonNullable<z.infer<typeof bindings>>): ContainerDetails['published'] {
  const all = Object.entries(ports).flatMap(([port, places]) =>
    tcpPort(port).flatMap((inside) =>
      (places ?? []).flatMap(({ HostPort: outside }) => (outside ? [{ inside, outside: Number(outside) }] : [])),
    ),
  );
  // The same for IPv4 and IPv6.
  return all.filter(
    ({ inside, outside }, index) =>
      all.findIndex((other) => other.inside === inside && other.outside === outside) === index,
  );
}

/** Of `5432/tcp` the number; of `53/udp` nothing. */
const tcpPort = (text: string): readonly number[] => (/^\d+(\/tcp)?$/.test(text) ? [Number.parseInt(text, 10)] : []);
