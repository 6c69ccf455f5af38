// The outer end of a relay: hands the sockets that listen to the inner one, takes over those that listen inside, and hears from it.
import { chmodSync } from 'node:fs';
import { inside, isPlace } from '../../core/arguments/argv.ts';
import type { RunRequest } from '../../core/arguments/argv.ts';
import { netexecLine } from '../../core/compose/compose-line.ts';
import { parseJson } from '../../core/json/decode.ts';
import { ownVariables, withoutRuntimes } from '../../core/entry/environment.ts';
import { fail, success } from '../../core/failure/failure.ts';
import type { Result } from '../../core/failure/failure.ts';
import type { EntryPlan } from '../../core/entry/plan.ts';
import { describeFailure, tellsThemAlone, tooMany } from '../../core/relay/listener-text.ts';
import type { End, Listener } from '../../core/relay/relay-listeners.ts';
import { decodeRelayWord } from '../../core/relay/relay-talk.ts';
import type { RelayTask } from '../../core/relay/relay-talk.ts';
import { findLoop } from '../../core/relay/reverses.ts';
import type { Reverse } from '../../core/relay/reverses.ts';
import { ways } from '../../core/ways/ways.ts';
import { makeOwnFolder, removeForgottenFolders, temporaryBase } from '../files/own-folder.ts';
import { say } from '../terminal/say.ts';
import { listenInside, refusalInside } from './listen-inside.ts';
import type { OpenListener } from './listen.ts';
import { handOver } from './sockets.ts';

type Stream = Bun.Stream<undefined>;

export interface OuterEnd {
  /** The plan, with the inner end's task: for one entry. */
  readonly plan: EntryPlan;
  /** When both ends take connections, or cannot. */
  readonly ready: Promise<Result<void>>;
  /** Has the inner end end, or not begin; no connection is led here any more. */
  readonly close: () => void;
}

/** What leads where. */
export interface Ports {
  readonly listeners: readonly OpenListener[];
  readonly reverses: readonly Reverse[];
}

/**
 * @param plan of the inner end
 * @param request the caller's
 * @param beside whether a COMMAND runs beside it
 */
export function openOuterEnd(plan: EntryPlan, ports: Ports, request: RunRequest, beside: boolean): Result<OuterEnd> {
  const service = inside(request);
  const { listeners, reverses } = ports;
  const loop = plan.target.owner.networkMode === 'host' ? findLoop(listeners, reverses) : undefined;
  if (loop !== undefined) return fail({ kind: 'network-is-own', service, port: loop });
  let settle!: (outcome: Result<void>) => void;
  const ready = new Promise<Result<void>>((resolve) => (settle = resolve));
  const insiders = listenInside(reverses);
  const checking = isPlace(request) ? undefined : netexecLine(request);
  const sayFailure = failureSayer(listeners, (end, error) => describeFailure(end, service, error, checking));
  const hear = (line: string): void => {
    const decoded = decodeRelayWord(parseJson(line));
    if (!decoded.ok) return;
    const word = decoded.value;
    if (word.kind === 'failed') return sayFailure({ host: word.host, port: word.port }, word.error);
    if (word.kind === 'full') return say(tooMany);
    if (word.kind === 'ready') {
      insiders.listen(word.leadsTo);
      return settle(success(undefined));
    }
    if (word.kind === 'unable') return settle(fail({ kind: 'handover-failed', error: word.error }));
    const refused = reverses[word.number];
    if (refused !== undefined) settle(fail(refusalInside(plan.process.pid, refused, service, word.error)));
  };
  const handed = listeners.flatMap(({ descriptors }) => descriptors);
  const meeting = meet((stream) => {
    const error = insiders.take(stream.fd) ?? handOver(stream.fd, handed);
    // The inner end is ended then, and with it all of this.
    if (error !== undefined) settle(fail({ kind: 'handover-failed', error }));
  }, linesOf(hear));
  if (!meeting.ok) return meeting;
  const { path, close } = meeting.value;
  const task: RelayTask = {
    path,
    listeners: listeners.flatMap(({ descriptors, ...listener }) => descriptors.map(() => listener)),
    listens: reverses.map((reverse) => reverse.inside),
    beside,
  };
  const [executable, ...words] = plan.command.words;
  const command = { ...plan.command, words: [executable, ...words, JSON.stringify(task)] as const };
  const environment = { ...withoutRuntimes(plan.environment), ...ownVariables, ...lookups };
  const own = { ...plan, command, environment };
  // Input and output are COMMAND's. By the engine the terminal would be the relay's own, whose Ctrl-Z nobody hears.
  const apart = beside || ways[plan.way.kind].starter === 'engine';
  return success({
    plan: apart ? { ...own, streams: ['nothing', 'nothing', 'caller'] } : own,
    ready,
    close: () => {
      close();
      insiders.close();
    },
  });
}

/** Of a name that nobody tells a thread waits for ten seconds: there are more than browsers ask for at once. */
const lookups = { UV_THREADPOOL_SIZE: '256' };

/** What a proxy's clients ask for is their own, and its host their own words: no more than so many lines have them. */
const mostAsked = 20;

function failureSayer(listeners: readonly Listener[], describe: (end: End, error: string) => string) {
  let asked = 0;
  return (end: End, error: string): void => {
    const isGiven = listeners.some(
      (each) => each.kind === 'forward' && each.host === end.host && each.port === end.port,
    );
    if (!isGiven) asked += 1;
    if (asked <= mostAsked || isGiven) say(describe(end, error));
    if (asked === mostAsked && !isGiven) say(tellsThemAlone);
  };
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
  let remove: (() => void) | undefined;
  try {
    const folder = makeOwnFolder(base, 'relay');
    remove = () => folder.remove();
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
    remove?.();
    const reason = error instanceof Error ? error.message : String(error);
    return fail({ kind: 'runtime-folder-unusable', folder: base, reason });
  }
}
