// Which failures of connections are said, and how often; and of which names before anyone connects.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nothingTyped } from '../../../../src/core/compose/compose-line.ts';
import { describeNameless } from '../../../../src/core/relay/local-port-line.ts';
import { sayFailure } from '../../../../src/core/relay/local-port-text.ts';
import type { Forward, LocalPort } from '../../../../src/core/relay/local-ports.ts';
import { container, joined, listed, targetOf } from '../samples.ts';

const forward: Forward = { kind: 'forward', address: undefined, local: 5432, host: 'postgres', port: 5432 };
const localPorts: readonly LocalPort[] = [forward, { kind: 'proxy', address: undefined, local: 1080 }];

test('where a --forward leads it is said always, and of a proxy no more than twenty times', () => {
  let asked = 0;
  const say = (port: number): readonly string[] => {
    const said = sayFailure(localPorts, asked, { host: 'postgres', port }, `line ${port}`);
    ({ asked } = said);
    return said.lines;
  };
  for (let port = 1; port < 20; port += 1) assert.deepEqual(say(port), [`line ${port}`]);
  assert.deepEqual(say(5432), ['line 5432']);
  assert.deepEqual(say(20), ['line 20', 'from now on, only the clients of the proxy see their failures']);
  assert.deepEqual([say(21), say(22)], [[], []]);
  assert.deepEqual(say(5432), ['line 5432']);
});

test('a name that nobody has is told with the nearest there is, and the line for it', () => {
  const running = (service: string) =>
    listed(`shop-${service}-1`, { compose: { service }, endpoints: [joined('shop_backend')] });
  const target = { ...targetOf(container), neighbours: [running('postgres'), running('redis')] };
  const line = ['docker', 'netexec', '--forward', 'postgress:5432', '--proxy', '1080', 'web'];
  const say = (host: string): string =>
    describeNameless({ ...nothingTyped, line }, { ...forward, host }, 'web', target);
  const said = 'no host there has the name';
  assert.equal(
    say('postgress'),
    `postgress:5432: ${said} postgress at the moment; did you mean postgres? docker netexec --forward postgres:5432 --proxy 1080 web`,
  );
  assert.equal(say('mailhog'), `mailhog:5432: ${said} mailhog at the moment`);
});
