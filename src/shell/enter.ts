// Carries out a plan: starts the one command, stands by as its parent, and answers with its exit status.
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { constants } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { entryArgv } from '../core/entry-argv.ts';
import type { Lifelines } from '../core/entry-argv.ts';
import { fail, success } from '../core/failure.ts';
import type { Result } from '../core/failure.ts';
import type { EntryPlan } from '../core/plan.ts';
import guard from './guard.sh';
import { openLifelineFiles } from './lifelines.ts';
import type { LifelineFiles } from './lifelines.ts';
import { forwardSignals } from './signals.ts';
import stage from './stage.sh';

/** The descriptor on which the stage tells that COMMAND starts, unless it tells a file. */
const readyDescriptor = 9;

/** @returns COMMAND's exit status, 128+n where signal n ended it; a failure where COMMAND was never started */
export async function enter(plan: EntryPlan): Promise<Result<number>> {
  const inherited = inheritedDescriptors();
  const needsFiles = plan.carriage.kind === 'file' || inherited.includes(readyDescriptor);
  const files = needsFiles ? openLifelineFiles(plan.environment) : success(undefined);
  if (!files.ok) return files;
  const lifelines: Lifelines = { supervisor: process.pid, node: process.execPath, files: files.value?.paths };
  const launch = plan.carriage.kind === 'inherit' ? '' : readFileSync(join(__dirname, 'launch.cjs'), 'utf8');
  const [program, ...args] = entryArgv(plan, { stage, guard, launch }, lifelines);
  const { NODE_OPTIONS: _, ...withoutNode } = plan.environment;
  const child = spawn(program, args, {
    stdio: stdio(inherited, needsFiles),
    // A Node on the way takes no options of COMMAND's; it has COMMAND's environment in its file.
    env: plan.carriage.kind === 'inherit' ? plan.environment : withoutNode,
    ...(plan.workdir === undefined ? {} : { cwd: plan.workdir }),
  });
  return watch(child, plan, files.value);
}

function watch(child: ChildProcess, plan: EntryPlan, files: LifelineFiles | undefined): Promise<Result<number>> {
  let told = false;
  let signalled = false;
  // The types know of five descriptors.
  const ready = (child.stdio as readonly (Readable | null | undefined)[])[readyDescriptor];
  ready?.on('data', () => (told = true));
  const release = forwardSignals((signal) => {
    signalled = true;
    // Behind sudo the child is root's, and not for its caller to signal: the guard, which is COMMAND's user's, does it.
    if (plan.way.kind === 'sudo') files?.signal(signal);
    else child.kill(signal);
  }, plan.ignoredSignals);
  return new Promise((resolve) => {
    child.once('error', (error: NodeJS.ErrnoException) => {
      resolve(fail({ kind: 'stage-failed', status: 0, way: plan.way.kind, reason: error.code ?? error.message }));
    });
    child.once('close', (code, signal) => {
      release();
      const status = code ?? 128 + (signal === null ? 0 : constants.signals[signal]);
      const started = files?.isReady() ?? told;
      files?.close();
      // A stage that refused has said why, and ends with netexec's own status; one may end by a signal for COMMAND, too.
      if (started || signalled || status === 125) return resolve(success(status));
      resolve(fail({ kind: 'stage-failed', status, way: plan.way.kind, reason: undefined }));
    });
  });
}

type Stdio = 'inherit' | 'ignore' | 'pipe' | number;

/** The caller's descriptors, each at its number: `psql -f <(generate)` is /dev/fd/63, and must be that for psql too. */
function stdio(inherited: readonly number[], needsFiles: boolean): Stdio[] {
  const highest = Math.max(readyDescriptor, ...inherited);
  const slots: Stdio[] = Array.from({ length: highest + 1 }, (_, number) =>
    inherited.includes(number) ? number : 'ignore',
  );
  slots.splice(0, 3, 'inherit', 'inherit', 'inherit');
  if (!needsFiles) slots[readyDescriptor] = 'pipe';
  return slots;
}

/** Descriptors above 2 that came from docker, or from the shell: those that the parent holds under the same number. */
function inheritedDescriptors(): readonly number[] {
  const target = (owner: string, descriptor: string): string | undefined => {
    try {
      return readlinkSync(`/proc/${owner}/fd/${descriptor}`);
    } catch {
      return undefined;
    }
  };
  return readdirSync('/proc/self/fd').flatMap((descriptor) => {
    if (Number(descriptor) < 3) return [];
    const own = target('self', descriptor);
    return own !== undefined && own === target(String(process.ppid), descriptor) ? [Number(descriptor)] : [];
  });
}
