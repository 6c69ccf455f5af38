// What a swarm's manager tells of its services, their tasks and its nodes: those on other machines are in no list of containers.
import * as z from 'zod/mini';
import { decode } from '../json/decode.ts';
import { inStack, stackOf } from './labels.ts';
import { shortId } from './containers.ts';
import type { Attachment } from './containers.ts';
import type { NamedContainer } from '../names/names.ts';

export interface Swarm {
  readonly services: readonly SwarmService[];
}

export interface SwarmService {
  /** `STACK_SERVICE`. */
  readonly name: string;
  /** Of a service that no stack has, the name again. */
  readonly key: string;
  readonly stack: string | undefined;
  readonly networks: readonly { readonly id: string; readonly aliases: readonly string[] }[];
  /** Its virtual addresses; none with `endpoint_mode: dnsrr`. */
  readonly vips: readonly Address[];
  /** TCP ports of the nodes that lead to it: of all of them by `ingress`, of those of its tasks by `host`. */
  readonly published: readonly PublishedPort[];
  /** Those that are to run, by their number. */
  readonly tasks: readonly SwarmTask[];
  /** Why its last one came to nothing, where none runs. */
  readonly trouble: string | undefined;
}

export interface PublishedPort {
  readonly inside: number;
  readonly outside: number;
  readonly mode: 'ingress' | 'host';
}

export interface SwarmTask {
  readonly id: string;
  /** Its container's name, `STACK_SERVICE.1.ID`. */
  readonly name: string;
  readonly isRunning: boolean;
  /** Undefined: it has no node yet. */
  readonly node: SwarmNode | undefined;
  readonly addresses: readonly Address[];
}

export interface SwarmNode {
  readonly id: string;
  readonly name: string;
  /** Where its engine is, as its managers see it; '' where they do not. */
  readonly address: string;
  /** ready, down, unknown, disconnected. */
  readonly state: string;
}

interface Address {
  readonly network: string;
  readonly address: string;
}

const servicesSchema = z.array(
  z.object({
    ID: z.string(),
    Spec: z.object({
      Name: z.string(),
      Labels: z.nullish(z.record(z.string(), z.string())),
      TaskTemplate: z.object({
        Networks: z.nullish(z.array(z.object({ Target: z.string(), Aliases: z.nullish(z.array(z.string())) }))),
      }),
    }),
    Endpoint: z.nullish(
      z.object({
        Ports: z.nullish(
          z.array(
            z.object({
              Protocol: z.string(),
              TargetPort: z.number(),
              PublishedPort: z.nullish(z.number()),
              PublishMode: z.nullish(z.string()),
            }),
          ),
        ),
        VirtualIPs: z.nullish(z.array(z.object({ NetworkID: z.string(), Addr: z.nullish(z.string()) }))),
      }),
    ),
  }),
);

const tasksSchema = z.array(
  z.object({
    ID: z.string(),
    ServiceID: z.nullish(z.string()),
    Slot: z.nullish(z.number()),
    NodeID: z.nullish(z.string()),
    DesiredState: z.string(),
    Status: z.object({
      Timestamp: z.nullish(z.string()),
      State: z.string(),
      Message: z.nullish(z.string()),
      Err: z.nullish(z.string()),
    }),
    NetworksAttachments: z.nullish(
      z.array(z.object({ Network: z.object({ ID: z.string() }), Addresses: z.nullish(z.array(z.string())) })),
    ),
  }),
);

const nodesSchema = z.array(
  z.object({
    ID: z.string(),
    Description: z.object({ Hostname: z.nullish(z.string()) }),
    Status: z.object({ State: z.string(), Addr: z.nullish(z.string()) }),
  }),
);

/**
 * @param answers to GET /services, /tasks and /nodes
 * @returns undefined where they are of another form
 */
export function decodeSwarm(answers: readonly [unknown, unknown, unknown]): Swarm | undefined {
  const services = decode(servicesSchema, answers[0]);
  const tasks = decode(tasksSchema, answers[1]);
  const nodes = decode(nodesSchema, answers[2]);
  if (!services.ok || !tasks.ok || !nodes.ok) return undefined;
  const known = new Map(nodes.value.map((node) => [node.ID, nodeOf(node)]));
  return {
    services: services.value.map((service): SwarmService => {
      const { Name: name, Labels: labels, TaskTemplate: template } = service.Spec;
      const stack = stackOf(labels);
      const own = tasks.value.filter((task) => task.ServiceID === service.ID);
      const wanted = own
        // One that is about to be started in another's place is ready before.
        .filter(({ DesiredState: desired }) => desired === 'running' || desired === 'ready')
        .toSorted((one, other) => (one.Slot ?? 0) - (other.Slot ?? 0));
      const described = wanted.map((task) => taskOf(task, name, known));
      return {
        name,
        key: stack === undefined ? name : inStack(name, stack),
        stack,
        networks: (template.Networks ?? []).map(({ Target: id, Aliases: aliases }) => ({ id, aliases: aliases ?? [] })),
        vips: (service.Endpoint?.VirtualIPs ?? []).flatMap(({ NetworkID: network, Addr: address }) =>
          address ? [{ network, address: withoutLength(address) }] : [],
        ),
        published: (service.Endpoint?.Ports ?? []).flatMap(portOf),
        tasks: described,
        trouble: described.some(({ isRunning }) => isRunning) ? undefined : troubleOf(own),
      };
    }),
  };
}

