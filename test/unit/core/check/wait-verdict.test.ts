// --wait: when COMMAND may start, and what is said until then.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { awaited, waitOver, waitText } from '../../../../src/core/check/wait-verdict.ts';
import { decide } from '../../../../src/core/check/check-verdict.ts';
import type { Candidate } from '../../../../src/core/check/check-facts.ts';
import { facts, failing, known, redis } from './check-samples.ts';

const endpoint = 'redis:6379';
const openWith = (given: Partial<Candidate>): ReturnType<typeof awaited> => {
  const name = { ...known, candidates: [{ ...redis, ...given }] };
  return awaited(decide(facts({ name })), name);
};

describe('COMMAND may start', () => {
  for (const health of [undefined, 'healthy'])
    test(`where it connects, and its health is ${health}`, () => assert.equal(openWith({ health }), undefined));
  test('whatever is said of a container that does not answer to the name', () =>
    assert.equal(openWith({ health: 'unhealthy', container: 'other-redis-1' }), undefined));
});

describe('COMMAND has to wait', () => {
  test('where it does not connect, for the cause that --check gives', () => {
    const open = failing('ECONNREFUSED', []);
    const { cause } = decide(open);
    assert.ok(cause !== undefined);
    assert.deepEqual(awaited(decide(open), open.name), { endpoint, what: cause.what, hint: cause.hint });
  });
  for (const [health, what] of [
    ['starting', 'it connects, but redis is not healthy yet'],
    ['unhealthy', 'it connects, but redis is unhealthy'],
  ] as const)
    test(`where the healthcheck says ${health}`, () => {
      assert.equal(openWith({ health })?.what, what);
      assert.match(openWith({ health })?.hint ?? '', /docker inspect -f '\{\{json .State.Health\}\}' \S+$/);
    });
});

test('a line says what is waited for, each once, how long, and why', () => {
  const open = ['db:5432', 'redis:6379', 'db:5432'].map((each) => ({
    endpoint: each,
    what: 'it sleeps',
    hint: undefined,
  }));
  assert.equal(waitText(open, 60), 'waiting for db:5432, redis:6379, at most 60 s: it sleeps');
});

test('the line says which name was meant', () => {
  const open = [{ endpoint: 'postgress:5432', what: 'there is no such name', hint: 'did you mean postgres?' }];
  assert.match(waitText(open, 60), /: there is no such name; did you mean postgres\?$/);
});

test('where the cause has no hint, it is the line that shows each step', () => {
  const awaitedOne = { endpoint, what: 'it sleeps', hint: undefined };
  const hint = 'see each step: docker netexec --check web redis:6379';
  const expected = { kind: 'wait-over', endpoint, seconds: 5, what: 'it sleeps', hint };
  assert.deepEqual(waitOver(awaitedOne, 5, 'docker netexec --check web redis:6379'), expected);
});
