// Looks from inside the network of a container of another kernel: the program that does so runs in a helper container there, and
// prints what it finds. Only there are the container's own sockets, addresses and name servers to be seen: by a tunnel
// all of it would be COMMAND's own.
import type { Begun, Finding } from '../../core/check/findings.ts';
import type { ProbeRequest } from '../../core/check/probe-request.ts';
import type { ListeningSocket } from '../../core/check/socket-tables.ts';
import { fail, success } from '../../core/failure/failure.ts';
import type { Failure, Result } from '../../core/failure/failure.ts';
import { probeWords } from '../../roles.ts';
import { endOfCall } from '../enter/signals.ts';
import { runFar } from '../own-container/far-end.ts';
import type { FarPlace, FarRole } from '../own-container/far-end.ts';
import { hearFindings } from './far-findings.ts';
import { collect } from './probe-run.ts';
import type { Probe } from './probe-run.ts';

/**
 * @param role with variables by which it looks names up as COMMAND would
 * @param ignoredSignals by number; any other ends it
 */
export async function runFarProbe(
  place: FarPlace,
  role: Omit<FarRole, 'words'>,
  request: Omit<ProbeRequest, 'answers'>,
  onStep: (begun: Begun) => void,
  ignoredSignals: readonly number[],
): Promise<Result<Probe>> {
  const { take, probe } = collect(request.endpoints.length, onStep);
  // It may be told to end before the helper container is there.
  const signalled = endOfCall(ignoredSignals);
  const far = await ask(place, role, request, take);
  if (!far.ok) {
    signalled.stop();
    return isGone(far.failure)
      ? fail({ kind: 'container-ended', container: role.target.name, status: undefined })
      : far;
  }
  const whole = far.value.ended.then((isWhole) => (isWhole ? success(0) : fail({ kind: 'far-end-silent' as const })));
  const status = Promise.race([whole, signalled.status.then(success)]).finally(() => {
    signalled.stop();
    far.value.close();
  });
  return success(probe(status));
}

/** Whether what the engine refuses is to join the network of a container that does not run any more. */
export const isGone = (failure: Failure): boolean =>
  failure.kind === 'engine-refused' && (failure.status === 404 || failure.status === 409);

/**
 * @param ignoredSignals by number; any other ends netexec, and the helper container with it
 * @returns what listens in a container's network
 */
export async function farSockets(
  place: FarPlace,
  target: FarRole['target'],
  ignoredSignals: readonly number[],
): Promise<Result<readonly ListeningSocket[]>> {
  const signalled = endOfCall(ignoredSignals);
  void signalled.status.then((status) => process.exit(status));
  const sockets = await lookForSockets(place, target);
  signalled.stop();
  return sockets;
}

async function lookForSockets(place: FarPlace, target: FarRole['target']): Promise<Result<readonly ListeningSocket[]>> {
  let sockets: readonly ListeningSocket[] = [];
  const far = await ask(place, { target }, { endpoints: [], known: '', timeout: 0 }, (finding) => {
    if (finding.kind === 'sockets') ({ sockets } = finding);
  });
  if (!far.ok) return far;
  return (await far.value.ended) ? success(sockets) : fail({ kind: 'far-end-silent' });
}

interface Asked {
  /** Whether it has said all. */
  readonly ended: Promise<boolean>;
  close(): void;
}

function ask(
  place: FarPlace,
  role: Omit<FarRole, 'words'>,
  request: Omit<ProbeRequest, 'answers'>,
  take: (finding: Finding) => void,
): Promise<Result<Asked>> {
  return runFar(place, { ...role, words: probeWords() }, (stream) => {
    // A URL may hold a token, and the words of a container are there for all who may ask the engine.
    stream.write(`${JSON.stringify(request satisfies ProbeRequest)}\n`);
    return hearFindings(stream, request, take);
  });
}
