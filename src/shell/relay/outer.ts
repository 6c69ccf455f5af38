// The outer end of a relay: hands the sockets that listen to the inner one, takes over those that listen inside, and hears from it.
import { chmodSync } from 'node:fs';
import { inside, hasOwnContainer } from '../../core/arguments/argv.ts';
import type { RunRequest } from '../../core/arguments/argv.ts';
import { netexecLine } from '../../core/compose/compose-line.ts';
import { parseJson } from '../../core/json/decode.ts';
import { fail, success } from '../../core/failure/failure.ts';
import type { Result } from '../../core/failure/failure.ts';
import type { EntryPlan } from '../../core/entry/plan.ts';
import type { Called } from '../../core/failure/explanation.ts';
import { describeNameless, namesIn } from '../../core/relay/local-port-line.ts';
import { describeFailure, sayFailure, tooMany } from '../../core/relay/local-port-text.ts';
import { decodeRelayWord, innerPlan } from '../../core/relay/relay-talk.ts';
import type { RelayTask, RelayWord } from '../../core/relay/relay-talk.ts';
import { findLoop } from '../../core/relay/reverses.ts';
import type { Reverse } from '../../core/relay/reverses.ts';
import { makeOwnFolder, removeForgottenFolders, temporaryBase } from '../files/own-folder.ts';
import { say, warn } from '../terminal/say.ts';
import { listenInside, refusalInside } from './listen-inside.ts';
import type { OpenPort } from './listen.ts';
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
  readonly localPorts: readonly OpenPort[];
  readonly reverses: readonly Reverse[];
}

/**
 * @param plan of the inner end
 * @param request the caller's
 * @param beside whether a COMMAND runs beside it
 * @param line as the caller has typed it, for what is said of names that nobody has; undefined where that has been said
 */
export function openOuterEnd(
  plan: EntryPlan,
  ports: Ports,
  request: RunRequest,
  beside: boolean,
  line: readonly string[] | undefined,
): Result<OuterEnd> {
  const { localPorts, reverses } = ports;
  const loop = plan.target.owner.networkMode === 'host' ? findLoop(localPorts, reverses) : undefined;
  if (loop !== undefined) return fail({ kind: 'network-is-own', service: inside(request), port: loop });
  let settle!: (outcome: Result<void>) => void;
  const ready = new Promise<Result<void>>((resolve) => (settle = resolve));
  const insiders = listenInside(reverses);
  const meeting = meet(
    (stream) => {
      const handed = localPorts.flatMap(({ descriptors }) => descriptors);
      const error = insiders.take(stream.fd) ?? handOver(stream.fd, handed);
      // The inner end is ended then, and with it all of this.
      if (error !== undefined) settle(fail({ kind: 'handover-failed', error }));
    },
    linesOf(hearing(plan, ports, { ...request, line: line ?? [] }, insiders, settle)),
  );
  if (!meeting.ok) return meeting;
  const { path, close } = meeting.value;
  const task: RelayTask = {
    path,
    localPorts: localPorts.flatMap(({ descriptors, ...localPort }) => descriptors.map(() => localPort)),
    listens: reverses.map((reverse) => ({
      port: reverse.inside,
      open: request.intercepts.some(({ here }) => here === reverse.inside),
    })),
    names: line === undefined ? [] : namesIn(localPorts),
    beside,
  };
  return success({
    plan: innerPlan(plan, task),
    ready,
    close: () => {
      close();
      insiders.close();
    },
  });
}

/** What is done about each line of the inner end's. */
function hearing(
  plan: EntryPlan,
  { localPorts, reverses }: Ports,
  request: RunRequest & Called,
  insiders: ReturnType<typeof listenInside>,
  settle: (outcome: Result<void>) => void,
): (line: string) => void {
  const service = inside(request);
  const checking = hasOwnContainer(request) ? undefined : netexecLine(request);
  let asked = 0;
  const hear = (word: RelayWord): void => {
    switch (word.kind) {
      case 'failed': {
        const end = { host: word.host, port: word.port };
        const said = sayFailure(localPorts, asked, end, describeFailure(end, service, word.error, checking));
        ({ asked } = said);
        return said.lines.forEach(say);
      }
      case 'nameless': {
        const forward = localPorts.find((each) => each.kind === 'forward' && each.host === word.name);
        if (forward?.kind === 'forward') warn(describeNameless(request, forward, service, plan.target));
        return;
      }
      case 'full':
        return say(tooMany);
      case 'ready':
        insiders.listen(word.leadsTo);
        return settle(success(undefined));
      case 'unable':
        return settle(fail({ kind: 'handover-failed', error: word.error }));
      case 'unlistenable': {
        const refused = reverses[word.number];
        if (refused !== undefined) settle(fail(refusalInside(plan.process.pid, refused, service, word.error)));
      }
    }
  };
  return (line) => {
    const decoded = decodeRelayWord(parseJson(line));
    if (decoded.ok) hear(decoded.value);
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

export interface Meeting {
  readonly path: string;
  readonly close: () => void;
}

/** By a socket with a name, in a folder of the caller's own: whatever network, and by whatever way in. The name is gone once it is found. */
export function meet(found: (stream: Stream) => void, hear: (piece: Uint8Array) => void): Result<Meeting> {
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
