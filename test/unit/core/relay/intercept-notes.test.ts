// What is said of who listens, where a port is intercepted.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { idleNote, reachNotes } from '../../../../src/core/relay/intercept-notes.ts';

const intercept = { port: 80, here: 3000 };

/** `ADDRESS PORT`, of UDP with a `/udp` behind it. */
const listening = (...places: readonly string[]) =>
  places.map((place) => {
    const [address = '', port = ''] = place.split(' ');
    const transport = port.endsWith('/udp') ? ('udp' as const) : ('tcp' as const);
    return { address, port: Number.parseInt(port, 10), transport, inode: 1 };
  });

describe("the service's port", () => {
  const rows: readonly (readonly [title: string, places: readonly string[], said: string | undefined])[] = [
    ['is listened on', ['0.0.0.0 80'], undefined],
    ['is listened on by IPv6', [':: 80'], undefined],
    ['is listened on by one address', ['172.20.0.2 80'], undefined],
    ['is another', ['0.0.0.0 8080', ':: 443', ':: 8080'], '; it listens on 443, 8080'],
    ['is on localhost', ['127.0.0.1 80', '::1 80'], ''],
    ['is one of UDP', ['0.0.0.0 80/udp'], ''],
    ['is nobody’s', [], ''],
  ];
  for (const [title, places, said] of rows) {
    test(title, () => {
      const expected = `nothing listens on port 80 of web${said}: use the port inside the container with --intercept`;
      assert.equal(idleNote([intercept], listening(...places), 'web'), said === undefined ? undefined : expected);
    });
  }
});

test("several of the service's ports must be said at once", () => {
  const many = Array.from({ length: 7 }, (_, index) => ({ port: 81 + index, here: 3000 }));
  assert.equal(
    idleNote([intercept, ...many], listening('0.0.0.0 80'), 'web'),
    'nothing listens on ports 81, 82, 83, 84, 85, … of web; it listens on 80: use the port inside the container with --intercept',
  );
});

describe("COMMAND's port", () => {
  const rows: readonly (readonly [title: string, places: readonly string[], said: boolean | undefined])[] = [
    ['is not there yet', ['0.0.0.0 80'], undefined],
    ['is there', ['0.0.0.0 3000'], false],
    ['is there, and on localhost', ['127.0.0.1 3000', '172.20.0.2 3000'], false],
    ['is on localhost alone', ['127.0.0.1 3000', '0.0.0.0 80'], true],
    ['is on localhost of both kinds', ['127.0.0.1 3000', '::1 3000'], true],
    ['is one of UDP', ['0.0.0.0 3000/udp'], undefined],
  ];
  for (const [title, places, said] of rows) {
    test(title, () => {
      const { notes, awaited } = reachNotes([intercept.here], listening(...places));
      assert.deepEqual([notes.length, awaited.length], said === undefined ? [0, 1] : [said ? 1 : 0, 0]);
    });
  }
});
