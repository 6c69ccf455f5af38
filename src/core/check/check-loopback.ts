// What listens on its own localhost alone: how it is told to listen for others, or reached as it is.
import { callIt, netexec, settingOf } from './check-facts.ts';
import type { Asker, Candidate, HeldSocket } from './check-facts.ts';
import type { Judgement } from './check-verdict.ts';
import { bad, list, unique } from './judgement.ts';
import { shellWord } from '../text/printable.ts';

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
  return {
    ...judged,
    cause: { ...judged.cause, instead: `reach it from this machine: ${forwardTo(candidate, port, asker)}` },
  };
}

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
const forwardTo = ({ service, container }: Candidate, port: number, asker: Asker): string =>
  service === undefined || service.includes('/')
    ? `docker netexec --container --forward ${port} ${shellWord(container)}`
    : `${netexec(asker)} --forward ${port} ${shellWord(service)}`;
