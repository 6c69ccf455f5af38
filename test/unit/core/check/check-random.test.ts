// Whatever a server says, a table holds or a user types: --check makes something of it, and does not end by it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { parseCheckedEndpoint, protocols } from '../../../../src/core/check/checked-endpoint.ts';
import { decide } from '../../../../src/core/check/check-verdict.ts';
import { verdictText } from '../../../../src/core/check/check-text.ts';
import { droppingRules } from '../../../../src/core/check/firewall-rules.ts';
import { understand } from '../../../../src/core/check/server-words.ts';
import { listeningSockets } from '../../../../src/core/check/socket-tables.ts';
import { connected, endpoint, facts, pong, resolved, secured } from './check-samples.ts';
import { unpainted } from '../samples.ts';

/** Beginnings of real answers, and anything behind them. */
const beginnings = [
  [],
  [0, 0, 0, 30, 0, 0, 0, 1],
  [82, 0, 0, 0],
  [69, 0, 0, 0, 40],
  [9, 0, 0, 0, 10],
  [0, 1, 0, 0, 255],
];
const answers = fc
  .tuple(fc.constantFrom(...beginnings), fc.uint8Array({ maxLength: 80 }))
  .map(([first, rest]) => Buffer.concat([Buffer.from(first), Buffer.from(rest)]));

test('every answer must be understood, or be waited for, and be said in one line', () => {
  fc.assert(
    fc.property(fc.constantFrom(...protocols), answers, fc.boolean(), (protocol, bytes, ended) => {
      const words = understand(protocol, bytes, ended);
      if (words === undefined) return;
      const text = verdictText(
        decide(facts({ endpoint: endpoint('redis:1'), words: { ...pong, ...words, advertised: [] } })),
        unpainted,
      );
      for (const line of text.split('\n')) assert.doesNotMatch(line, /\p{Cc}/u);
    }),
    { numRuns: 3000 },
  );
});

test('every endpoint that is read must have a host and a port that there may be', () => {
  const word = fc.stringMatching(/^[a-z0-9:/@.[\]#?_-]{0,24}$/);
  fc.assert(
    fc.property(fc.oneof(word, fc.string()), (text) => {
      const read = parseCheckedEndpoint(text);
      if (read === undefined) return;
      assert.match(read.host, /^[A-Za-z0-9_.:%-]+$/);
      assert.ok(read.port === undefined || (read.port > 0 && read.port < 65_536));
      assert.ok(read.path.startsWith('/'));
    }),
    { numRuns: 3000 },
  );
});

test('every table and every list of rules must be read', () => {
  const line = fc.stringMatching(/^ *[0-9A-F: ]{0,90}$/);
  fc.assert(
    fc.property(fc.array(fc.oneof(line, fc.string())), (lines) => {
      const text = lines.join('\n');
      for (const { port } of listeningSockets({ tcp: text, tcp6: text, udp: text, udp6: text }))
        assert.ok(port < 65_536);
      droppingRules(`${text}\ndrop\n-j DROP`, 'here', ['10.0.0.1'], 80);
    }),
  );
});

test('whatever error there is, there must be a verdict with one cause at most', () => {
  const code = fc.oneof(
    fc.constantFrom(null, 'TIMEOUT', 'ECONNREFUSED', 'ENETUNREACH', 'EHOSTUNREACH', 'CLOSED'),
    fc.string(),
  );
  const answer = fc.record({ addresses: fc.array(fc.constantFrom('172.20.0.3', '::1', '10.0.0.9')), error: code });
  fc.assert(
    fc.property(answer, answer, code, code, code, (dns, program, connection, tls, words) => {
      const { steps, cause } = decide(
        facts({
          names: { ...resolved, ipv4: dns, ipv6: dns, program },
          connections: program.addresses.map((address) => ({ ...connected, address, error: connection })),
          tls: { ...secured, error: tls },
          words: { ...pong, said: null, error: words },
        }),
      );
      const marks = steps.map(({ mark }) => mark);
      assert.equal(marks.filter((mark) => mark === 'bad').length, cause === undefined ? 0 : 1);
      assert.ok(cause === undefined || marks.at(-1) === 'bad');
    }),
  );
});
