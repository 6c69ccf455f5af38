// The outer end of a relay: hands the sockets that listen to the inner one, and hears from it.
import { chmodSync } from 'node:fs';
import { parseJson } from '../../core/json/decode.ts';
import { ownVariables, withoutRuntimes } from '../../core/entry/environment.ts';
import { fail, success } from '../../core/failure/failure.ts';
import type { Result } from '../../core/failure/failure.ts';
import type { EntryPlan } from '../../core/entry/plan.ts';
import { describeFailure } from '../../core/relay/forward-text.ts';
import { decodeRelayWord } from '../../core/relay/relay-talk.ts';
import type { RelayTask } from '../../core/relay/relay-talk.ts';
import { makeOwnFolder, removeForgottenFolders, temporaryBase } from '../files/own-folder.ts';
import { say } from '../terminal/say.ts';
import type { ListeningForward } from './listen.ts';
import { handOver } from './sockets.ts';

type Stream = Bun.Stream<undefined>;

export interface OuterEnd {
  /** The plan, with the inner end's task: for one entry. */
  readonly plan: EntryPlan;
  /** When the inner end takes connections. */
  readonly ready: Promise<void>;
  /** Has the inner end end, or not begin. */
  readonly close: () => void;
}

/**
 * @param plan of the inner end
 * @param service as the caller calls it
 * @param beside whether a COMMAND runs beside it
 */
export function openOuterEnd(
  plan: EntryPlan,
  forwards: readonly ListeningForward[],
  service: string,
  beside: boolean,
): Result<OuterEnd> {
  let beReady = (): void => {};
  const ready = new Promise<void>((resolve) => (beReady = resolve));
  const hear = (line: string): void => {
    const word = decodeRelayWord(parseJson(line));
    if (!word.ok) return;
    if (word.value.kind === 'ready') return beReady();
    const end = forwards[word.value.end];
    if (end !== undefined) say(describeFailure(end, service, word.value.error, plan.target.place === undefined));
  };
  const handed = forwards.flatMap(({ descriptors }) => descriptors);
  const meeting = meet((stream) => {
    const error = handOver(stream.fd, handed);
    if (error === undefined) return;
    say(`the ports cannot be handed over: ${error}`);
    // The inner end then ends, and with it all of this.
    stream.end();
  }, linesOf(hear));
  if (!meeting.ok) return meeting;
  const { path, close } = meeting.value;
  const task: RelayTask = {
    path,
    ends: forwards.map(({ host, port }) => ({ host, port })),
    leadsTo: forwards.flatMap(({ descriptors }, index) => descriptors.map(() => index)),
    beside,
  };
  const [executable, ...words] = plan.command.words;
  const command = { ...plan.command, words: [executable, ...words, JSON.stringify(task)] as const };
  const environment = { ...withoutRuntimes(plan.environment), ...ownVariables };
  return success({ plan: { ...plan, command, environment, ...(beside && { beside }) }, ready, close });
}

/** Of what the inner end tells. */
const longestLine = 4096;

/** @returns what takes the pieces of lines; `hear` takes each line */
function linesOf(hear: (line: string) => void): (piece: Uint8Array) => void {
  let rest = '';
  return (piece) => {
    // A name in there is a code of the system's: no letter of it is longer than a byte.
    const lines = (rest + Buffer.from(piece).toString('latin1')).split('\n');
    rest = (lines.pop() ?? '').slice(0, longestLine);
    for (const line of lines) hear(line);
  };
}

interface Meeting {
  readonly path: string;
  readonly close: () => void;
}

/** By a socket with a name, in a folder of the caller's own: whatever network, and by whatever way in. The name is gone once it is found. */
function meet(found: (stream: Stream) => void, hear: (piece: Uint8Array) => void): Result<Meeting> {
  const base = temporaryBase();
  try {
    const folder = makeOwnFolder(base, 'relay');
    let met: Stream | undefined;
    let closed = false;
    const unname = (): void => {
      if (closed) return;
      closed = true;
      server.stop();
      folder.remove();
    };
    const open = (stream: Stream): void => {
      unname();
      met = stream;
      found(stream);
    };
    const nothing = (): void => {};
    const socket = {
      open,
      data: (_: Stream, piece: Uint8Array) => hear(piece),
      drain: nothing,
      end: nothing,
      error: nothing,
      close: nothing,
    };
    const server = Bun.listen({ unix: folder.file, socket });
    // By the caller's umask it could be one that nobody may connect to.
    chmodSync(folder.file, 0o600);
    removeForgottenFolders(base);
    const close = (): void => {
      unname();
      met?.end();
    };
    return success({ path: folder.file, close });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return fail({ kind: 'runtime-folder-unusable', folder: base, reason });
  }
}
