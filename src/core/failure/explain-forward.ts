// Sentences for a port that cannot be forwarded.
import { own, quoted } from './explanation.ts';
import type { Explanation } from './explanation.ts';
import { unreachable } from './failure.ts';
import type { ForwardFailure, ForwardFault } from './failure.ts';
import { shellWord } from '../text/printable.ts';

export function explainForward(failure: ForwardFailure): Explanation {
  switch (failure.kind) {
    case 'forward-invalid': {
      const [what, hint] = faults[failure.fault];
      return own(`invalid value ${quoted(failure.value)} for --forward: ${what}`, hint);
    }
    case 'forward-twice':
      return own(
        `--forward has port ${failure.local} of this machine twice`,
        'one port leads to one place; 0 takes a free one',
      );
    case 'port-taken':
      return own(
        `${failure.place} is taken${failure.holder === undefined ? '' : `: ${failure.holder} listens there`}`,
        `take another: --forward ${shellWord(failure.free)} takes a free one`,
      );
    case 'port-refused':
      return own(`nothing can listen on ${failure.place}: ${failure.reason}`, undefined);
    default:
      return unreachable(failure);
  }
}

const forms = '5432, 15432:5432, postgres:5432, 15432:postgres:5432 or 127.0.0.2:15432:postgres:5432';

/** What is wrong, and what is to be typed. */
const faults: Readonly<Record<ForwardFault, readonly [what: string, hint: string]>> = {
  form: ['expected [[ADDRESS:]LOCAL:][HOST:]PORT', `as ${forms}`],
  'no-port': ['there is no port in it', 'it ends with the port that it leads to: --forward postgres:5432'],
  'not-a-port': ['a port is a number up to 65535', `as ${forms}`],
  'port-zero': ['0 is no port to lead to', 'as LOCAL it takes a free port of this machine: --forward 0:5432'],
  range: ['a range of ports', 'each port has a --forward of its own: --forward 8000 --forward 8001'],
  'not-tcp': ['only TCP can be forwarded', 'a COMMAND inside reaches what speaks UDP: docker netexec SERVICE -- dig …'],
  brackets: ['an address of IPv6 stands in brackets', 'as --forward [::1]:15432:5432 or --forward [fd00::2]:5432'],
  'not-a-host': [
    'that is no name of a host',
    'HOST is a name that SERVICE resolves, or an address: --forward postgres:5432',
  ],
  'not-an-address': ['ADDRESS is an address of this machine, localhost, or * for all', `as ${forms}`],
};
