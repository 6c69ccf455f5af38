// Who COMMAND is, and what it must not have or come by.
import { restraintOptions } from '../ways/restraints.ts';
import { ways } from '../ways/ways.ts';
import type { Way } from '../ways/ways.ts';
import type { EntryPlan, HostFacts } from './plan.ts';

/**
 * What COMMAND must not have, or come by: what the caller has given up, where the way gives it back. A setuid program asks
 * for names, and believes them: another user is not to gain by those of the container. Nor is anybody by its files.
 */
export function chooseRestraints(
  way: Way,
  host: HostFacts,
  hasOwnName: boolean,
  hasFiles: boolean,
): EntryPlan['restraints'] {
  const { caller, other, restraints } = host;
  const isOther = other !== undefined && other.uid !== caller.uid && other.uid !== 0;
  const { regains } = ways[way.kind];
  const lost = {
    noNewPrivileges: regains.includes('noNewPrivileges') && restraints.noNewPrivileges,
    lacking: regains.includes('lacking') ? restraints.lacking : [],
  };
  const causes = [
    ...(lost.noNewPrivileges || lost.lacking.length > 0 ? ['as in your own process'] : []),
    ...(isOther ? ['--user: another user must not gain privileges through these names'] : []),
    ...(hasFiles ? ['--service-files: setuid programs must not read them'] : []),
    ...(hasOwnName ? [] : [`${host.hostName} is also a name in the container`]),
  ];
  const noNewPrivileges = lost.noNewPrivileges || isOther || hasFiles || !hasOwnName;
  const options = restraintOptions({ ...lost, noNewPrivileges });
  return { options, cause: causes.join('; ') };
}

export function chooseIdentity(way: Way, capabilities: readonly string[], host: HostFacts): EntryPlan['identity'] {
  const named = host.other === undefined ? 'your own' : '--user';
  const { arrivesAs } = ways[way.kind];
  if (arrivesAs === 'mapped root') {
    const cause =
      capabilities.length === 0
        ? `${named}, through a user namespace`
        : `${named}, seen as uid 0: --cap-add takes effect only in the rootless engine's user namespace`;
    return { become: host.other ?? host.caller, mapped: true, cause };
  }
  if (host.other !== undefined) return { become: host.other, mapped: false, cause: named };
  if (arrivesAs === 'caller') return { become: undefined, mapped: false, cause: 'your own' };
  return { become: host.caller, mapped: false, cause: named };
}
