// Whether an engine is rootless, as docker and Podman tell it.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { isRootlessEngine } from '../../../../src/core/engine/rootless-engine.ts';

describe('an engine that says', () => {
  const rows: readonly (readonly [info: unknown, isRootless: boolean])[] = [
    [{ SecurityOptions: ['name=seccomp,profile=default', 'name=rootless'] }, true],
    [{ SecurityOptions: ['name=rootless,x=y'] }, true],
    [{ SecurityOptions: ['name=seccomp,profile=default'], Rootless: true }, true],
    [{ Rootless: true }, true],
    [{ SecurityOptions: ['name=seccomp,profile=rootless'], Rootless: false }, false],
    [{ SecurityOptions: null }, false],
    [{}, false],
    ['rootless', false],
    [undefined, false],
  ];
  for (const [info, isRootless] of rows)
    test(`${JSON.stringify(info)} ${isRootless ? 'is' : 'is not'} rootless`, () =>
      assert.equal(isRootlessEngine(info), isRootless));
});
