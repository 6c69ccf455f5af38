// Who calls and what the caller has given up, as the kernel tells it, and how COMMAND is kept without it.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { chooseWay } from '../../../../src/core/ways/choose-way.ts';
import { readConfinement } from '../../../../src/core/ways/confinement.ts';
import { readPriorities } from '../../../../src/core/entry/priorities.ts';
import type { PriorityFacts } from '../../../../src/core/entry/priorities.ts';
import { readStatus, restraintOptions } from '../../../../src/core/ways/restraints.ts';
import { makePlan } from '../../../../src/core/entry/plan.ts';
import { container, endpoint, host, names, none, planOf, request, root, targetOf } from '../samples.ts';

const status = (fields: Readonly<Record<string, string>> = {}): string =>
  Object.entries({
    Name: 'node',
    Uid: '1000\t1000\t1000\t1000',
    Gid: '1000\t1000\t1000\t1000',
    Groups: '27 1000 ',
    CapEff: '0000000000000000',
    CapBnd: '000001ffffffffff',
    NoNewPrivs: '0',
    Seccomp: '0',
    Cpus_allowed_list: '0-1',
    ...fields,
  })
    .map(([name, value]) => `${name}:\t${value}\n`)
    .join('');

test('the caller must be whom the kernel names', () => {
  const { differing, identity, restraints } = readStatus(status(), 40);
  assert.equal(differing, undefined);
  assert.deepEqual(identity, { uid: 1000, gid: 1000, groups: [27, 1000] });
  assert.deepEqual(restraints, { ...none, effective: [] });
  assert.deepEqual(restraintOptions(restraints), []);
});

test('a group must be there where there is no other', () => {
  assert.deepEqual(readStatus(status({ Groups: '' }), 40).identity.groups, [1000]);
});

test('a set-user-ID caller must be seen as two', () => {
  const user = readStatus(status({ Uid: '1000\t0\t0\t0' }), 40).differing;
  assert.deepEqual(user, { what: 'user', real: 1000, effective: 0 });
  const group = readStatus(status({ Gid: '1000\t42\t42\t42' }), 40).differing;
  assert.deepEqual(group, { what: 'group', real: 1000, effective: 42 });
});

test('what is lacking must be named, and no more than the kernel has', () => {
  const { restraints } = readStatus(status({ CapBnd: '000001fffeffdfff', NoNewPrivs: '1' }), 40);
  assert.deepEqual(restraints.lacking, ['net_raw', 'sys_resource']);
  assert.deepEqual(restraintOptions(restraints), ['--no-new-privs', '--bounding-set=-net_raw,-sys_resource']);
  assert.deepEqual(readStatus(status({ CapBnd: '0000003fffffffff' }), 37).restraints.lacking, []);
  assert.deepEqual(readStatus(status({ CapBnd: '000001ffffffffff' }), 41).restraints.lacking, ['cap_41']);
});

describe('a label', () => {
  const rows: readonly (readonly [string, string | undefined])[] = [
    ['', undefined],
    ['unconfined\n', undefined],
    ['vscode (unconfined)\n', undefined],
    ['/usr/bin/tool (complain)\n', undefined],
    ['docker-default (enforce)\n', 'AppArmor (docker-default (enforce))'],
    ['unconfined_u:unconfined_r:unconfined_t:s0-s0:c0.c1023\0', undefined],
    ['user_u:user_r:user_t:s0\0', 'SELinux (user_u:user_r:user_t:s0)'],
    ['kernel\n', undefined],
  ];
  for (const [label, confinement] of rows)
    test(JSON.stringify(label), () => assert.equal(readConfinement(label), confinement));
});

describe('the way', () => {
  const sudo = { elevators: host.elevators };
  const rows: readonly (readonly [string, Partial<typeof none> & { confinement?: string }, string | RegExp])[] = [
    ['must be the engine under no_new_privs', { noNewPrivileges: true }, 'docker'],
    ['must be the engine where sudo would lack what it takes', { lacking: ['sys_admin'] }, 'docker'],
    ['may be sudo under a filter, which stays', { filtered: true }, 'sudo'],
    ['must not be the engine under a filter', { filtered: true, noNewPrivileges: true }, /seccomp/],
    [
      'must not be the engine in a profile',
      { confinement: 'AppArmor (x (enforce))', noNewPrivileges: true },
      /AppArmor/,
    ],
  ];
  for (const [name, { confinement, ...restraints }, expected] of rows) {
    test(name, () => {
      const chosen = chooseWay('auto', { ...host, ...sudo, restraints: { ...none, ...restraints }, confinement });
      if (typeof expected === 'string') return assert.equal(chosen.ok && chosen.value.kind, expected);
      assert.ok(!chosen.ok && chosen.failure.kind === 'not-permitted' && chosen.failure.restrained);
      assert.match(chosen.failure.tried.map(({ reason }) => reason).join(), expected);
    });
  }

  test('must be the engine for root without CAP_SYS_ADMIN', () => {
    const chosen = chooseWay('auto', { ...host, ...root, elevators: [], restraints: { ...none, effective: [] } });
    assert.equal(chosen.ok && chosen.value.kind, 'docker');
  });
});

