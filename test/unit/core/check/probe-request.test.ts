// By what a helper container looks names up.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { farVariables } from '../../../../src/core/check/probe-request.ts';

describe('a helper container must look names up as COMMAND would', () => {
  const rows: readonly (readonly [
    name: string,
    env: Readonly<Record<string, string>>,
    pinned: string | undefined,
    expected: readonly string[],
  ])[] = [
    ['with nothing of the caller’s', { HOME: '/root' }, undefined, ['RES_OPTIONS= timeout:3 attempts:1']],
    [
      'by the caller’s own options and domains',
      { RES_OPTIONS: 'ndots:2', LOCALDOMAIN: 'corp.example lab' },
      undefined,
      ['RES_OPTIONS=ndots:2 timeout:3 attempts:1', 'LOCALDOMAIN=corp.example lab'],
    ],
    [
      'by the network of --network first',
      { RES_OPTIONS: 'ndots:2' },
      'shop_backend',
      ['RES_OPTIONS=ndots:2 timeout:3 attempts:1 ndots:1', 'LOCALDOMAIN=shop_backend'],
    ],
    [
      'by the caller’s domains, which take the place of any others',
      { LOCALDOMAIN: '' },
      'shop_backend',
      ['RES_OPTIONS= timeout:3 attempts:1', 'LOCALDOMAIN='],
    ],
  ];
  for (const [name, env, pinned, expected] of rows)
    test(name, () => assert.deepEqual(farVariables(env, 2.6, pinned), expected));
});
