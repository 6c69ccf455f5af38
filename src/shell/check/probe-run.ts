// Runs the program that looks from inside, as the COMMAND of a plan, and hands out what it finds for each endpoint.
import { chmodSync } from 'node:fs';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { fail, success } from '../../core/failure/failure.ts';
import type { Result } from '../../core/failure/failure.ts';
import { decodeFinding } from '../../core/check/findings.ts';
import type { Begun, Finding } from '../../core/check/findings.ts';
import { ownVariables, withoutRuntimes } from '../../core/entry/environment.ts';
import type { EntryPlan } from '../../core/entry/plan.ts';
import type { ProbeRequest } from '../../core/check/probe-request.ts';
import { makeOwnFolder, removeForgottenFolders, temporaryBase } from '../files/own-folder.ts';
import { supervise } from '../enter/supervise.ts';

export interface Probe {
  /** All that was found of an endpoint, and of the machine, as soon as nothing more will be; undefined where it ended before. */
  findings(endpoint: number): Promise<readonly Finding[] | undefined>;
  readonly ended: Promise<Result<number>>;
}

/** @param onStep is told of each step that begins */
export async function runProbe(
  plan: EntryPlan,
  request: Omit<ProbeRequest, 'answers'>,
  onStep: (begun: Begun) => void,
): Promise<Result<Probe>> {
  const { take, probe } = collect(request.endpoints.length, onStep);
  const listening = await listen(take);
  if (!listening.ok) return listening;
  const { path, whole, close } = listening.value;
  const [executable, ...words] = plan.command.words;
  const argument = JSON.stringify({ ...request, answers: path } satisfies ProbeRequest);
  const command = { ...plan.command, words: [executable, ...words, argument] as const };
  const run = async (): Promise<Result<number>> => {
    const environment = { ...withoutRuntimes(plan.environment), ...ownVariables };
    const { ignoredSignals } = plan;
    const entry = success({ ...plan, command, environment });
    const status = await supervise(entry, { onContainerEnd: 'ignore', ignoredSignals });
    // It may have ended before all that it said was read.
    if (status.ok && status.value === 0) await whole;
    return status;
  };
  return success(probe(run().finally(close)));
}

/** Keeps what is found until it is asked for. @param endpoints how many there are */
export function collect(endpoints: number, onStep: (begun: Begun) => void) {
  const found: Finding[] = [];
  const done = Array.from({ length: endpoints }, () => ending());
  return {
    take: (finding: Finding): void => {
      found.push(finding);
      if (finding.kind !== 'begin') return;
      onStep(finding);
      if (finding.step === 'end') done[finding.endpoint]?.resolve(true);
    },
    /** @param status once nothing more will be found */
    probe: (status: Promise<Result<number>>): Probe => ({
      ended: status.finally(() => {
        for (const each of done) each.resolve(false);
      }),
      findings: async (endpoint) =>
        (await done[endpoint]?.promise) === true
          ? found.filter((finding) => !('endpoint' in finding) || finding.endpoint === endpoint)
          : undefined,
    }),
  };
}

interface Listening {
  readonly path: string;
  /** When the program has said its last. */
  readonly whole: Promise<void>;
  readonly close: () => void;
}

/**
 * On a socket with a name, in a folder of the caller's own: it is found there whatever network, and by whatever way in,
 * where descriptors would be closed and standard output would be docker's. The name is gone once it is found.
 */
async function listen(take: (finding: Finding) => void): Promise<Result<Listening>> {
  const base = temporaryBase();
  try {
    const folder = makeOwnFolder(base, 'answers');
    const server = createServer();
    let closed = false;
    const close = (): void => {
      if (closed) return;
      closed = true;
      server.close();
      folder.remove();
    };
    const { promise, resolve } = ending();
    server.once('connection', (socket) => {
      close();
      let rest = '';
      socket.setEncoding('utf8').on('data', (text: string) => {
        const lines = (rest + text).split('\n');
        rest = lines.pop() ?? '';
        for (const line of lines) {
          const decoded = decodeFinding(JSON.parse(line));
          if (decoded.ok) take(decoded.value);
        }
      });
      socket.once('close', () => resolve(true));
      socket.on('error', () => {});
    });
    server.listen(folder.file);
    await once(server, 'listening');
    // By the caller's umask it could be one that nobody may connect to.
    chmodSync(folder.file, 0o600);
    removeForgottenFolders(base);
    return success({ path: folder.file, whole: promise.then(() => {}), close });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return fail({ kind: 'runtime-folder-unusable', folder: base, reason });
  }
}

/** A promise, and what keeps it; keeping it twice changes nothing. */
function ending(): { readonly promise: Promise<boolean>; readonly resolve: (whole: boolean) => void } {
  let resolve: (whole: boolean) => void = () => {};
  const promise = new Promise<boolean>((keep) => (resolve = keep));
  return { promise, resolve };
}
