// A stack's container by what docker's own reports call its task.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { ListedContainer } from '../../../../src/core/engine/containers.ts';
import { chooseTask } from '../../../../src/core/compose/project.ts';
import { listed } from '../samples.ts';

describe("a task by what docker's reports call it", () => {
  const task = (service: string, slot: string, id: string, state = 'running'): ListedContainer => {
    const name = `shop_${service}.${slot}`;
    const number = /^\d+$/.test(slot) ? Number(slot) : undefined;
    const own = { id, service: `shop_${service}`, name };
    return listed(`${name}.${id}`, { state, compose: { project: 'shop', service, number, task: own } });
  };
  const containers = [
    task('web', '2', 'm9gf61sxas13vcupeci4cwxwz'),
    task('web', '1', 'iebl9zip564y45j44emr4r1rr'),
    task('web', '1', 'aaaaaaaaaaaaaaaaaaaaaaaaa', 'exited'),
    task('log', 'wh5lhg5fkf0klg12rcmhh8yo1', '7qr3tzu3mfot28upvx1awoizq'),
    listed('shop-web-1', { compose: { project: 'shop', service: 'web' } }),
  ];
  const first = 'shop_web.1.iebl9zip564y45j44emr4r1rr';
  const second = 'shop_web.2.m9gf61sxas13vcupeci4cwxwz';
  const log = 'shop_log.wh5lhg5fkf0klg12rcmhh8yo1.7qr3tzu3mfot28upvx1awoizq';
  const rows = [
    [undefined, 'shop_web', undefined, first],
    [undefined, 'shop_web', 2, second],
    [undefined, 'shop_web', 3, undefined],
    [undefined, 'shop_web.2', undefined, second],
    [undefined, 'web.2', undefined, undefined],
    ['shop', 'web.2', undefined, second],
    ['shop', 'web.3', undefined, undefined],
    ['other', 'shop_web.2', undefined, second],
    [undefined, 'm9gf61sxas13vcupeci4cwxwz', undefined, second],
    [undefined, 'm9gf61sxas13', undefined, second],
    [undefined, 'm9gf61sxas1', undefined, undefined],
    [undefined, 'aaaaaaaaaaaa', undefined, undefined],
    [undefined, 'shop_log', undefined, log],
    ['shop', 'log.wh5lhg5fkf0klg12rcmhh8yo1', undefined, log],
    ['shop', 'we', undefined, undefined],
  ] as const;
  for (const [project, word, index, expected] of rows) {
    test(`${project ?? '-'}, ${word}, ${index ?? '-'}`, () =>
      assert.equal(chooseTask(containers, project, word, index)?.name, expected));
  }
});
