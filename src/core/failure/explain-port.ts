// Sentences for a port that cannot lead anywhere: of --forward, --proxy, --reverse, --intercept.
import { lineWithValue } from './corrected-line.ts';
import { own, quoted } from './explanation.ts';
import type { Called, Explanation } from './explanation.ts';
import { unreachable } from './failure.ts';
import type { InterceptFailure, PortFailure, PortFault, ReverseFailure } from './port-failure.ts';
import { lineWithPort } from '../relay/local-port-line.ts';
import { anotherPort } from '../relay/local-port-text.ts';
import { readReverse } from '../relay/reverses.ts';

export function explainPort(failure: PortFailure, called: Called): Explanation {
  switch (failure.kind) {
    case 'port-invalid': {
      const [what, hint] = faultsOf(failure.flag)[failure.fault];
      return own(`invalid value ${quoted(failure.value)} for ${failure.flag}: ${what}`, hint);
    }
    case 'port-twice':
      return own(
        `port ${failure.local} of this machine is specified twice`,
        'use each local port once; 0 picks a free port',
      );
    case 'ports-too-many':
      return own(`too many ports: ${failure.count}`, `at most ${failure.most} are allowed in each direction`);
    case 'port-taken':
      return own(
        `${failure.place} is already in use${failure.holder === undefined ? '' : ` by ${failure.holder}`}`,
        `use another port: ${lineWithPort(called, failure.localPort, { local: failure.free })}`,
      );
    case 'port-refused':
      return own(`cannot listen on ${failure.place}: ${failure.reason}`, undefined);
    case 'handover-failed':
      if (failure.error !== undefined && failure.error !== 'EMFILE')
        return own(`cannot hand over the listening sockets: ${failure.error}`, undefined);
      return own(
        'the limit on open files is too low for this many ports',
        'ulimit -n shows it in this shell, and raises it',
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
      return own(`--reverse specifies port ${failure.inside} inside twice`, 'use each port once: remove one of them');
    case 'ports-in-circle':
      return own(
        `--forward and --reverse form a loop: port ${failure.port} on this machine, port ${failure.inside} inside`,
        'remove one of them, or use another port',
      );
    case 'network-is-own':
      return own(
        `${failure.service} uses this machine's own network: localhost:${failure.port} is the same inside and outside`,
        'omit the option: the port can be reached without it',
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
          `${place} is already in use${holder === undefined ? '' : ` by ${holder}`}`,
          `use another port inside: ${other}`,
        );
      if (error === 'EACCES')
        return own(
          `cannot listen on ${place}: only root may use ports below 1024 there`,
          `use another port inside: ${other}`,
        );
      return own(`cannot listen on ${place}: ${error}`, undefined);
    }
    default:
      return unreachable(failure);
  }
}

function explainIntercept(failure: InterceptFailure): Explanation {
  return failure.kind === 'intercept-twice'
    ? own(`--intercept specifies port ${failure.port} twice`, 'use each port once: remove one of them')
    : failure.gone
      ? own(
          `${failure.service} shares the network of a removed container, which may be this machine's own network: cannot intercept its ports`,
          `recreate ${failure.service} in a network that exists`,
        )
      : own(
          `${failure.service} uses this machine's own network: cannot intercept its ports`,
          `run COMMAND without netexec, on a port of this machine`,
        );
}

type Faults = Readonly<Record<PortFault, readonly [what: string, hint: string]>>;

const faultsOf = (flag: string): Faults => ({ ...faults, ...ownFaults[flag] });

const forms = '5432, 15432:5432, postgres:5432, 15432:postgres:5432 or 127.0.0.2:15432:postgres:5432';
const reverseForms = '9003, 9000:9003, proxy.example:3128 or 8080:proxy.example:3128';

