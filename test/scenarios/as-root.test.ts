// A user who may not talk to the engine is told how root calls the same netexec: typed as it stands, it must work.
import assert from 'node:assert/strict';
import { stranger, useCallers } from './callers.ts';
import { must, scenario } from './scenario.ts';

const project = 'article';
const callers = useCallers(project, 'shared');

scenario("the line to call a user's own netexec as root must work", { project }, async (s) => {
  const options = callers.step(s, stranger);
  callers.allow(s, `${stranger.user} ALL=(root) NOPASSWD: ALL`);
  const refused = await s.netexec(['web', '--', 'id', '-u'], options);
  assert.equal(refused.status, 125, refused.stderr);
  const line = /or use (sudo docker .*)$/.exec(refused.stderr)?.[1];
  assert.ok(line !== undefined, refused.stderr);
  const run = await must(s.run(['sh', '-c', `${line} -p ${s.projectName} web -- id -u`], options));
  assert.equal(run.stdout, '0');
});
