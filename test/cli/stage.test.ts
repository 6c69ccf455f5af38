// The text that enters as root, in the shells that may run it: what it is told is never read as code, and it is sound as a whole.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import type { TestContext } from 'node:test';
import { shellText } from '../../scripts/build.d/shell-text.ts';
import { planStage } from '../../src/core/entry/stage-parts.ts';
import { lifelinesOf, plans } from '../unit/core/entry/entry-plans.ts';
import { removeFolder, temporaryFolder } from './place.ts';

const folder = join(import.meta.dirname, '../../src/shell/enter/stage');
const fileOf = (part: string): string => join(folder, `${part}.sh`);
const shells = ['dash', 'bash', 'busybox'];

/** Runs the first part by a program as sh, then what shows the values that it was told, `a`, `b` and so on. */
function tell(context: TestContext, program: string, words: readonly string[], then = '') {
  const place = temporaryFolder();
  context.after(() => removeFolder(place));
  const sh = join(place, 'sh');
  symlinkSync(execFileSync('sh', ['-c', `command -v ${program}`], { encoding: 'utf8' }).trim(), sh);
  const { status, stdout, stderr } = spawnSync(
    sh,
    ['-c', `${shellText(fileOf('start'))}\n${then}`, 'netexec', ...words, '--', 'COMMAND'],
    { encoding: 'utf8', cwd: place, env: { PATH: '/usr/bin:/bin', netexec_a: 'before', HOME: '/home' } },
  );
  return { status, stdout, stderr };
}

const values: readonly string[] = [
  '',
  'a=b',
  '$(touch pwned) `touch pwned` ${HOME} \\ \' "',
  '(a $(touch pwned) b)',
  '([0]=$(touch pwned))',
  '~:~root',
  '* ?',
  '\n\nlines\n\n',
  '-p',
  '; touch pwned',
  '\u{1f408}\u0001\u001b[31m',
];

describe('what the stage is told must be what it has, whatever it is:', () => {
  for (const shell of shells)
    test(shell, (context) => {
      for (const value of values) {
        const run = tell(context, shell, [`a=${value}`], 'printf %s "$netexec_a $1"; [ ! -e pwned ]');
        assert.deepEqual(run, { status: 0, stdout: `${value} COMMAND`, stderr: '' });
      }
    });
});

describe('what is no name must be refused, before anything is made of it:', () => {
  const words = [
    'a[$(touch pwned)]=1',
    'a+=1',
    'A=1',
    '-p',
    'a b=1',
    'a;touch pwned=1',
    '$(touch pwned)=1',
    '\u00e9=1',
  ];
  for (const shell of shells)
    test(shell, (context) => {
      for (const word of words) {
        const run = tell(context, shell, [word], 'touch pwned');
        assert.deepEqual(run, { status: 125, stdout: '', stderr: `netexec: the setup step does not know ${word}\n` });
      }
    });
});

describe('what the stage was told must not change, nor become a variable of others:', () => {
  for (const shell of shells)
    test(shell, (context) => {
      const run = tell(
        context,
        shell,
        ['b=1'],
        '/usr/bin/env | grep ^netexec_; (netexec_b=2) 2>/dev/null || echo kept',
      );
      assert.deepEqual(run, { status: 0, stdout: 'netexec_a=before\nkept\n', stderr: '' });
    });
});

const hasShellcheck = spawnSync('shellcheck', ['--version']).status === 0;
// scripts/check does without it, too.
const needsShellcheck = { skip: hasShellcheck ? false : 'shellcheck is not installed' };

test('the parts of each plan must be sound together, not only each by itself', needsShellcheck, () => {
  const texts = Object.values(plans).flatMap((make) => {
    const plan = make();
    const { parts } = planStage(plan, lifelinesOf(plan), { reader: '', guard: '', waiter: '', interceptor: '' });
    return parts.map((part) => readFileSync(fileOf(part), 'utf8')).join('');
  });
  for (const text of new Set(texts)) {
    // Why these are left out: src/shell/enter/stage/.shellcheckrc.
    const words = ['--norc', '--shell', 'sh', '--exclude', 'SC2154,SC3013,SC3045', '-'];
    const { status, stdout, stderr } = spawnSync('shellcheck', words, { input: text, encoding: 'utf8' });
    assert.deepEqual([status, stdout, stderr], [0, '', '']);
  }
});
