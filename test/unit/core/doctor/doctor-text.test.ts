// What --doctor says as a text: what is to be fixed first, and nothing of the caller's that is nobody's business.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { DoctorFacts } from '../../../../src/core/doctor/doctor-facts.ts';
import { doctorJson, doctorText } from '../../../../src/core/doctor/doctor-text.ts';
import { examine } from '../../../../src/core/doctor/diagnosis.ts';
import { unpainted } from '../samples.ts';
import { fine, problem } from './doctor-samples.ts';

test('a machine on which all is well must have no cross and no warning', () => {
  assert.deepEqual(
    examine(fine).filter(({ mark }) => mark === 'bad' || mark === 'warning'),
    [],
  );
  assert.match(doctorText(examine(fine), undefined, unpainted), /\n\ndocker netexec works on this machine\.\n$/);
});

test('an engine that does not answer must be no way in', () => {
  const ways = [{ kind: 'docker', way: { kind: 'docker', cause: '' }, reason: 'the engine runs as root' }] as const;
  const rows = examine({ ...fine, ways, engine: { ...fine.engine, told: undefined, problem } });
  const row = rows.findLast(({ name }) => name === 'docker');
  assert.deepEqual([row?.mark, row?.seen], ['bad', 'not available: the engine does not answer']);
});

describe('the root cause must come first, and be what the last line names', () => {
  const silent = { ...fine.engine, told: undefined, problem };
  const ways = [{ kind: 'docker', way: { kind: 'docker', cause: '' }, reason: 'the engine runs as root' }] as const;
  const noWay = [
    { kind: 'sudo', way: undefined, reason: 'it asks for a password' },
    { kind: 'docker', way: undefined, reason: 'the engine is rootless' },
  ] as const;
  const noTool = [{ name: 'nsenter', file: undefined, lacks: [] }] as const;
  const rows: readonly (readonly [what: string, given: Partial<DoctorFacts>, first: RegExp, last: RegExp])[] = [
    [
      'an engine that does not answer, of which the ways are only what follows',
      { ways, engine: silent },
      /^docker\n {2}✗ engine +the engine at [^\n]*\n +hint: docker version\n/,
      /\n {2}· docker +not available: the engine does not answer \(caused by engine\)\n(?!.*hint: fix)[^]*\n1 thing to fix: engine: the engine at unix:\/\/\/x cannot be reached\n$/,
    ],
    [
      'no way in, of which one is needed',
      { ways: noWay },
      /^privilege\n {2}✗ sudo +[^\n]*\n {2}✗ docker +[^\n]*\n +hint: netexec needs one of these/,
      /\n1 thing to fix: privilege: netexec needs one of these: see "What it needs" in the README\n$/,
    ],
    [
      'two that have nothing to do with each other',
      { ways, engine: silent, tools: noTool },
      /^docker\n {2}✗ engine /,
      /\n2 things to fix: engine, nsenter\n$/,
    ],
  ];
  for (const [what, given, first, last] of rows) {
    test(what, () => {
      const text = doctorText(examine({ ...fine, ...given }), undefined, unpainted);
      assert.match(text, first);
      assert.match(text, last);
      assert.ok(
        doctorText(examine({ ...fine, ...given }), undefined, unpainted, 80)
          .split('\n')
          .every((line) => line.length <= 80),
      );
    });
  }
});

test("the caller's home must be in neither form, nor anything that steers a terminal", () => {
  const rows = examine({ ...fine, docker: 'Docker \u001b[31m' });
  for (const text of [doctorText(rows, '/home/me', unpainted), doctorJson(rows, '/home/me')]) {
    assert.doesNotMatch(text, /\/home\/me/);
    assert.match(text, /~\/\.docker\/cli-plugins/);
    assert.ok(!text.includes('\u001b'));
  }
  const [first] = doctorJson(rows, undefined).split('\n');
  const expected = {
    Area: 'install',
    Name: 'system',
    Mark: 'good',
    Seen: 'Debian GNU/Linux 12 (bookworm), 6.1.0 x64',
    Hint: '',
  };
  assert.deepEqual(JSON.parse(first ?? ''), expected);
});

test('a home must be left in the middle of another path', () => {
  const rows = examine({ ...fine, docker: '/var/tmp/x, /tmp/x, unix:///tmp/x' });
  assert.match(doctorText(rows, '/tmp', unpainted), /\/var\/tmp\/x, ~\/x, unix:\/\/~\/x/);
});