type TaskJson = z.infer<typeof tasksSchema>[number];

function taskOf(task: TaskJson, service: string, nodes: ReadonlyMap<string, SwarmNode>): SwarmTask {
  return {
    id: task.ID,
    name: `${service}.${task.Slot || task.NodeID}.${task.ID}`,
    isRunning: task.Status.State === 'running',
    node: nodes.get(task.NodeID ?? ''),
    addresses: (task.NetworksAttachments ?? []).flatMap(({ Network: { ID: network }, Addresses: addresses }) =>
      (addresses ?? []).map((address) => ({ network, address: withoutLength(address) })),
    ),
  };
}

/** Of the latest that has something to say. */
function troubleOf(tasks: readonly TaskJson[]): string | undefined {
  const when = ({ Status: status }: TaskJson): string => status.Timestamp ?? '';
  const told = tasks
    .filter(({ Status: { Err: error } }) => error)
    .toSorted((one, other) => (when(one) < when(other) ? 1 : -1));
  const [last] = told;
  return last === undefined ? undefined : `${last.Status.State}: ${last.Status.Err}`;
}

const nodeOf = ({ ID: id, Description: { Hostname: name }, Status: status }: z.infer<typeof nodesSchema>[number]) => ({
  id,
  name: name || shortId(id),
  address: status.Addr ?? '',
  state: status.State,
});

function portOf({
  Protocol: protocol,
  TargetPort: inside,
  PublishedPort: outside,
  PublishMode: mode,
}: NonNullable<
  NonNullable<z.infer<typeof servicesSchema>[number]['Endpoint']>['Ports']
>[number]): readonly PublishedPort[] {
  return protocol === 'tcp' && outside ? [{ inside, outside, mode: mode === 'host' ? 'host' : 'ingress' }] : [];
}

/** `10.0.1.2/24`. */
const withoutLength = (address: string): string => address.replace(/\/\d+$/, '');

/** `STACK_SERVICE.1`. */
export const shortName = ({ name, id }: SwarmTask): string => name.slice(0, -id.length - 1);

/** What a task that runs has for a node that its manager does not know any more. */
export const goneNode = 'a removed node';

/** Whether it runs, anywhere. */
export const runs = ({ tasks }: SwarmService): boolean => tasks.some(({ isRunning }) => isRunning);

/**
 * Who answers to the names of services: each of its virtual addresses, and each task, wherever it runs (moby,
 * daemon/libnetwork/service_common.go). A service of which nothing runs has no name.
 * @param networks by which the engine knows them here
 */
export const namedBySwarm = (
  { services }: Swarm,
  networks: readonly { readonly id: string; readonly name: string }[],
): readonly NamedContainer[] =>
  services.filter(runs).flatMap((service) => {
    const { name, stack, key, vips, tasks } = service;
    const made = { project: stack ?? '', service: key, number: undefined, oneOff: false, workingDirectory: undefined };
    const endpoint = ({ network, address }: Address, names: readonly string[]) => {
      const known = networks.find(({ id }) => id === network);
      const ip: Pick<Attachment, 'ipv4' | 'ipv6'> = address.includes(':')
        ? { ipv4: undefined, ipv6: address }
        : { ipv4: address, ipv6: undefined };
      return known === undefined
        ? []
        : [{ network: known.name, networkId: network, ...ip, priority: 0, names, links: [] }];
    };
    const namesAt = (network: string): readonly string[] => {
      const joined = service.networks.find(({ id }) => id === network);
      return joined === undefined ? [] : [...new Set([...joined.aliases.toSorted(), name])];
    };
    const named = (container: string, endpoints: readonly ReturnType<typeof endpoint>[]): NamedContainer => ({
      id: '',
      name: container,
      state: 'running',
      compose: stack === undefined ? undefined : made,
      endpoints: endpoints.flat(),
    });
    const spread = (network: string): readonly string[] => [
      ...namesAt(network).map((each) => `tasks.${each}`),
      ...(vips.some((vip) => vip.network === network) ? [] : namesAt(network)),
    ];
    return [
      ...(vips.length === 0
        ? []
        : [
            named(
              name,
              vips.map((vip) => endpoint(vip, namesAt(vip.network))),
            ),
          ]),
      ...tasks
        .filter(({ isRunning }) => isRunning)
        .map((task) =>
          named(
            task.name,
            task.addresses.map((each) => {
              const names = spread(each.network);
              return endpoint(each, names.length === 0 ? [] : [task.name, ...names]);
            }),
          ),
        ),
    ];
  });
