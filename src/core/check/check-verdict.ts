// All that was seen of one endpoint → step after step what is well, up to the cause why it does not connect, and a hint.
import type { EndpointFacts } from './check-facts.ts';
import { fromThisMachine } from './check-loopback.ts';
import { judgeName } from './check-name.ts';
import { judgeAddresses } from './check-resolution.ts';
import { judgeConnection, judgeListeners, judgeProxy } from './check-port.ts';
import { judgeSwarm } from './check-swarm.ts';
import { judgeRoute } from './check-route.ts';
import { judgeTls, judgeWords } from './check-words.ts';

export interface Verdict {
  /** The endpoint, as it was given. */
  readonly endpoint: string;
  readonly steps: readonly Step[];
  /** Undefined: it connects. */
  readonly cause: Cause | undefined;
  /** What else may be done with one that connects. */
  readonly further?: string | undefined;
}

export interface Step {
  readonly step: 'name' | 'dns' | 'route' | 'listens' | 'connect' | 'tls' | 'answer';
  /** `note`: nothing wrong, but worth a look. */
  readonly mark: 'good' | 'note' | 'bad';
  readonly seen: string;
}

export interface Cause {
  readonly kind: CauseKind;
  readonly what: string;
  readonly hint: string | undefined;
  /** What may be done in its place. */
  readonly instead?: string;
}

export const causeKinds = [
  'name-unknown',
  'no-dns-name',
  'other-network',
  'shares-network',
  'not-started',
  'not-running',
  'paused',
  'dns-dead',
  'dns-rules-gone',
  'dns-upstream',
  'dns-disagrees',
  'resolv-conf-changed',
  'stale-address',
  'network-lost',
  'interface-down',
  'internal-network',
  'no-route',
  'nothing-listens',
  'loopback-only',
  'other-address',
  'ipv6-only',
  'intercepted',
  'udp-only',
  'wrong-port',
  'refused',
  'dropped',
  'vip-dead',
  'reset',
  'unreachable',
  'tls-missing',
  'tls-expected',
  'tls-failed',
  'certificate-expired',
  'certificate-not-yet-valid',
  'certificate-name',
  'not-ready',
  'rejected',
  'other-protocol',
  'no-answer',
  'kafka-advertised',
] as const;
export type CauseKind = (typeof causeKinds)[number];

/** What one part of the judgement says; the first cause ends it. */
export interface Judgement {
  readonly steps: readonly Step[];
  readonly cause?: Cause;
}

const judges: readonly ((facts: EndpointFacts) => Judgement)[] = [
  judgeName,
  judgeAddresses,
  judgeSwarm,
  judgeRoute,
  judgeListeners,
  judgeConnection,
  judgeProxy,
  judgeTls,
  judgeWords,
];

/** @returns undefined where the name is no cause, as far as can be seen from outside */
export function decideByName(facts: EndpointFacts): Verdict | undefined {
  const { steps, cause } = judgeName(facts);
  return cause === undefined ? undefined : { endpoint: facts.endpoint.text, steps, cause };
}

export function decide(facts: EndpointFacts): Verdict {
  const steps: Step[] = [];
  for (const judge of judges) {
    const judgement = judge(facts);
    steps.push(...judgement.steps);
    if (judgement.cause !== undefined) return { endpoint: facts.endpoint.text, steps, cause: judgement.cause };
  }
  return { endpoint: facts.endpoint.text, steps, cause: undefined, further: fromThisMachine(facts) };
}