describe('COMMAND', () => {
  const given = { ...none, noNewPrivileges: true, lacking: ['net_raw'] };
  const other = { uid: 65534, gid: 65534, groups: [65534] };
  const engine = { elevators: [], restraints: given };
  const rows: readonly (readonly [string, Parameters<typeof planOf>[1], string])[] = [
    ['of root must be as it is', root, ''],
    ['by the engine must be without what the caller has given up', engine, '--no-new-privs --bounding-set=-net_raw'],
    ['of another user must gain nothing', { ...root, other }, '--no-new-privs'],
    ['of the caller named must be as it is', { other: host.caller }, ''],
    ['of root, for a user, must be as it is', { other: { uid: 0, gid: 0, groups: [0] } }, ''],
    ['on a machine of the name of a service must gain nothing', { hostName: 'WEB' }, '--no-new-privs'],
  ];
  for (const [name, facts, options] of rows)
    test(name, () => assert.equal(planOf({}, facts).restraints.options.join(' '), options));

  test('on a machine that the container is configured with a name of must gain nothing', () => {
    const plan = planOf({}, { hostName: 'laptop' }, { extraHosts: ['laptop:172.17.0.1'] });
    assert.deepEqual(plan.restraints.options, ['--no-new-privs']);
  });

  test("with the host's names may gain what it may outside", () => {
    assert.deepEqual(planOf({ resolver: 'host' }, { hostName: 'web' }).restraints.options, []);
  });

  test('must be refused a capability that the caller has given up', () => {
    const facts = { endpoint, target: targetOf(container), names, host: { ...host, ...engine } };
    const plan = makePlan({ ...request, capabilities: ['net_raw'] }, facts);
    assert.deepEqual(!plan.ok && plan.failure, { kind: 'capabilities-lacking', capabilities: ['net_raw'] });
  });

  test('must come by way of a file where a library is preloaded', () => {
    const environment = { ...host.environment, LD_PRELOAD: 'libfakeroot.so' };
    assert.equal(planOf({}, { ...root, environment }).carriage.kind, 'file');
  });
});

describe('priorities', () => {
  const stat = (nice: number, policy: number): string => {
    const fields = Array.from({ length: 50 }, () => '0');
    fields[16] = String(nice);
    fields[38] = String(policy);
    return `12 (a) b) ${fields.join(' ')}`;
  };
  const usual: PriorityFacts = {
    stat: stat(0, 0),
    cpus: '0-7',
    allCpus: '0-7',
    ionice: 'none: prio 4\n',
    dump: 'uid: 0\nSecurebits: [none]\n',
    tools: { chrt: '/usr/bin/chrt', ionice: '/usr/bin/ionice', taskset: '/usr/bin/taskset' },
  };
  const rows: readonly (readonly [string, Partial<PriorityFacts>, string, string, string])[] = [
    ['that are usual take no words', {}, '0', '', ''],
    ['of one that is nice', { stat: stat(10, 0) }, '10', '', ''],
    ['of one that waits for idle times', { stat: stat(0, 5) }, '0', '/usr/bin/chrt --idle 0', ''],
    ['of one that computes', { stat: stat(0, 3) }, '0', '/usr/bin/chrt --batch 0', ''],
    ['of real time are not had again', { stat: stat(0, 1) }, '0', '', ''],
    ['of the disk', { ionice: 'idle\n' }, '0', '/usr/bin/ionice -c 3', ''],
    ['of the disk, by level', { ionice: 'best-effort: prio 7\n' }, '0', '/usr/bin/ionice -c 2 -n 7', ''],
    ['of fewer processors', { cpus: '1' }, '0', '/usr/bin/taskset --cpu-list 1', ''],
    ['where the tools are missing', { cpus: '1', tools: { ...usual.tools, taskset: undefined } }, '0', '', ''],
    ['with secure bits', { dump: 'Securebits: noroot,noroot_locked,keep_caps\n' }, '0', '', '+noroot,+noroot_locked'],
  ];
  for (const [name, facts, nice, words, bits] of rows) {
    test(name, () => {
      const read = readPriorities({ ...usual, ...facts });
      assert.deepEqual(
        [read.nice, read.words.join(' '), read.securebits.join(' ')],
        [nice, words, bits === '' ? '' : `--securebits=${bits}`],
      );
    });
  }
});
