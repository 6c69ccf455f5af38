// A COMMAND whose container is of another kernel: opens the far end of a tunnel there, and its near end for COMMAND's network.
import { setTimeout as pause } from 'node:timers/promises';
import type { Call } from '../call.ts';
import type { DockerOptions } from '../core/arguments/argv.ts';
import type { EntryPlan, Target } from '../core/entry/plan.ts';
import { fail, success } from '../core/failure/failure.ts';
import type { Result } from '../core/failure/failure.ts';
import { reachNotes } from '../core/relay/intercept-notes.ts';
import { datagramsNotLed, notMirrored, tooMany } from '../core/relay/local-port-text.ts';
import { notReversed } from '../core/relay/reverse-text.ts';
import type { Reverse } from '../core/relay/reverses.ts';
import { nearWord } from '../roles.ts';
import type { Engine } from '../shell/engine/engine.ts';
import { keepWay, openFarWay } from '../shell/own-container/far-way.ts';
import type { FarWay, KeptWay } from '../shell/own-container/far-way.ts';
import { settle } from '../shell/relay/join.ts';
import type { Reach } from '../shell/relay/join.ts';
import { reachHere } from '../shell/relay/listen-inside.ts';
import { mostHanded, openNearEnd } from '../shell/relay/near-end.ts';
import type { NearEnd, NearEvents } from '../shell/relay/near-end.ts';
import { meet } from '../shell/relay/outer.ts';
import { ownLoop } from '../shell/relay/own-loop.ts';
import { reachByTunnel } from '../shell/relay/reach-by-tunnel.ts';
import { reverseByTunnel } from '../shell/relay/reverse-by-tunnel.ts';
import { takeOver } from '../shell/relay/sockets.ts';
import type { Tunnel } from '../shell/relay/tunnel.ts';
import { say, warn } from '../shell/terminal/say.ts';

/** Of one COMMAND, however often it starts. */
export interface Tunnels {
  /**
   * @param reverses ports of COMMAND's localhost that lead to this machine
   * @returns the plan, for one entry; what is opened is closed with the next, or with netexec
   */
  through(plan: EntryPlan, reverses: readonly Reverse[]): Promise<Result<EntryPlan>>;
  /** The way that is open, once it is again. */
  way(): Promise<FarWay>;
  /** COMMAND has ended: what it has said is given on, and what it was reached by closed. */
  finish(): Promise<void>;
}

export function openTunnels(docker: DockerOptions, call: Call): Tunnels {
  /** Of the start before. */
  let last: OpenTunnel | undefined;
  process.once('exit', () => last?.close());
  return {
    through: (plan, reverses) => {
      last?.close();
      return throughTunnel(plan, docker, call, reverses, (opened) => (last = opened));
    },
    way: () => last?.way() ?? Promise.reject(new Error('no tunnel is open')),
    finish: async () => last?.finish(),
  };
}

type OpenTunnel = Omit<ReturnType<typeof keep>, 'take'>;

async function throughTunnel(
  plan: EntryPlan,
  docker: DockerOptions,
  call: Call,
  reverses: readonly Reverse[],
  take: (opened: OpenTunnel) => void,
): Promise<Result<EntryPlan>> {
  const { tunnel, view, target } = plan;
  if (tunnel === undefined || view?.of !== 'container') throw new Error('the plan is not one of a tunnel');
  const loop = ownLoop(target, { localPorts: [], reverses });
  if (loop !== undefined) return fail(loop);
  const engine = await call.engine(docker, warn);
  if (!engine.ok) return engine;
  const opened = await openFarWay(target, engine.value, call);
  if (!opened.ok) return opened;
  const kept = keep(opened.value, plan, call, engine.value, reverses);
  const meeting = meet(
    (stream) => {
      const handed = takeOver(stream.fd, mostHanded, patience.milliseconds);
      // The stage says what is the matter.
      if (typeof handed !== 'string') kept.take(handed);
    },
    () => {},
  );
  const close = (): void => {
    if (meeting.ok) meeting.value.close();
    kept.close();
  };
  take({ ...kept, close });
  if (!meeting.ok) return meeting;
  const { resolvConf, hosts } = opened.value.far.files();
  return success({
    ...plan,
    tunnel: { ...tunnel, opener: { word: nearWord(), meeting: meeting.value.path } },
    view: {
      ...view,
      resolvConf: { ...view.resolvConf, head: `${view.resolvConf.head}${resolvConf}` },
      hosts: { head: `${view.hosts.head}${hosts}` },
    },
  });
}

const patience = { milliseconds: 2000 };

/** Holds the way open as long as the container runs. */
function keep(first: FarWay, { tunnel, target }: EntryPlan, call: Call, engine: Engine, reverses: readonly Reverse[]) {
  let near: NearEnd | undefined;
  const reversed = reverseByTunnel(reverses, ({ inside }, code) =>
    say(notReversed(inside, target.container.name, code)),
  );
  let listening: Tunnel | undefined;
  const listen = ({ far }: FarWay): void => {
    // Of one that is found before COMMAND's network is there it is done then.
    if (near === undefined || far.tunnel === listening) return;
    listening = far.tunnel;
    near.listen(far.tunnel);
    reversed.listen(far.tunnel);
  };
  const way = keepWay(first, {
    open: () => openFarWay(target, engine, call),
    // The life of the run tells of it.
    ended: () => false,
    found: (found) => {
      say(`${found.name} is reachable again`);
      listen(found);
    },
  });
  const told = tellOf(target);
  return {
    way: way.now,
    take: (handed: readonly number[]): void => {
      near = openNearEnd(handed, tunnel?.addresses ?? [], reachBeside(reverses, way), told);
      way.now().then(
        listen,
        // There is no container to reach any more: who connects is told so.
        () => {},
      );
    },
    finish: async (): Promise<void> => {
      way.leave();
      reversed.finish();
      await settle();
      const finished = way.now().then(({ far }) => far.finish());
      await Promise.race([finished.catch(() => {}), pause(patience.milliseconds)]);
    },
    close: (): void => {
      near?.close();
      way.close();
    },
  };
}

/** Says what others do not reach, once. */
function tellOf({ container, own }: Target): NearEvents {
  const taken = new Set<number>();
  let awaited = own?.ports ?? [];
  return {
    full: () => say(tooMany),
    listening: (sockets) => {
      if (awaited.length === 0) return;
      const seen = reachNotes(awaited, sockets);
      seen.notes.forEach(warn);
      ({ awaited } = seen);
    },
    taken: (port, code) => {
      if (!taken.has(port)) say(notMirrored(port, container.name, code));
      taken.add(port);
    },
    notLed: (port) => say(datagramsNotLed(port)),
  };
}

/** By the tunnel, but for the ports that lead to this machine. */
function reachBeside(reverses: readonly Reverse[], way: KeptWay): Reach {
  const here = reachHere();
  return async (to, givenUp) => {
    const reverse = reverses.find(({ inside }) => to.host === '127.0.0.1' && to.port === inside);
    if (reverse !== undefined) return here(reverse, givenUp);
    return reachByTunnel((await way.now()).far.tunnel)(to, givenUp);
  };
}
