// Sentences for a port that cannot lead inside.
import { own, quoted } from './explanation.ts';
import type { Explanation } from './explanation.ts';
import { unreachable } from './failure.ts';
import type { PortFailure, PortFault } from './failure.ts';

export function explainPort(failure: PortFailure): Explanation {
  switch (failure.kind) {
    case 'port-invalid': {
      const { flag, value, fault } = failure;
      const [what, hint] = faults[fault];
      const said = flag === '--proxy' ? (ofProxy[fault] ?? [what, proxyForms]) : [what, hint];
      return own(`invalid value ${quoted(value)} for ${flag}: ${said[0]}`, said[1]);
    }
    case 'port-twice':
      return own(
        `port ${failure.local} of this machine is given twice`,
        'one port leads to one place; 0 takes a free one',
      );
    case 'ports-too-many':
      return own(`${failure.count} ports are too many`, `there may be ${failure.most} of --forward and --proxy`);
    case 'port-taken':
      return own(
        `${failure.place} is taken${failure.holder === undefined ? '' : `: ${failure.holder} listens there`}`,
        `take another: ${failure.free} takes a free one`,
      );
    case 'port-refused':
      return own(`nothing can listen on ${failure.place}: ${failure.reason}`, undefined);
    default:
      return unreachable(failure);
  }
}

const forms = '5432, 15432:5432, postgres:5432, 15432:postgres:5432 or 127.0.0.2:15432:postgres:5432';

/** What is wrong, and what is to be typed. */
const faults: Readonly<Record<PortFault, readonly [what: string, hint: string]>> = {
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

const proxyForms = 'as --proxy 1080, 127.0.0.2:1080 or [::1]:1080; 0 takes a free port';

/** Where that is something else for --proxy. */
const ofProxy: Partial<typeof faults> = {
  form: ['expected [ADDRESS:]PORT', proxyForms],
  'no-port': ['there is no port in it', 'it is the port of this machine on which the proxy listens: --proxy 1080'],
  range: ['a range of ports', 'one port is enough: it speaks SOCKS5 and HTTP'],
};
