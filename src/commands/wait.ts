// --wait: looks at endpoints again and again, as --check does, until the service reaches all of them, or time is up.
import { constants } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import type { Call } from '../call.ts';
import type { RunRequest, ServiceRun } from '../core/arguments/argv.ts';
import { awaited, waitOver, waitText } from '../core/check/wait-verdict.ts';
import type { Awaited } from '../core/check/wait-verdict.ts';
import type { Verdict } from '../core/check/check-verdict.ts';
import { netexecLine } from '../core/compose/compose-line.ts';
import { mayReturn } from '../core/engine/container-return.ts';
import { fail, success } from '../core/failure/failure.ts';
import type { Result } from '../core/failure/failure.ts';
import { shellWord } from '../core/text/printable.ts';
import type { Target } from '../core/entry/plan.ts';
import type { Engine } from '../shell/engine/engine.ts';
import { listenForSignals } from '../shell/enter/signals.ts';
import { say } from '../shell/terminal/say.ts';
import { judgeEndpoints } from './judge-endpoints.ts';

/** `at`: where it is, where that is no service's container. */
type Waiting = ServiceRun & { readonly at: Target | undefined };

const byDefault = { seconds: 60 };
/** Of each step of a look, as of --check. */
const patience = { seconds: 3 };
/** Between two looks: some time, and twice as long as a look takes, since the machine has something to start. */
const rest = { shortest: 250, longest: 2000 };

/**
 * @param place of a container of netexec's own, which does not come back
 * @returns whether there was anything to wait for; where netexec is asked to end meanwhile, it ends
 */
export async function waitForEndpoints(
  given: RunRequest,
  call: Call,
  engine: Engine,
  place?: Target,
): Promise<Result<boolean>> {
  const run = { ...given, service: given.service ?? 'COMMAND', at: place && inProject(place) };
  const stopping = new AbortController();
  const stopListening = listenForSignals(call.ignoredSignals, (event) => {
    const signal = event.kind === 'signal' ? event.signal : 'SIGTERM';
    if (signal === 'SIGUSR1' || signal === 'SIGUSR2') return;
    stopping.abort();
    setTimeout(() => process.exit(128 + constants.signals[signal]), longestEnd.milliseconds);
  });
  const ready = await lookUntilReady(run, call, engine, stopping.signal);
  if (stopping.signal.aborted) await new Promise(() => {});
  stopListening();
  return ready;
}

/** A place on networks is in no file that could be put right. */
function forPlace(verdict: Verdict, run: Waiting): Verdict {
  const { cause } = verdict;
  if (cause?.kind !== 'other-network' && cause?.kind !== 'name-unknown') return verdict;
  return { ...verdict, cause: { ...cause, hint: `see who is on which network: ${netexecLine(run)} --list-networks` } };
}

/** It is looked around in as a service of its project would. */
function inProject(place: Target): Target {
  const { owner, own: of } = place;
  if (of === undefined || owner.compose !== undefined) return place;
  const compose = {
    project: of.project,
    service: 'COMMAND',
    number: undefined,
    oneOff: true,
    workingDirectory: undefined,
  };
  return { ...place, owner: { ...owner, compose } };
}

/** What looks inside is signalled, too, and has ended by then. */
const longestEnd = { milliseconds: 200 };

async function lookUntilReady(
  run: Waiting,
  call: Call,
  engine: Engine,
  stopping: AbortSignal,
): Promise<Result<boolean>> {
  const seconds = run.timeout ?? byDefault.seconds;
  const end = performance.now() + seconds * 1000;
  for (let looks = 0; ; looks += 1) {
    const begun = performance.now();
    const open = await look(run, call, engine);
    const isLost =
      !open.ok &&
      (looks === 0 || run.at !== undefined || !(mayReturn(open.failure) || open.failure.kind === 'container-ended'));
    if (isLost || stopping.aborted) return open.ok ? success(true) : open;
    if (open.ok && open.value.length === 0) return success(looks > 0);
    const now = performance.now();
    if (now >= end) return open.ok ? timeIsUp(open.value, run, seconds) : open;
    if (looks === 0 && open.ok) say(waitText(open.value, seconds));
    await pause(Math.min(Math.max(2 * (now - begun), rest.shortest), rest.longest, end - now));
  }
}

/** @returns what is not ready */
async function look(run: Waiting, call: Call, engine: Engine): Promise<Result<readonly Awaited[]>> {
  const open: Awaited[] = [];
  const request = { ...run, timeout: patience.seconds, again: true } as const;
  const status = await judgeEndpoints(run.waits, request, call, engine, {
    note: () => {},
    step: () => {},
    verdict: (verdict, name) => {
      const each = awaited(run.on.length > 0 ? forPlace(verdict, run) : verdict, name);
      if (each !== undefined) open.push(each);
    },
  });
  if (!status.ok) return status;
  // Of a look that was ended there is nothing to be told.
  return status.value === 0
    ? success(open)
    : fail({ kind: 'container-ended', container: run.service, status: undefined });
}

function timeIsUp(open: readonly Awaited[], run: Waiting, seconds: number): Result<never> {
  const [first] = open;
  if (first === undefined) throw new Error('there is nothing to wait for');
  const words = run.at === undefined ? ['--check', run.service, first.endpoint] : ['--list-networks'];
  return fail(waitOver(first, seconds, [netexecLine(run), ...words.map(shellWord)].join(' ')));
}
