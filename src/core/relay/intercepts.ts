// What --intercept is given, PORT:PORT → which port of the service reaches which of COMMAND's, for others than the service.
import type { EntryPlan, Target } from '../entry/plan.ts';
import { fail, success } from '../failure/failure.ts';
import type { Result } from '../failure/failure.ts';
import type { InterceptFailure, PortFault } from '../failure/port-failure.ts';
import { printable } from '../text/printable.ts';
import { mostPorts, readForward } from './local-ports.ts';

export interface Intercept {
  /** The service's, as its containers know it. */
  readonly port: number;
  /** On which COMMAND listens, in the same network. */
  readonly here: number;
}

/** @param words each of one --intercept */
export function readIntercepts(words: readonly string[], flag: string): Result<readonly Intercept[]> {
  const intercepts: Intercept[] = [];
  if (words.length > mostPorts) return fail({ kind: 'ports-too-many', count: words.length, most: mostPorts });
  for (const value of words) {
    const intercept = readIntercept(value);
    if (typeof intercept === 'string') return fail({ kind: 'port-invalid', flag, value, fault: intercept });
    const { port } = intercept;
    if (intercepts.some((other) => other.port === port)) return fail({ kind: 'intercept-twice', port });
    intercepts.push(intercept);
  }
  return success(intercepts);
}

function readIntercept(text: string): Intercept | PortFault {
  const forward = readForward(text);
  if (typeof forward === 'string') return forward === 'not-an-address' || forward === 'brackets' ? 'form' : forward;
  const { address, local, host, port } = forward;
  if (address !== undefined || host !== undefined) return 'form';
  if (local === 0) return 'port-zero';
  return local === port ? 'same-port' : { port: local, here: port };
}

export interface Interceptor {
  /** The number of the netexec that intercepts. */
  readonly netexec: string;
  readonly intercepts: readonly Intercept[];
}

/** @param words those of a process. @returns undefined where it is not what holds the rules, `interceptor.sh` */
export function interceptorOf(words: readonly string[]): Interceptor | undefined {
  const [, dash, , name, , netexec = '', ...pairs] = words;
  if (dash !== '-c' || name !== 'netexec' || pairs.length === 0) return undefined;
  if (![`${netexec}:1`, ...pairs].every((pair) => /^\d+:\d+$/.test(pair))) return undefined;
  const intercepts = pairs.map((pair) => {
    const [port = 0, here = 0] = pair.split(':').map(Number);
    return { port, here };
  });
  return { netexec, intercepts };
}

/** Rules of this machine's own network are not to be changed: whose it is, the container that has it tells. */
export function notIntercepted(
  intercepts: readonly Intercept[],
  { container, owner }: Pick<Target, 'container' | 'owner'>,
): InterceptFailure | undefined {
  const isHost = owner.networkMode === 'host';
  if (intercepts.length === 0 || (!isHost && !owner.networkMode.startsWith('container:'))) return undefined;
  return { kind: 'intercept-own', service: container.compose?.service ?? container.name, gone: !isHost };
}

/** `web:80 → port 3000 in web's network, for all clients but web itself`; safe to send to a terminal. */
export function describeIntercepts({
  intercepts,
  target,
}: Pick<EntryPlan, 'intercepts' | 'target'>): readonly string[] {
  const { compose, name } = target.container;
  const service = printable(compose?.service ?? name);
  return intercepts.map(
    ({ port, here }) =>
      `${service}:${port} → port ${here} in ${service}'s network, for all clients but ${service} itself`,
  );
}
