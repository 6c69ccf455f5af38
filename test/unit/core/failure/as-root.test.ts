// What root has to type for the same netexec and the same engine.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { nothingTyped } from '../../../../src/core/compose/compose-line.ts';
import { asRoot } from '../../../../src/core/failure/as-root.ts';
import type { Called } from '../../../../src/core/failure/explanation.ts';

const users = '/home/me/.docker/cli-plugins/docker-netexec';

describe('root must be led to', () => {
  const rows: readonly (readonly [what: string, called: Partial<Called>, line: string])[] = [
    ["all users' plugin", { plugin: '/usr/local/lib/docker/cli-plugins/docker-netexec' }, 'sudo docker netexec'],
    ["the distribution's plugin", { plugin: '/usr/libexec/docker/cli-plugins/docker-netexec' }, 'sudo docker netexec'],
    ["a user's plugin", { plugin: users }, 'sudo docker --config /home/me/.docker netexec'],
    [
      'a plugin in a folder of docker with a space',
      { plugin: '/srv/my docker/cli-plugins/docker-netexec' },
      "sudo docker --config '/srv/my docker' netexec",
    ],
    ['a file of its own', { plugin: '/home/me/docker-netexec-linux-x64' }, 'sudo /home/me/docker-netexec-linux-x64'],
    [
      "the engine of the caller's options",
      { plugin: users, docker: { context: 'near' }, variables: { host: 'unix:///x' } },
      'sudo docker --config /home/me/.docker --context near netexec',
    ],
    [
      "the engine of the caller's variables",
      { plugin: users, variables: { host: 'unix:///run/x.sock', context: undefined } },
      'sudo docker --config /home/me/.docker --host unix:///run/x.sock netexec',
    ],
    [
      'the same engine from a file of its own',
      { plugin: '/opt/netexec', docker: { host: 'unix:///x' } },
      'sudo /opt/netexec --host unix:///x',
    ],
  ];
  for (const [what, called, line] of rows) test(what, () => assert.equal(asRoot({ ...nothingTyped, ...called }), line));
});
