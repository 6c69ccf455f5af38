// From what was seen to the cause and the hint.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import type { Candidate, EndpointFacts } from '../../../../src/core/check/check-facts.ts';
import { causeKinds, decide } from '../../../../src/core/check/check-verdict.ts';
import { machineRows } from './check-rows-machine.ts';
import { serverRows } from './check-rows-server.ts';
import { nameRows } from './check-rows-name.ts';
import { swarmFine, swarmRows } from './check-rows-swarm.ts';
import { stateRows } from './check-rows-state.ts';
import { wayRows } from './check-rows-way.ts';
import {
  asker,
  connected,
  endpoint,
  facts,
  front,
  known,
  listens,
  nameless,
  pong,
  redis,
  secured,
  words,
} from './check-samples.ts';

const rows = [...nameRows, ...wayRows, ...serverRows, ...machineRows, ...stateRows, ...swarmRows];
const api = { endpoint: endpoint('https://api:8443'), words: { ...pong, said: 'HTTP/1.1 200 OK' } };

describe('the cause must be named for', () => {
  for (const [situation, kind, seen, what, hint] of rows) {
    test(situation, () => {
      const { steps, cause } = decide(seen);
      assert.equal(cause?.kind, kind);
      assert.match(cause.what, what);
      assert.match([cause.hint ?? '', cause.instead ?? []].flat().join('\nor: '), hint);
      // The cause ends it: before it nothing is wrong, and after it comes nothing.
      assert.deepEqual(
        steps.map(({ mark }) => mark === 'bad'),
        steps.map((_, index) => index === steps.length - 1),
      );
    });
  }
});

test('every kind of cause must have a row', () => {
  assert.deepEqual([...new Set(rows.map(([, kind]) => kind))].toSorted(), causeKinds.toSorted());
});

describe('nothing must be found wrong with', () => {
  const fine: readonly (readonly [situation: string, seen: EndpointFacts])[] = [
    ['an endpoint that connects', facts()],
    ...swarmFine,
    ['a name outside that resolves', facts({ name: nameless, endpoint: endpoint('example.org:80') })],
    ['a server behind another that does not answer', words({ said: 'HTTP/1.1 502 Bad Gateway' }, 'http://redis')],
    ['a server that waits for its client', words({ said: null, error: 'TIMEOUT' }, 'redis:7000')],
    ['another protocol than is usual on the port', words({ said: '"hello"', trouble: 'other' }, 'redis:8080')],
    [
      'one address of two that connects',
      facts({
        connections: [{ ...connected, address: 'fd00::3', error: 'ECONNREFUSED' }, connected],
        name: {
          ...known,
          candidates: [{ ...redis, networks: [{ ...front('172.20.0.3'), addresses: ['172.20.0.3', 'fd00::3'] }] }],
        },
      }),
    ],
    [
      'a certificate of an authority of its own',
      facts({ ...api, tls: { ...secured, untrusted: 'SELF_SIGNED_CERT_IN_CHAIN' } }),
    ],
    ['Kafka that sends its clients to its own name', words({ advertised: ['kafka:9092'] }, 'kafka:9092')],
    [
      'a server of which nothing is known but that it connects',
      facts({ name: { ...known, candidates: [{ ...redis, listeners: undefined }] } }),
    ],
  ];
  for (const [situation, seen] of fine) test(situation, () => assert.equal(decide(seen).cause, undefined));
});

test('a neighbour that listens on the port must be named, to whoever took localhost for it', () => {
  const refused = { ...connected, address: '127.0.0.1', error: 'ECONNREFUSED' };
  const name = { ...known, candidates: [{ ...redis, listeners: [] }] };
  const seen = facts({
    endpoint: endpoint('localhost:5432'),
    connections: [refused],
    otherListeners: ['postgres'],
    name,
  });
  assert.equal(
    decide(seen).cause?.hint,
    'localhost is web itself; to reach another service, use its name: postgres:5432',
  );
});

describe('the other localhost must be told of, where that may be meant', () => {
  const web: Candidate = { ...redis, container: 'shop-web-1', service: 'web', networks: [front('172.20.0.2')] };
  const local = { ...connected, address: '127.0.0.1' };
  const refused = { ...local, error: 'ECONNREFUSED' };
  const asked = (own: Partial<Candidate>, given: Partial<EndpointFacts> = {}): EndpointFacts =>
    facts({
      endpoint: endpoint('localhost:6379'),
      connections: [local],
      name: { ...nameless, candidates: [{ ...web, ...own }] },
      ...given,
    });
  const lost = asked({ listeners: [] }, { connections: [refused], isServedHere: true });
  const published = [{ inside: 6379, outside: 16_379 }];
  const ways: readonly (readonly [situation: string, seen: EndpointFacts, told: string | undefined])[] = [
    ['one that connects', asked({}), 'to reach it from this machine: docker netexec -p shop --forward 6379 web'],
    ['one that is published', asked({ published }), undefined],
    ["this machine's own network", asked({ networks: [{ ...front('172.20.0.2'), network: 'host' }] }), undefined],
    ['a name that connects', facts(), undefined],
    ['a server of this machine', lost, "reach this machine's localhost: docker netexec -p shop --reverse 6379 web"],
    ['a server of this machine, and one of a service', { ...lost, otherListeners: ['redis'] }, undefined],
    ['a server of nobody', { ...lost, isServedHere: false }, undefined],
    [
      'a server of this machine, and others inside',
      asked({ listeners: [listens('0.0.0.0', 80)] }, { connections: [refused], isServedHere: true }),
      "reach this machine's localhost: docker netexec -p shop --reverse 6379 web",
    ],
    [
      'a container without a service',
      { ...lost, asker: { ...asker, compose: undefined } },
      "reach this machine's localhost: docker netexec --container --reverse 6379 shop-web-1",
    ],
  ];
  for (const [situation, seen, told] of ways) {
    test(situation, () => {
      const { cause, further } = decide(seen);
      assert.equal(cause === undefined ? further : cause.instead, told);
    });
  }
});

test('of two containers with one name, the one that does not answer must be told', () => {
  const second = { ...redis, container: 'shop-redis-2', networks: [front('172.20.0.4')], listeners: [] };
  const refused = { ...connected, address: '172.20.0.4', error: 'ECONNREFUSED' };
  const { cause } = decide(
    facts({ name: { ...known, candidates: [redis, second] }, connections: [connected, refused] }),
  );
  assert.deepEqual(
    [cause?.kind, cause?.hint],
    ['nothing-listens', 'has its server exited, or not started yet? See docker logs --tail 20 shop-redis-2'],
  );
});

test('every kind of cause must stand in the page on --check, and no other', () => {
  const page = readFileSync(join(import.meta.dirname, '../../../../docs/check.md'), 'utf8');
  const named = /`Cause`\s+is\s+one\s+of\s+([^.]+)\./.exec(page)?.[1]?.match(/[a-z0-9-]+/g);
  assert.deepEqual(named?.toSorted(), causeKinds.toSorted());
});
