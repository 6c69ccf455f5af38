// What listens on its own localhost alone: how it is told to listen for others, or reached as it is. And which way leads from one
// localhost to the other.
import { callIt, netexec, settingOf } from './check-facts.ts';
import type { Asker, Candidate, EndpointFacts, HeldSocket } from './check-facts.ts';
import type { CheckedEndpoint } from './checked-endpoint.ts';
import type { Judgement } from './check-verdict.ts';
import { bad, list, unique } from './judgement.ts';
import { isLoopback } from './socket-tables.ts';
import { shellWord } from '../text/printable.ts';

type Called = Pick<Candidate, 'service' | 'container'>;

export function loopbackOnly(
  candidate: Candidate,
  on: readonly HeldSocket[],
  seen: string,
  port: number,
  asker: Asker,
): Judgement {
  const called = callIt(candidate);
  const holder = on.map(({ process }) => process).find((each) => each !== undefined) ?? '';
  const judged = bad(
    'listens',
    seen,
    'loopback-only',
    `make it listen on 0.0.0.0: ${loopbackCure(holder, candidate, port)}`,
    `${called} listens on ${list(unique(on.map(({ address }) => address)))} only: other containers cannot reach that`,
  );
  return or(judged, `reach it from this machine: ${led('--forward', port, candidate, asker)}`);
}

const or = (judged: Required<Judgement>, instead: string): Judgement => ({
  ...judged,
  cause: { ...judged.cause, instead },
});

/** The asker's. */
export const isOwnLocalhost = ({ host }: CheckedEndpoint): boolean => host === 'localhost' || isLoopback(host);

/** Nothing is there, and no service has it: a server of this machine's may be what was meant. */
export function orThisMachine(judged: Required<Judgement>, facts: EndpointFacts): Judgement {
  const isMeant = facts.otherListeners.length === 0 && facts.isServedHere === true;
  return isMeant ? orByReverse(judged, facts) : judged;
}

export function orByReverse(judged: Required<Judgement>, { endpoint, asker }: EndpointFacts): Judgement {
  if (endpoint.port === undefined) return judged;
  return or(judged, `reach this machine's localhost: ${led('--reverse', endpoint.port, itself(asker), asker)}`);
}

/** Whoever looks at a localhost in there may want to get to it from outside, where no published port leads. */
export function fromThisMachine({ endpoint, name, asker }: EndpointFacts): string | undefined {
  const [own] = name.candidates;
  const { port } = endpoint;
  if (own === undefined || port === undefined || !isOwnLocalhost(endpoint)) return undefined;
  if (own.published.some(({ inside }) => inside === port) || own.networks.some(({ network }) => network === 'host'))
    return undefined;
  return `to reach it from this machine: ${led('--forward', port, itself(asker), asker)}`;
}

const itself = ({ compose, container }: Asker): Called => ({ service: compose?.service, container });

/** How the usual servers are told to; by the name of the process, else by the port. */
function loopbackCure(holder: string, candidate: Candidate, port: number): string {
  const says = (name: string, usual: number): boolean => holder.startsWith(name) || (holder === '' && port === usual);
  const command = settingOf(candidate, 'command');
  if (says('postgres', 5432)) return `${command}: postgres -c listen_addresses='*'`;
  if (says('redis', 6379)) return `${command}: redis-server --bind 0.0.0.0 (and "bind" in its redis.conf)`;
  if (says('mysqld', 3306) || says('mariadbd', 3306)) return `${command}: mysqld --bind-address=0.0.0.0`;
  return `its --host, --bind or listen setting, in ${command} or ${settingOf(candidate, 'environment')}`;
}

/** A debugger, say, is meant to be on its localhost. */
const led = (option: string, port: number, { service, container }: Called, asker: Asker): string =>
  service === undefined || service.includes('/')
    ? `docker netexec --container ${option} ${port} ${shellWord(container)}`
    : `${netexec(asker)} ${option} ${port} ${shellWord(service)}`;
