// Lives of a run with --restart: when COMMAND starts again, and when it does not.
import { describe } from 'node:test';
import type { Failure } from '../../../../src/core/failure/failure.ts';
import type { EntryPlan } from '../../../../src/core/entry/plan.ts';
import {
  denied,
  events,
  exits,
  interrupt,
  lives,
  nothing,
  plans,
  prepared,
  restarting,
  sent,
  stops,
  unknown,
} from './lives.ts';
import type { Happening } from './lives.ts';

const { entered, signal } = events;
const dies = events['container-ended'];
const waited = events['time-is-up'];
const toRunning: Happening = [entered, 'running: watch'];
const ends =
  'container-gone: "shop-web-1 exited with status 137: stopping COMMAND, to restart it with the container", wait 10000 ms, SIGTERM';
const toGone: readonly Happening[] = [toRunning, [dies, ends]];
const toWaiting = 'waiting: "waiting for web", prepare';
const stopped: Failure = {
  kind: 'service-not-running',
  project: 'shop',
  service: 'web',
  containers: [{ name: 'shop-web-1', state: 'exited', status: 'Exited (3)' }],
};
const again = 'starting: "shop-web-1 is running again: restarting COMMAND", enter again';

describe('--restart', () => {
  const run = (title: string, plan: EntryPlan, ...rest: readonly Happening[]): void =>
    lives(title, 'restart', plan, 'starting: enter', ...rest);
  run(
    'starts COMMAND again when the container is back',
    plans.own,
    ...toGone,
    [exits(143, true), toWaiting],
    [prepared(unknown), 'waiting: wait 500 ms'],
    [waited, 'waiting: prepare'],
    [prepared(plans.own), again],
    toRunning,
    [exits(0), 'ended 0'],
  );
  run(
    'kills a COMMAND that does not end',
    plans.own,
    ...toGone,
    [waited, 'container-gone: SIGKILL'],
    [exits(137, true), toWaiting],
  );
  run(
    'starts one again that ended with the container',
    plans.pid,
    toRunning,
    [dies, 'container-gone'],
    [exits(137, true), 'waiting: "shop-web-1 exited, and COMMAND with it", "waiting for web", prepare'],
  );
  run('starts one again that ended of it first', plans.own, toRunning, [exits(1, true), toWaiting]);
  run('ends with COMMAND', plans.own, toRunning, [exits(3), 'ended 3']);
  run(
    'waits for a container that ended while it was entered',
    plans.own,
    toRunning,
    [stops(124), 'asking: ask'],
    [dies, toWaiting],
  );
  run(
    'does not, where netexec was asked to end',
    plans.own,
    toRunning,
    [signal, 'running: SIGTERM'],
    [stops(124), 'asking: ask'],
    [dies, 'ended container-ended'],
  );
  run(
    'heeds a SIGTERM of before the end',
    plans.own,
    toRunning,
    [signal, 'running: SIGTERM'],
    [interrupt, 'running'],
    [dies, ends],
    [exits(9, true), 'ended 9'],
  );
  run(
    'heeds one that is seen with the end',
    plans.own,
    toRunning,
    [signal, 'running: SIGTERM'],
    [exits(143, true), 'ended 143'],
  );
  run(
    'forgets a Ctrl-C of before the end',
    plans.own,
    toRunning,
    [interrupt, 'running'],
    [dies, ends],
    [exits(143, true), toWaiting],
  );
  run('forgets one that is seen with it', plans.own, toRunning, [interrupt, 'running'], [exits(130, true), toWaiting]);
  run('heeds a Ctrl-C behind it', plans.own, ...toGone, [interrupt, 'container-gone'], [exits(130, true), 'ended 130']);
  run(
    'ends when what it waits for cannot be',
    plans.own,
    ...toGone,
    [exits(0, true), toWaiting],
    [prepared(denied), 'ended engine-permission'],
  );
  run(
    'does not wait for what netexec takes too long to enter',
    plans.own,
    toRunning,
    [events['entry-late'], 'running: kill'],
    [stops(137), 'ended entry-held-up'],
  );
  run(
    'is no matter of signals that end nothing',
    plans.own,
    [sent('SIGUSR1'), nothing],
    ...toGone,
    [exits(0, true), toWaiting],
    [sent('SIGUSR1'), nothing],
  );

  const looks = 'waiting: wait 500 ms';
  const target = { ...plans.own.target, lost: { said: 'web has lost it', cure: 'docker restart web' } };
  const lost = prepared({ ...plans.own, target });
  const looksNineTimes = Array.from({ length: 9 }, (): readonly Happening[] => [
    [lost, looks],
    [waited, 'waiting: prepare'],
  ]).flat();
  run(
    'says what is to be done where the shared network stays lost',
    plans.own,
    ...toGone,
    [exits(0, true), toWaiting],
    ...looksNineTimes,
    [lost, 'waiting: "web has lost it (docker restart web)", wait 500 ms'],
    [waited, 'waiting: prepare'],
    [lost, looks],
  );

  const pause = 'waiting: "waiting for web, which keeps restarting (status 3, 7 times)", prepare';
  lives(
    'waits in the pause between two starts',
    'restart',
    restarting,
    pause,
    [prepared(restarting), looks],
    [waited, 'waiting: prepare'],
    [prepared(plans.own), 'starting: "shop-web-1 is running: starting COMMAND", enter'],
  );
  lives(
    'waits by the name of a container',
    'restart',
    { kind: 'container-not-running', container: 'c', state: 'restarting', exitCode: 3 },
    'waiting: "waiting for c, which keeps restarting", prepare',
    [sent('SIGHUP'), 'ended 129'],
  );
  lives('does not wait for one that was stopped', 'restart', stopped, 'ended service-not-running');
  lives('does not wait where it is not asked for', 'warn', restarting, 'ended service-not-running');
});

describe('a relay', () => {
  const its = (told: string): string =>
    `container-gone: "shop-web-1 exited with status 137${told}", wait 10000 ms, SIGTERM`;
  const nowhere = its(': closing its ports (with --restart they would stay open)');
  const alone = (title: string, ...rest: readonly Happening[]): void =>
    lives(title, 'end', plans.own, 'starting: enter', toRunning, ...rest);
  alone('ends with the container', [dies, nowhere], [exits(143, true), 'ended 125']);
  alone(
    'that is asked to end has ended by that',
    [dies, nowhere],
    [interrupt, 'container-gone'],
    [exits(130, true), 'ended 130'],
  );
  alone('that ends by itself has its own status', [exits(137), 'ended 137']);
  lives(
    'with --restart leads to the container again',
    'wait',
    plans.own,
    'starting: enter',
    toRunning,
    [dies, its(': its ports stay open and wait for it')],
    [exits(143, true), toWaiting],
    [prepared(plans.own), 'starting: "shop-web-1 is running again: forwarding its ports", enter again'],
    [signal, 'ended 143'],
  );
});
