// The text of a plan: what --dry-run prints.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { describeFarPlan, describePlan, describePlanJson } from '../../../../src/core/entry/describe-plan.ts';
import type { EntryPlan } from '../../../../src/core/entry/plan.ts';
import { goldens } from '../../../goldens.ts';
import { idOf, joined, planOf, planOn, planOutside, root } from '../samples.ts';

const nobody = { uid: 65534, gid: 65534, groups: [65534, 100] };

const withVariables = (): EntryPlan =>
  planOf({ serviceEnv: true, env: ['TOKEN=of the caller'] }, root, {
    environment: ['PATH=/x', 'PGPASSWORD=secret\nline', 'TOKEN=x'],
  });

const standIn = (): EntryPlan => {
  const plan = planOn();
  return { ...plan, target: { ...plan.target, own: { project: 'shop', service: 'web', container: 'shop-web-1' } } };
};

goldens('describe-plan', {
  'json.txt': () => describePlanJson(planOf({}, root)),
  'root.txt': () => describePlan(planOf({}, root)),
  'terminal.txt': () => describePlan(planOf({}, root), { terminal: 60 }),
  'intercept.txt': () => describePlan(planOf({ intercepts: [{ port: 80, here: 3000 }] }, root)),
  'sudo.txt': () => describePlan(planOf({ env: ['PGPASSWORD=secret', 'LANG='] })),
  'resolver-host.txt': () => describePlan(planOf({ resolver: 'host' }, root)),
  'resolver-hostaliases.txt': () =>
    describePlan(
      planOf(
        { resolver: 'hostaliases' },
        { ...root, nscdFolders: ['/run/nscd'] },
        {},
        { complete: true, target: { kind: 'provider', domain: 'sslip.io' } },
      ),
    ),
  'network.txt': () => describePlan(planOf({ network: 'backend' }, root, {}, { pinned: 'shop_backend' })),
  'nscd.txt': () => describePlan(planOf({}, { ...root, nscdFolders: ['/run/nscd', '/var/run/nscd'] })),
  'other-user-and-folder.txt': () => describePlan(planOf({ workdir: '/srv' }, { ...root, other: nobody })),
  'shared-network.txt': () =>
    describePlan(planOf({}, root, { networkMode: `container:${idOf('b')}`, name: 'shop-sidecar-1' })),
  'not-of-compose.txt': () =>
    describePlan(planOf({}, root, { compose: undefined, endpoints: [joined('bridge')] }, { networks: [] })),
  'called-by-docker.txt': () =>
    describePlan(
      planOf(
        {},
        {
          ...root,
          environment: {
            'BASH_FUNC_f%%': '() { :; }',
            DOCKER_CLI_PLUGIN_ORIGINAL_CLI_COMMAND: 'docker',
            DOCKER_CLI_PLUGIN_SOCKET: '@docker_cli_0',
            OTEL_RESOURCE_ATTRIBUTES: 'secret=1,docker.cli.cobra.command_path=docker%20netexec',
          },
        },
      ),
    ),
  'service-env.txt': () => describePlan(withVariables()),
  'service-env-no-trunc.txt': () => describePlan(withVariables(), { values: true }),
  'pid.txt': () => describePlan(planOf({}, { ...root, processes: { numbers: [4711, 7], uid: 0, ptraceScope: 0 } })),
  'pid-host.txt': () => describePlan(planOf({}, { ...root, processes: { numbers: [4711], uid: 0, ptraceScope: 0 } })),
  'far-end.txt': () =>
    describeFarPlan(
      planOf({}, root),
      { ports: [{ option: 'forward', line: '127.0.0.1:15432 → postgres:5432' }] },
      'table',
    ),
  'on.txt': () => describePlan(planOn()),
  'on-ports.txt': () => describePlan(planOn(), { isRelay: true, on: ['cache'] }),
  'host-network.txt': () => describePlan(planOutside({}, { elevators: [], nscdFolders: ['/run/nscd'] })),
  'host-network-json.txt': () => describePlanJson(planOutside({}, root)),
  'stand-in.txt': () => describePlan(standIn()),
  'shell.txt': () =>
    describePlan(
      planOf({}, { ...root, command: { file: '/bin/bash', words: ['/bin/bash'], cause: 'no COMMAND given: $SHELL' } }),
    ),
});

test('every step must stand on a line of its own, whatever it says', () => {
  const words = ['sh', '-c', 'echo a\necho b\r\u001B[2J\u0085', '\u007F'] as const;
  const plain = describePlan(planOf({}, root));
  const odd = describePlan(
    planOf({ workdir: '/a\nb\u001B[2J', env: ['A\nB=x'] }, { ...root, command: { file: '/a\nb', words, cause: '' } }),
  );
  // The same steps, and three more: a folder, a variable, and how one of that name travels. Nothing steers a terminal.
  assert.equal(odd.split('\n').length, plain.split('\n').length + 3, odd);
  // oxlint-disable-next-line no-control-regex
  assert.doesNotMatch(odd, /[\u0000-\u0009\u000B-\u001F\u007F-\u009F]/);
});

test('what a label of the container says must not steer a terminal, or start a line of its own', () => {
  const words = 'a\nset  LD_PRELOAD=/x\u001B[2J\u0085';
  const compose = { project: words, service: words, number: 1, oneOff: false, workingDirectory: undefined };
  const text = describePlan(planOf({}, root, { compose }));
  assert.equal(text.split('\n').length, describePlan(planOf({}, root)).split('\n').length, text);
  // oxlint-disable-next-line no-control-regex
  assert.doesNotMatch(text, /[\u0000-\u0009\u000B-\u001F\u007F-\u009F]/);
});
