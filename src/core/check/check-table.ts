// What a service depends on, and what listens on its networks or is declared to: the rows of --check without endpoints.
import { callIt } from './check-facts.ts';
import type { Asker, Candidate, HeldSocket } from './check-facts.ts';
import { isUp } from '../engine/containers.ts';
import { unique } from './judgement.ts';
import type { Column, Row } from '../report/render-report.ts';
import { isLoopback } from './socket-tables.ts';

export interface TableFacts {
  readonly asker: Asker;
  /** Services that it waits for or is linked to, in that order. */
  readonly needs: readonly Need[];
  /** Who is on its networks, and who it needs, wherever that is. */
  readonly others: readonly (Candidate & { readonly exitCode: number })[];
}

export interface Need {
  readonly called: string;
  readonly by: 'depends_on' | 'links';
}

export interface Table {
  readonly rows: readonly Row[];
  /** Whether something that is needed cannot be reached. */
  readonly fails: boolean;
}

export const tableColumns: readonly Column[] = [
  'Service',
  'Network',
  'Port',
  'Listens',
  'Declared',
  'Needed',
  'State',
].map((key) => ({ key, header: key.toUpperCase(), ...spare(key) }));

/** What says least of whether a port is reached. */
function spare(key: string): Pick<Column, 'spare'> {
  const at = ['Declared', 'Network', 'Needed'].indexOf(key);
  return at < 0 ? {} : { spare: at };
}

export function checkTable({ asker, needs, others }: TableFacts): Table {
  const needed = (other: Candidate): Need | undefined =>
    needs.find(({ called }) => called === other.service || called === other.container);
  const missing = needs.filter(
    ({ called }) => !others.some((other) => other.service === called || other.container === called),
  );
  const rank = (other: Candidate): number => {
    const need = needed(other);
    return need === undefined ? needs.length : needs.indexOf(need);
  };
  const sorted = others.toSorted((one, other) => rank(one) - rank(other) || (one.container < other.container ? -1 : 1));
  const judged = sorted.map((other) => judge(other, needed(other), asker));
  const rows = [
    ...missing.map(({ called, by }) => row(called, { Needed: by, State: 'no container' })),
    ...judged.flatMap((each) => each.rows),
  ];
  return { rows: distinct(rows), fails: missing.length > 0 || judged.some(({ fails }) => fails) };
}

function judge(other: TableFacts['others'][number], need: Need | undefined, asker: Asker): Table {
  const mutual = other.networks.filter(({ network }) => asker.networks.some((place) => place.network === network));
  const shown = mutual.length > 0 ? mutual : other.networks;
  const common = { Network: shown.map(({ key }) => key), Needed: need?.by ?? '' };
  const only = (state: string, fails: boolean): Table => ({
    rows: [row(callIt(other), { ...common, State: state })],
    fails: fails && need !== undefined,
  });
  // One that was to do its work and end has done so.
  if (!isUp(other.state)) return only(other.status, other.exitCode !== 0 || other.state !== 'exited');
  if (other.state === 'paused') return only('paused', true);
  if (mutual.length === 0) return only(`no network in common with ${asker.called}`, true);
  const ports = portsOf(other);
  if (ports.length === 0) return only('nothing listens', true);
  const states = ports.map((port) => stateOf(port));
  const rows = ports.map(({ name, listeners, declared }, index) =>
    row(callIt(other), {
      ...common,
      Port: name,
      Listens: unique(listeners.map(place)),
      Declared: declared,
      State: states[index] ?? '',
    }),
  );
  return { rows, fails: need !== undefined && !states.some((state) => state === 'listens' || state === 'not seen') };
}

interface Port {
  readonly name: string;
  readonly listeners: readonly HeldSocket[];
  readonly declared: readonly string[];
  /** Whether the tables of the kernel could be read. */
  readonly seen: boolean;
}

function portsOf({ listeners, exposed, published }: Candidate): readonly Port[] {
  // UDP sockets high up are those of clients.
  const open = (listeners ?? []).filter(
    ({ transport, address, port }) => transport === 'tcp' || (!isLoopback(address) && port < 32_768),
  );
  const keys = unique([
    ...open.map(({ port, transport }) => `${port}/${transport}`),
    ...[...exposed, ...published.map(({ inside }) => inside)].map((port) => `${port}/tcp`),
  ]);
  return keys
    .map((key): Port & { readonly port: number } => {
      const port = Number.parseInt(key, 10);
      const tcp = key.endsWith('/tcp');
      const outside = published.filter(({ inside }) => tcp && inside === port).map((each) => `ports: ${each.outside}`);
      return {
        port,
        name: tcp ? String(port) : key,
        listeners: open.filter((each) => `${each.port}/${each.transport}` === key),
        declared: [...(tcp && exposed.includes(port) ? ['expose'] : []), ...outside],
        seen: listeners !== undefined,
      };
    })
    .toSorted((one, other) => one.port - other.port);
}

function stateOf({ listeners, seen }: Port): string {
  if (!seen) return 'not seen';
  if (listeners.length === 0) return 'nothing listens';
  return listeners.every(({ address }) => isLoopback(address)) ? 'loopback only' : 'listens';
}

/** Without the process's number: replicas have the same row then. */
const place = ({ address, process }: HeldSocket): string =>
  process === undefined ? address : `${address} (${process.replace(/ \(pid \d+\)$/, '')})`;

const row = (service: string, given: Row): Row => ({
  Service: service,
  Network: [],
  Port: '',
  Listens: [],
  Declared: [],
  ...given,
});

const distinct = (rows: readonly Row[]): readonly Row[] => [
  ...new Map(rows.map((one) => [JSON.stringify(one), one])).values(),
];
