// A connection to --proxy: what is said to whom, by SOCKS5 and HTTP, however the bytes come, and whatever they are.
import assert from 'node:assert/strict';
import { describe, mock, test } from 'node:test';
import * as fc from 'fast-check';
import { begin, ended, failed, hear, reached } from '../../../../src/core/relay/proxy-dialogue.ts';
import type { DialogueState, DialogueStep } from '../../../../src/core/relay/proxy-dialogue.ts';
import type { Side } from '../../../../src/core/relay/joined-streams.ts';
import { httpRows } from './proxy-http-rows.ts';
import { accepted, hello, reply, socksRows, web80 } from './proxy-rows.ts';
import type { Happening } from './proxy-rows.ts';

interface Heard {
  readonly client: string;
  readonly server: string;
  readonly asked: string;
  readonly state: DialogueState['kind'];
}

/** All that comes of it. @param pieces how bytes are divided */
function life(happenings: readonly Happening[], pieces = (text: string): readonly string[] => [text]): Heard {
  let state = begin;
  const heard = { client: '', server: '', asked: '' };
  const take = (step: DialogueStep): void => {
    assert.ok(state.kind !== 'over' || step.state.kind === 'over', 'over is over');
    state = step.state;
    heard.client += step.toClient?.toString('latin1') ?? '';
    heard.server += step.toServer?.toString('latin1') ?? '';
    if (step.connect !== undefined) heard.asked += `${step.connect.host} ${step.connect.port}`;
  };
  for (const each of happenings) {
    if (each === 'reached') take(reached(state));
    else if (each === 'client ended' || each === 'server ended')
      take(ended(state, each === 'client ended' ? 'client' : 'server'));
    else if ('error' in each) take(failed(state, each.error));
    else for (const piece of pieces(each[1])) take(hear(state, each[0], Buffer.from(piece, 'latin1')));
  }
  return { ...heard, state: state.kind };
}

const rows = { ...socksRows, ...httpRows };

describe('what is said to whom', () => {
  for (const [title, { happens, client = '', server = '', asked = '', state = 'over' }] of Object.entries(rows)) {
    test(title, () => assert.deepEqual(life(happens), { client, server, asked, state }));
  }
});

test('a cause is told by a code of SOCKS', () => {
  const codes = {
    EADDRNOTAVAIL: 3,
    ECONNREFUSED: 5,
    EHOSTUNREACH: 4,
    ENETUNREACH: 3,
    ETIMEDOUT: 4,
    ENOTFOUND: 4,
    EMFILE: 1,
  };
  for (const [error, code] of Object.entries(codes))
    assert.equal(life([['client', hello + web80], { error }]).client, accepted + reply(code), error);
});

test('however bytes are divided, the same is said', () => {
  for (const [title, { happens }] of Object.entries(rows)) {
    // What is passed on before a fault is seen is another matter.
    if (title === 'a head without end' || title === 'chunks that are none') continue;
    const whole = life(happens);
    assert.deepEqual(
      life(happens, (text) => text.split('')),
      whole,
      title,
    );
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 400 }), (at) => {
        assert.deepEqual(
          life(happens, (text) => [text.slice(0, at), text.slice(at)]),
          whole,
          title,
        );
      }),
      { numRuns: 40 },
    );
  }
});

test('whatever comes, it neither fails, nor asks twice, nor keeps more than a head', () => {
  const piece = fc.oneof(
    fc.constantFrom(
      hello,
      web80,
      'GET ',
      'CONNECT ',
      'http://web',
      ':80',
      '/',
      ' HTTP/1.1',
      '\r\n',
      '\n',
      '\r\n\r\n',
      'Host: a',
      '0',
      ':',
      'chunked',
    ),
    fc.constantFrom(
      'Connection: Upgrade',
      'Upgrade: a',
      'Content-Length: 5',
      'Transfer-Encoding: chunked',
      'HTTP/1.1 200 ',
      'HTTP/1.1 101 ',
    ),
    fc.string({ unit: 'binary-ascii' }),
    fc.constant('a'.repeat(40_000)),
  );
  const happening: fc.Arbitrary<Happening> = fc.oneof(
    { weight: 6, arbitrary: fc.tuple(fc.constantFrom<Side>('client', 'server'), piece) },
    fc.constantFrom<Happening>('reached', 'client ended', 'server ended', { error: 'ECONNREFUSED' }),
  );
  fc.assert(
    fc.property(fc.array(happening, { maxLength: 30 }), (happenings) => {
      const { asked, client, server } = life(happenings);
      assert.match(asked, /^([\w.:-]+ \d+)?$/);
      const said = happenings.flatMap((each) => (Array.isArray(each) ? [each[1].length] : []));
      const most = said.reduce((sum, each) => sum + each, 0) + 400 * (1 + happenings.length);
      assert.ok(client.length <= most && server.length <= most);
    }),
    { numRuns: 3000 },
  );
});

test('as many interim answers as a server likes are passed on, and copied no more than a few times', () => {
  const interim = 'HTTP/1.1 103\n\n'.repeat(2000);
  const concat = mock.method(Buffer, 'concat');
  try {
    const asked: Happening = ['client', 'GET http://web/ HTTP/1.1\r\n\r\n'];
    const { client } = life([asked, 'reached', ['server', `${interim}HTTP/1.1 200 OK\r\n\r\n`]]);
    assert.equal(client, `${interim}HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n`);
    const copied = concat.mock.calls.reduce((sum, { result }) => sum + (result?.length ?? 0), 0);
    assert.ok(copied < 10 * interim.length, `${copied} bytes are copied`);
  } finally {
    concat.mock.restore();
  }
});

test('a long head is read at once, whatever it is made of', () => {
  // In a way that takes a square of its length it would take minutes.
  const blanks = `GET http://web/ HTTP/1.1\r\na:${' '.repeat(65_000)}\rx\r\n\r\n`;
  for (let time = 0; time < 60; time += 1) assert.equal(life([['client', blanks]]).state, 'over');
});