/** What is wrong, and what is to be typed. */
const faults: Faults = {
  form: ['expected [[ADDRESS:]LOCAL:][HOST:]PORT', `for example ${forms}`],
  'no-port': ['the port is missing', 'end it with the target port: --forward postgres:5432'],
  'not-a-port': ['a port is a number up to 65535', `for example ${forms}`],
  'port-zero': ['the target port cannot be 0', 'as LOCAL, 0 picks a free port of this machine: --forward 0:5432'],
  range: ['port ranges are not supported', 'use one --forward for each port: --forward 8000 --forward 8001'],
  'not-tcp': ['only TCP can be forwarded', 'to use UDP, run COMMAND inside: docker netexec SERVICE -- dig …'],
  brackets: ['put an IPv6 address in brackets', 'for example --forward [::1]:15432:5432 or --forward [fd00::2]:5432'],
  'not-a-host': ['invalid host name', 'HOST is a name that SERVICE resolves, or an address: --forward postgres:5432'],
  'not-an-address': ['ADDRESS must be an address of this machine, localhost, or * for all', `for example ${forms}`],
  'inside-zero': ['the port cannot be 0', `for example ${forms}`],
  'same-port': ['the two ports are the same', `for example ${forms}`],
  'no-host': ['with --on there is no SERVICE, so HOST is required', 'specify the host: --forward postgres:5432'],
};

const reverseFaults: Partial<Faults> = {
  form: ['expected [PORT:][HOST:]PORT', `for example ${reverseForms}`],
  'no-port': ['the port is missing', 'end it with the target port: --reverse proxy.example:3128'],
  'not-a-port': ['a port is a number up to 65535', `for example ${reverseForms}`],
  'port-zero': ['the target port cannot be 0', `for example ${reverseForms}`],
  range: ['port ranges are not supported', 'use one --reverse for each port: --reverse 9003 --reverse 9004'],
  'not-tcp': ['only TCP is supported', `for example ${reverseForms}`],
  brackets: ['put an IPv6 address in brackets', 'for example --reverse [fd00::2]:3128'],
  'not-a-host': [
    'invalid host name',
    'HOST is a name that this machine resolves, or an address: --reverse proxy.example:3128',
  ],
  'inside-zero': ['the port inside cannot be 0: COMMAND has to know it', `for example ${reverseForms}`],
};

const proxyForms = 'for example --proxy 1080, 127.0.0.2:1080 or [::1]:1080; 0 picks a free port';

const proxyFaults: Partial<Faults> = {
  form: ['expected [ADDRESS:]PORT', proxyForms],
  'no-port': ['the port is missing', 'specify the port of this machine that the proxy listens on: --proxy 1080'],
  'not-a-port': ['a port is a number up to 65535', proxyForms],
  range: ['port ranges are not supported', 'one port is enough: it serves SOCKS5 and HTTP'],
  brackets: ['put an IPv6 address in brackets', proxyForms],
  'not-an-address': ['ADDRESS must be an address of this machine, localhost, or * for all', proxyForms],
};

const interceptForms =
  "for example --intercept 80:3000: connections to SERVICE's port 80 go to port 3000, where COMMAND listens";

const interceptFaults: Partial<Faults> = {
  form: ['expected PORT:PORT', interceptForms],
  'no-port': ['the port is missing', interceptForms],
  'not-a-port': ['a port is a number up to 65535', interceptForms],
  'port-zero': ['the port cannot be 0', interceptForms],
  range: [
    'port ranges are not supported',
    'use one --intercept for each port: --intercept 8000:3000 --intercept 8001:3001',
  ],
  'not-tcp': ['only TCP can be intercepted', interceptForms],
  'not-a-host': ['expected PORT:PORT', interceptForms],
  'same-port': ['SERVICE uses that port: COMMAND must listen on another one', interceptForms],
};

const ownFaults: Readonly<Record<string, Partial<Faults>>> = {
  '--reverse': reverseFaults,
  '--proxy': proxyFaults,
  '--intercept': interceptFaults,
};
