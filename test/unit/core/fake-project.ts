// A made-up project, as its engine would tell of it: the JSON of the list, of each container and of the networks.
import assert from 'node:assert/strict';
import { decodeContainer, decodeList } from '../../../src/core/engine/containers.ts';
import type { Container, ListedContainer } from '../../../src/core/engine/containers.ts';
import type { NetworkName } from '../../../src/core/names/names.ts';
import { decodeNetworks } from '../../../src/core/engine/networks.ts';
import type { Network } from '../../../src/core/engine/networks.ts';
import type { Json, Recording } from '../../recordings.ts';

/** Of the internet protocol; '' as on the networks host and none. */
type Versions = '' | '4' | '6' | '46';

export interface FakeNetwork {
  /** The full name, where it is not PROJECT_KEY. */
  readonly name?: string;
  readonly internal?: boolean;
  /** Which addresses there are on it. */
  readonly versions?: Versions;
  /** Made by another project, or by hand (null). */
  readonly project?: string | null;
}

export interface FakeEndpoint {
  readonly aliases?: readonly string[];
  readonly links?: readonly string[];
  readonly priority?: number;
}

export interface FakeContainer {
  /** By the networks' keys. */
  readonly networks: Readonly<Record<string, FakeEndpoint>>;
  readonly hostname?: string;
  readonly extraHosts?: readonly string[];
  readonly state?: string;
  readonly pid?: number;
  /** The container, made already, whose network it shares: the name. */
  readonly networkOf?: string;
}

export interface FakeService extends FakeContainer {
  readonly replicas?: number;
  readonly project?: string;
  readonly oneOff?: boolean;
}

/** What the decoders make of it. */
export interface Seen {
  readonly containers: readonly Container[];
  readonly listed: readonly ListedContainer[];
  readonly networks: readonly Network[];
  readonly container: (name: string) => Container;
}

/** @param version engines from 25 on tell DNSNames, the older ones put all names among the aliases */
export const fakeProject = (project: string, version: '20.10' | '28.5' = '28.5'): FakeProject =>
  new FakeProject(project, version);

const bridge = { key: 'bridge', name: 'bridge', internal: false, versions: '4', project: null } as const;

class FakeProject {
  readonly #project: string;
  readonly #version: '20.10' | '28.5';
  readonly #networks: (Required<FakeNetwork> & { readonly key: string })[] = [bridge];
  readonly #containers: { readonly listed: Json; readonly inspected: Json; readonly name: string }[] = [];

  constructor(project: string, version: '20.10' | '28.5') {
    this.#project = project;
    this.#version = version;
  }

