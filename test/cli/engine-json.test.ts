// Engines whose JSON is deep, or in no encoding: its first field is refused, by name.
import { recordingWith } from '../recordings.ts';
import { fakeEngine } from '../fake-engine.ts';
import { usePlugin } from './place.ts';
import type { Place } from './place.ts';
import { refusals } from './refusals.ts';

const many = 1_000_000;
const head = Buffer.from('HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n');

const rows: readonly (readonly [name: string, body: string | Buffer, problem: string])[] = [
  ['a million arrays within each other', `[${'['.repeat(many)}${']'.repeat(many)}]`, '0: expected object'],
  ['a million objects within each other', `[${'{"a":'.repeat(many)}1${'}'.repeat(many)}]`, '0.Id: expected string'],
  ['no UTF-8', Buffer.from('[{"Id":"\xff\xfe"}]', 'latin1'), '0.Id: invalid format'],
];

refusals(
  usePlugin(),
  'an engine that sends',
  rows.map(([name, body, problem]) => ({
    name,
    words: ['-p', 'shop', 'web', 'true'],
    prepare: async (place: Place) => {
      const bytes = Buffer.concat([head, Buffer.from(body)]);
      const fake = await fakeEngine(recordingWith(), place.socket, { reply: () => ({ bytes }) });
      place.cleanUp(() => fake.close());
    },
    says: [
      `netexec: unexpected response from the engine to GET /containers/json: ${problem}`,
      'hint: is a Docker engine listening there? Try docker version',
    ],
  })),
);
