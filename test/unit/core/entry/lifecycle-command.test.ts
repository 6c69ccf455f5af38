// Lives of a run up to the end of COMMAND: its entry, its signals, and what is said of its network.
import { describe } from 'node:test';
import type { Failure } from '../../../../src/core/failure/failure.ts';
import { engineIsAway } from '../../../../src/core/entry/lifecycle.ts';
import type { Event } from '../../../../src/core/entry/lifecycle.ts';
import type { EntryPlan } from '../../../../src/core/entry/plan.ts';
import { denied, events, exits, fails, interrupt, lives, nothing, plans, sent, stops } from './lives.ts';
import type { Happening } from './lives.ts';
import { container, planOf, root } from '../samples.ts';

const { entered, signal } = events;
const late = events['entry-late'];
const dies = events['container-ended'];
const toRunning: Happening = [entered, 'running: watch'];
const goesOn =
  '"shop-web-1 exited with status 137, and its network is gone: COMMAND continues without one (--restart would restart it)"';
const withIt = '"shop-web-1 exited, and COMMAND with it"';
const refused: Failure = { kind: 'engine-refused', request: 'POST', status: 409, message: 'no' };

describe('an entry', () => {
  const step = (title: string, plan: EntryPlan, ...rest: readonly Happening[]): void =>
    lives(title, 'warn', plan, 'starting: enter', toRunning, ...rest);
  step('that says why it fails has said it', plans.own, [stops(125), 'ended 125']);
  step('that fails without a word is a failure', plans.own, [stops(1), 'ended stage-failed']);
  step('that a signal may have ended ends as that', plans.own, [signal, 'running: SIGTERM'], [stops(143), 'ended 143']);
  step(
    'that the terminal has interrupted is a failure',
    plans.own,
    [interrupt, 'running'],
    [stops(1), 'ended stage-failed'],
  );
  step(
    'that comes upon no container has the engine asked',
    plans.own,
    [stops(124), 'asking: ask'],
    [dies, 'ended container-ended'],
  );
  step('of which the engine is asked can be ended', plans.own, [stops(124), 'asking: ask'], [interrupt, 'ended 130']);
  step('that the engine refuses is a failure', plans.engine, [fails(refused, false), 'ended engine-refused']);
  step('that the engine refuses for want of the container has it asked', plans.engine, [
    fails(refused, true),
    'asking: ask',
  ]);
  step('that ends otherwise with the container is its own failure', plans.own, [
    fails(denied, true),
    'ended engine-permission',
  ]);
  step(
    'that takes too long is ended, and told of',
    plans.own,
    [late, 'running: kill'],
    [stops(137), 'ended entry-held-up'],
  );
  step('that asks for a password may take its time', plans.asks, [late, nothing]);
  step('that begins anew by the engine is one', plans.engine, [entered, nothing]);
  step(
    'takes too long, too, when the container is gone',
    plans.own,
    [dies, `container-gone: ${goesOn}`],
    [late, 'container-gone: kill'],
    [stops(137, true), 'ended entry-held-up'],
  );
});

describe('COMMAND', () => {
  const command = (title: string, plan: EntryPlan, ...rest: readonly Happening[]): void =>
    lives(title, 'warn', plan, 'starting: enter', toRunning, ...rest);
  command('has from the terminal what netexec has', plans.own, [interrupt, 'running'], [exits(130), 'ended 130']);
  command('has it from netexec by the engine', plans.engine, [interrupt, 'running: SIGINT to its group']);
  const apart = { ...plans.own, streams: ['nothing', 7, 8] } as const;
  command('has it from netexec where it has no terminal', apart, [interrupt, 'running: SIGINT to its group']);
  command(
    'is sent every signal',
    plans.own,
    [sent('SIGUSR1'), 'running: SIGUSR1'],
    [sent('SIGHUP'), 'running: SIGHUP'],
    [sent('SIGPIPE'), 'running: SIGPIPE'],
  );
  command(
    'goes on when the container has ended',
    plans.own,
    [dies, `container-gone: ${goesOn}`],
    [dies, nothing],
    [exits(0, true), 'ended 0'],
  );
  command("goes on when a place of netexec's own has ended", plans.place, [
    dies,
    `container-gone: ${goesOn.replace(' (--restart would restart it)', '')}`,
  ]);
  lives(
    'that stands in for a service is ended with its place',
    'stop',
    plans.place,
    'starting: enter',
    toRunning,
    [dies, 'container-gone: "shop-web-1 exited with status 137: stopping COMMAND", wait 10000 ms, SIGTERM'],
    [exits(143, true), 'ended 143'],
  );
  command('may end with a status of the stage', plans.own, [exits(124), 'ended 124']);
  command('has ended of the same end as the container', plans.own, [exits(1, true), 'ended 1']);
  command(
    'among the processes of the container ends with it',
    plans.pid,
    [dies, 'container-gone'],
    [exits(137, true), `ended 137: ${withIt}`],
  );
  command('among them may end first', plans.pid, [exits(137, true), `ended 137: ${withIt}`]);
  command('among them may end by itself', plans.pid, [dies, 'container-gone'], [exits(0, true), 'ended 0']);
  command('among them goes on when another has the network', plans.pid, [
    { kind: 'container-ended', container: 'shop-db-1', status: undefined },
    `container-gone: ${goesOn.replace('shop-web-1 exited with status 137', 'shop-db-1 exited')}`,
  ]);
});

describe('a network', () => {
  const changes = (network: string, joined: boolean): Event => ({ ...events['network-changed'], network, joined });
  const seen = (there: boolean): Event => ({ kind: 'engine-seen', there });
  const back = 'running: "the engine is back: service names resolve again"';
  const away = `running: "${engineIsAway}"`;
  const network = (title: string, plan: EntryPlan, ...rest: readonly Happening[]): void =>
    lives(title, 'warn', plan, 'starting: enter', toRunning, ...rest);
  network(
    'is told of once, each',
    plans.own,
    [changes('a', true), nothing],
    [changes('a', false), 'running: "shop-web-1 has left network a"'],
    [changes('a', false), nothing],
    [changes('b', false), 'running: "shop-web-1 has left network b"'],
    [changes('a', true), 'running: "shop-web-1 is on network a again"'],
    [changes('a', true), nothing],
  );
  network(
    'has the engine for its names',
    plans.own,
    [seen(true), nothing],
    [seen(false), away],
    [seen(false), nothing],
    [seen(true), back],
    [seen(true), nothing],
  );
  network('is no matter of the engine with the names of the host', planOf({ resolver: 'host' }, root), [
    seen(false),
    nothing,
  ]);
  const { endpoints } = container;
  const nameless = endpoints.map((endpoint) => ({ ...endpoint, network: 'bridge' }));
  network(
    'that has no names is none',
    planOf({}, root, { endpoints: nameless }),
    [seen(false), nothing],
    [seen(true), nothing],
  );
});

describe("a program of netexec's own", () => {
  const own = (title: string, ...rest: readonly Happening[]): void =>
    lives(title, 'ignore', plans.own, 'starting: enter', [entered, 'running'], ...rest);
  own('sees for itself what happens to the network', [exits(1, true), 'ended 1']);
  own('is not asked for', [stops(124, true), 'ended container-ended']);
});
