// Sentences for a port that cannot lead anywhere: of --forward, --proxy, --reverse, --intercept.
import { lineWithValue } from './corrected-line.ts';
import { own, quoted } from './explanation.ts';
import type { Called, Explanation } from './explanation.ts';
import { unreachable } from './failure.ts';
import type { InterceptFailure, PortFailure, PortFault, ReverseFailure } from './port-failure.ts';
import { listenerLine } from '../relay/listener-line.ts';
import { anotherPort } from '../relay/listener-text.ts';
import { readReverse } from '../relay/reverses.ts';

export function explainPort(failure: PortFailure, called: Called): Explanation {
  switch (failure.kind) {
    case 'port-invalid': {
      const [what, hint] = faultsOf(failure.flag)[failure.fault];
      return own(`invalid value ${quoted(failure.value)} for ${failure.flag}: ${what}`, hint);
    }
    case 'port-twice':
      return own(
        `port ${failure.local} of this machine is given twice`,
        'one port leads to one place; 0 takes a free one',
      );
    case 'ports-too-many':
      return own(`${failure.count} ports are too many`, `there may be ${failure.most} each way`);
    case 'port-taken':
      return own(
        `${failure.place} is taken${failure.holder === undefined ? '' : `: ${failure.holder} listens there`}`,
        `use another port: ${listenerLine(called, failure.listener, { local: failure.free })}`,
      );
    case 'port-refused':
      return own(`nothing can listen on ${failure.place}: ${failure.reason}`, undefined);
    case 'handover-failed':
      if (failure.error !== undefined && failure.error !== 'EMFILE')
        return own(`the ports cannot be handed over: ${failure.error}`, undefined);
      return own(
        'the limit of open files is too low for so many ports',
        'ulimit -n says what it is in this shell, and raises it',
      );
    case 'reverse-twice':
    case 'ports-in-circle':
    case 'network-is-own':
    case 'reverse-refused':
      return explainReverse(failure, called);
    case 'intercept-twice':
    case 'intercept-own':
      return explainIntercept(failure);
    default:
      return unreachable(failure);
  }
}

function explainReverse(failure: ReverseFailure, called: Called): Explanation {
  switch (failure.kind) {
    case 'reverse-twice':
      return own(`--reverse has port ${failure.inside} inside twice`, 'one port leads to one place: leave one out');
    case 'ports-in-circle':
      return own(
        `--forward and --reverse lead to each other: port ${failure.port} here, port ${failure.inside} inside`,
        'leave one out, or give it another port',
      );
    case 'network-is-own':
      return own(
        `${failure.service} has this machine's own network: localhost:${failure.port} is the same inside and here`,
        'leave the option out: nothing has to lead there',
      );
    case 'reverse-refused': {
      const { place, inside, leadsTo, error, holder } = failure;
      const isIt = (value: string): boolean => {
        const reverse = readReverse(value);
        return typeof reverse !== 'string' && reverse.inside === inside;
      };
      const other = lineWithValue(called, '--reverse', isIt, `${anotherPort(inside)}:${leadsTo}`);
      if (error === 'EADDRINUSE')
        return own(
          `${place} is taken${holder === undefined ? '' : `: ${holder} listens there`}`,
          `take another port inside: ${other}`,
        );
      if (error === 'EACCES')
        return own(`${place}: only root may use ports below 1024 in there`, `take another port inside: ${other}`);
      return own(`nothing can listen on ${place}: ${error}`, undefined);
    }
    default:
      return unreachable(failure);
  }
}

function explainIntercept(failure: InterceptFailure): Explanation {
  return failure.kind === 'intercept-twice'
    ? own(`--intercept has port ${failure.port} twice`, 'one port leads to one place: leave one out')
    : failure.gone
      ? own(
          `${failure.service} has the network of a container that is gone, which may be this machine's own: its ports are not intercepted`,
          `make ${failure.service} anew, in a network that is there`,
        )
      : own(
          `${failure.service} has this machine's own network: its ports are not intercepted`,
          `run COMMAND without netexec, on a port of this machine`,
        );
}

type Faults = Readonly<Record<PortFault, readonly [what: string, hint: string]>>;

const faultsOf = (flag: string): Faults => ({ ...faults, ...ownFaults[flag] });

const forms = '5432, 15432:5432, postgres:5432, 15432:postgres:5432 or 127.0.0.2:15432:postgres:5432';
const reverseForms = '9003, 9000:9003, proxy.example:3128 or 8080:proxy.example:3128';

/** What is wrong, and what is to be typed. */
const faults: Faults = {
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
  'inside-zero': ['0 is no port', `as ${forms}`],
  'same-port': ['a port leads to itself', `as ${forms}`],
  'no-host': ['with --on there is no SERVICE, so it leads nowhere', 'say whose port it is: --forward postgres:5432'],
};

const reverseFaults: Partial<Faults> = {
  form: ['expected [PORT:][HOST:]PORT', `as ${reverseForms}`],
  'no-port': ['there is no port in it', 'it ends with the port that it leads to: --reverse proxy.example:3128'],
  'not-a-port': ['a port is a number up to 65535', `as ${reverseForms}`],
  'port-zero': ['0 is no port to lead to', `as ${reverseForms}`],
  range: ['a range of ports', 'each port has a --reverse of its own: --reverse 9003 --reverse 9004'],
  'not-tcp': ['only TCP can lead here', `as ${reverseForms}`],
  brackets: ['an address of IPv6 stands in brackets', 'as --reverse [fd00::2]:3128'],
  'not-a-host': [
    'that is no name of a host',
    'HOST is a name that this machine resolves, or an address: --reverse proxy.example:3128',
  ],
  'inside-zero': ['0 is no port that COMMAND could know', `as ${reverseForms}`],
};

const proxyForms = 'as --proxy 1080, 127.0.0.2:1080 or [::1]:1080; 0 takes a free port';

const proxyFaults: Partial<Faults> = {
  form: ['expected [ADDRESS:]PORT', proxyForms],
  'no-port': ['there is no port in it', 'it is the port of this machine on which the proxy listens: --proxy 1080'],
  'not-a-port': ['a port is a number up to 65535', proxyForms],
  range: ['a range of ports', 'one port is enough: it speaks SOCKS5 and HTTP'],
  brackets: ['an address of IPv6 stands in brackets', proxyForms],
  'not-an-address': ['ADDRESS is an address of this machine, localhost, or * for all', proxyForms],
};

const interceptForms =
  'as --intercept 80:3000: what others send to port 80 of SERVICE reaches port 3000, on which COMMAND listens';

const interceptFaults: Partial<Faults> = {
  form: ['expected PORT:PORT', interceptForms],
  'no-port': ['there is no port in it', interceptForms],
  'not-a-port': ['a port is a number up to 65535', interceptForms],
  'port-zero': ['0 is no port', interceptForms],
  range: ['a range of ports', 'each port has an --intercept of its own: --intercept 8000:3000 --intercept 8001:3001'],
  'not-tcp': ['only TCP can be intercepted', interceptForms],
  'not-a-host': ['expected PORT:PORT', interceptForms],
  'same-port': ['SERVICE has that port: COMMAND must listen on another', interceptForms],
};

const ownFaults: Readonly<Record<string, Partial<Faults>>> = {
  '--reverse': reverseFaults,
  '--proxy': proxyFaults,
  '--intercept': interceptFaults,
};
