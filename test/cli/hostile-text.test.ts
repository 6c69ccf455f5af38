// Hostile text in every field of the engine's answers: nothing that netexec prints or writes may steer a terminal, turn
// around or hide what is read, or have a line that is another's.
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, test } from 'node:test';
import type { TestContext } from 'node:test';
import * as fc from 'fast-check';
import { printable } from '../../src/core/text/printable.ts';
import { fakeEngine } from '../fake-engine.ts';
import { recordingWith } from '../recordings.ts';
import type { Recording } from '../recordings.ts';
import { unsafePieces, unsafeSigns, unsafeText } from '../unsafe-text.ts';
import { idOf, startContainer } from './fake-container.ts';
import { isRoot, makePlace, run, usePlugin } from './place.ts';
import type { Outcome, Place } from './place.ts';

const plugin = usePlugin();

/** By these netexec finds its way; states and numbers are the engine's own words. */
const kept =
  /^(Id|ID|NetworkID|State|State Status|NetworkMode|com\.docker\.compose\.(project|oneoff|container-number))$/;

/** These are words of calls below; a word of a call has no NUL, and no half of a character. */
const typed = /^(com\.docker\.compose\.service|Name)$/;
const sayable = (text: string): string => text.replaceAll(/[\0\p{Cs}]/gu, '');

/** The same with this text behind every text in it, and behind the names of networks. */
function bend(json: unknown, text: string, key = ''): unknown {
  if (typeof json === 'string') return kept.test(key) ? json : `${json}${typed.test(key) ? sayable(text) : text}`;
  if (Array.isArray(json)) return json.map((each) => bend(each, text, key));
  if (typeof json !== 'object' || json === null) return json;
  const entries = Object.entries(json).map(([name, value]): [string, unknown] => [
    key === 'Networks' ? `${name}${sayable(text)}` : name,
    bend(value, text, key === 'State' ? `State ${name}` : name),
  ]);
  return Object.fromEntries(entries);
}

const bent = (recording: Recording, text: string): Recording => bend(recording, text) as Recording;

async function at(context: TestContext | { after(step: () => unknown): void }, recording: Recording): Promise<Place> {
  const place = makePlace(context as TestContext);
  place.env['XDG_RUNTIME_DIR'] = dirname(place.write('runtime/.keep', ''));
  const fake = await fakeEngine(recording, place.socket);
  place.cleanUp(() => fake.close());
  return place;
}

/** @param service as the engine has it */
const calls = (service: string): readonly (readonly string[])[] => [
  ['--list-networks'],
  ['--list-networks', '-q'],
  ['--list-networks', '--no-trunc'],
  ['--list-networks', '--format', 'json'],
  ['--list-networks', '--format', 'mermaid'],
  ['--list-networks', '--format', 'dot'],
  ['--list-networks', '--format', '{{.Network}} {{join .Services ","}} {{json .}}'],
  ['--list-names'],
  ['--list-names', service],
  ['--list-names', '--format', 'json'],
  ['--hostaliases'],
  ['--hostaliases', 'none'],
  ['--check', service],
  ['--check', service, `${service}:80`, `nobody${service}:80`],
  ['--dry-run', service, 'true'],
  ['--dry-run', '--network', `shop_backend${service.replace(/^web/, '')}`, service, 'true'],
  ['--dry-run', '--service-env', service, 'true'],
  ['--dry-run', '--index', '9', service, 'true'],
  [`${service}x`, 'true'],
  [],
  ['--doctor'],
  ['--doctor', '--format', 'json'],
];

/** @returns what each call prints */
async function printed(
  context: TestContext | { after(step: () => unknown): void },
  text: string,
): Promise<readonly Outcome[]> {
  // Its processes are none of this machine's, but for one that is.
  const pids = { 'shop-web-1': process.pid };
  const place = await at(context, bent(recordingWith({ pids }), text));
  const outcomes: Outcome[] = [];
  for (const words of calls(`web${sayable(text)}`)) {
    const of = words[0]?.startsWith('--doctor') === true ? [] : ['-p', 'shop'];
    outcomes.push(await run(place, [plugin.file, 'netexec', ...of, ...words]));
  }
  for (const file of readdirSync(join(place.folder, 'runtime'), { recursive: true, encoding: 'utf8' }))
    if (file.endsWith('.hostaliases'))
      outcomes.push({ status: 0, stdout: readFileSync(join(place.folder, 'runtime', file), 'utf8'), stderr: '' });
  return outcomes;
}

function assertHarmless({ status, stdout, stderr }: Outcome): void {
  assert.ok([0, 1, 125].includes(status ?? -1), `${status}: ${stderr}`);
  assert.doesNotMatch(stderr, /bug of netexec/);
  for (const line of `${stdout}${stderr}`.split('\n')) assert.doesNotMatch(line, unsafeSigns, JSON.stringify(line));
  for (const line of stderr.split('\n').slice(0, -1)) assert.match(line, /^(netexec|hint): /);
}

describe(
  'what every call prints must be harmless, and as many lines as if there were no hostile text',
  { concurrency: 2 },
  () => {
    const all = unsafePieces.join('');
    const long = 'x'.repeat(5000);
    const few = fc.sample(unsafeText, { seed: 7, numRuns: 1 });
    for (const text of [all, long, '\n', ...few]) {
      test(printable(text).slice(0, 60), async (context) => {
        const outcomes = await printed(context, text);
        for (const outcome of outcomes) assertHarmless(outcome);
      });
    }
  },
);

/** Of --dry-run: that a network's name cannot be searched, say. */
const warning = /^warning /;

test('tables, drawings and JSON must have no line more', async (context) => {
  const [plain, hostile] = [await printed(context, '-'), await printed(context, '\n\u2028\u0085\r')];
  const lines = (outcomes: readonly Outcome[]): readonly number[] =>
    outcomes.slice(0, 16).map(({ stdout }) => stdout.split('\n').filter((line) => !warning.test(line)).length);
  // Of names that no program can look up there may be less to list.
  const usual = lines(plain);
  assert.deepEqual(
    lines(hostile).filter((count, index) => count > (usual[index] ?? 0)),
    [],
  );
});

test('what COMMAND is given must be harmless', { skip: !isRoot && 'needs root' }, async (context) => {
  const text = `${unsafePieces.join('')}\nnameserver 192.0.2.1`;
  const place = makePlace(context);
  place.env['XDG_RUNTIME_DIR'] = dirname(place.write('runtime/.keep', ''));
  const pid = await startContainer(place, idOf('shop-web-1'));
  const fake = await fakeEngine(bent(recordingWith({ pids: { 'shop-web-1': pid } }), text), place.socket);
  place.cleanUp(() => fake.close());
  const service = `web${sayable(text)}`;
  const script = 'env | grep ^NETEXEC_; cat /etc/resolv.conf /etc/hosts /etc/nsswitch.conf "$HOSTALIASES"';
  const words = ['-p', 'shop', '--network', `backend${service.slice(3)}`, service, 'sh', '-c', script];
  const outcome = await run(place, [plugin.file, 'netexec', ...words]);
  // Between an address and a name stands a tab.
  assertHarmless({ ...outcome, stdout: outcome.stdout.replace(/^127\.0\.1\.1\t/m, '') });
  assert.doesNotMatch(outcome.stdout, /^(nameserver|search)/m);
  assert.match(outcome.stderr, /^netexec: warning: --network cannot pin names: /);
});