  network(key: string, given: FakeNetwork = {}): this {
    const usual = { name: `${this.#project}_${key}`, internal: false, versions: '4', project: this.#project } as const;
    this.#networks.push({ key, ...usual, ...given });
    return this;
  }

  service(service: string, { replicas = 1, project = this.#project, oneOff = false, ...rest }: FakeService): this {
    for (let number = 1; number <= replicas; number++) {
      const labels = {
        'com.docker.compose.project': project,
        'com.docker.compose.service': service,
        'com.docker.compose.container-number': String(number),
        'com.docker.compose.oneoff': oneOff ? 'True' : 'False',
        'com.docker.compose.project.working_dir': `/src/${project}`,
      };
      const name = `${project}-${service}-${oneOff ? 'run-' : ''}${number}`;
      this.#add(name, rest, labels, oneOff ? [name] : [name, service]);
    }
    return this;
  }

  /** As `docker run` makes one. */
  container(name: string, given: FakeContainer): this {
    this.#add(name, given, {}, []);
    return this;
  }

  /** What a fake engine needs to answer. */
  recording(): Recording {
    return {
      list: this.#containers.map(({ listed }) => listed),
      containers: Object.fromEntries(this.#containers.map(({ name, inspected }) => [name, inspected])),
      networks: this.#networks.map((network, index) => this.#networkJson(network, index)),
      info: { Name: 'engine-host', OperatingSystem: 'Debian', ServerVersion: this.#version },
    };
  }

  seen(): Seen {
    return decodeRecording(this.recording());
  }

  #add(name: string, given: FakeContainer, Labels: Readonly<Record<string, string>>, names: readonly string[]): void {
    const number = this.#containers.length + 1;
    const Id = `c${number.toString(16).padStart(11, '0')}`.padEnd(64, 'e');
    const shortId = Id.slice(0, 12);
    const { state = 'running', hostname = shortId, pid = 4711, networks, extraHosts = null, networkOf } = given;
    const up = state === 'running' || state === 'paused';
    const entries = Object.entries(networks).map(([key, endpoint]) => {
      const index = this.#networks.findIndex((network) => network.key === key);
      const network = this.#networks[index];
      if (network === undefined) throw new Error(`there is no network ${key}`);
      const host = up ? number : undefined;
      const place = addressesOn(index, network.versions, host);
      const facts = { NetworkID: networkId(index), ...place, GwPriority: endpoint.priority ?? 0 };
      const naming = this.#naming(key, name, [...names, ...(endpoint.aliases ?? [])], [shortId, hostname]);
      return [
        network.name,
        {
          listed: { ...facts, Aliases: null, DNSNames: null, Links: null },
          all: { ...facts, ...naming, Links: endpoint.links ?? null },
        },
      ] as const;
    });
    const owner = this.#containers.find((each) => each.name === networkOf)?.listed['Id'];
    const first = this.#networks.find(({ key }) => key === Object.keys(networks)[0])?.name;
    const networkMode = owner === undefined ? (first ?? 'none') : `container:${owner as string}`;
    this.#containers.push({
      name,
      listed: {
        Id,
        Names: [`/${name}`],
        State: state,
        Status: up ? 'Up 3 minutes' : 'Exited (0) 5 seconds ago',
        Labels,
        HostConfig: { NetworkMode: networkMode },
        NetworkSettings: { Networks: Object.fromEntries(entries.map(([network, { listed }]) => [network, listed])) },
      },
      inspected: {
        Id,
        Name: `/${name}`,
        State: { Status: state, Pid: up ? pid : 0, ExitCode: 0 },
        Config: { Labels, Hostname: hostname },
        HostConfig: { NetworkMode: networkMode, ExtraHosts: extraHosts },
        NetworkSettings: { Networks: Object.fromEntries(entries.map(([network, { all }]) => [network, all])) },
      },
    });
  }

  #naming(network: string, name: string, aliases: readonly string[], own: readonly string[]): Json {
    // The engine's own networks have no names.
    if (['bridge', 'host', 'none'].includes(network)) return { Aliases: null, DNSNames: null };
    if (this.#version === '20.10') return { Aliases: [...new Set([...aliases, ...own])] };
    return { Aliases: aliases, DNSNames: [...new Set([name, ...aliases, ...own])] };
  }

  #networkJson(
    { key, name, internal, versions, project }: Required<FakeNetwork> & { key: string },
    index: number,
  ): Json {
    const labels = { 'com.docker.compose.project': project, 'com.docker.compose.network': key };
    return {
      Id: networkId(index),
      Name: name,
      Driver: 'bridge',
      Internal: internal,
      EnableIPv6: versions.includes('6'),
      IPAM: {
        Config: [
          ...(versions.includes('4') ? [{ Subnet: `10.${index}.0.0/16` }] : []),
          ...(versions.includes('6') ? [{ Subnet: `fd00:${index}::/64` }] : []),
        ],
      },
      Labels: project === null ? {} : labels,
    };
  }
}

const networkId = (index: number): string => index.toString(16).padStart(64, 'd');

/** The network of index 2 is 10.2.0.0/16 and fd00:2::/64, and the third container has 10.2.0.3 and fd00:2::3 on it. */
function addressesOn(index: number, versions: Versions, host: number | undefined): Json {
  const has = (version: string): boolean => host !== undefined && versions.includes(version);
  return {
    IPAddress: has('4') ? `10.${index}.${(host ?? 0) >> 8}.${(host ?? 0) & 255}` : '',
    GlobalIPv6Address: has('6') ? `fd00:${index}::${(host ?? 0).toString(16)}` : '',
  };
}

export function decodeRecording({ list, containers: inspected, networks: made }: Recording): Seen {
  const listed = decodeList('GET', list);
  const networks = decodeNetworks('GET', made);
  const containers = Object.values(inspected).map((json) => {
    const container = decodeContainer('GET', json);
    assert.ok(container.ok, JSON.stringify(container));
    return container.value;
  });
  assert.ok(listed.ok && networks.ok);
  const container = (name: string): Container => {
    const found = containers.find((each) => each.name === name);
    assert.ok(found, name);
    return found;
  };
  return { containers, listed: listed.value, networks: networks.value, container };
}

/** Name → addresses, of what a container sees; a name must stand there once. */
export function meanings(names: readonly NetworkName[]): Readonly<Record<string, string>> {
  const found = new Map<string, string>();
  for (const { name, addresses } of names) {
    assert.notEqual(name, '');
    assert.ok(!found.has(name), `${name} must have one meaning`);
    found.set(name, addresses.toSorted().join(' '));
  }
  return Object.fromEntries(found);
}
