// What hands type that are used to docker exec, and what they leave out: options without a meaning, a call without SERVICE.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parseArgv } from '../../../../src/core/arguments/argv.ts';

const parse = (words: string): ReturnType<typeof parseArgv> => parseArgv(['netexec', ...words.split(' ')], true);

describe("docker exec's -i, -t and -T must change nothing", () => {
  const rows: readonly (readonly [typed: string, means: string])[] = [
    ['-it web bash', 'web bash'],
    ['-i -t web bash', 'web bash'],
    ['-ti -u root web', '-u root web'],
    ['-itp shop web', '-p shop web'],
    ['-T web true', 'web true'],
    ['--interactive --tty=false --no-TTY --no-tty web', 'web'],
    ['-t --list-networks', '--list-networks'],
  ];
  for (const [typed, means] of rows) test(typed, () => assert.deepEqual(parse(typed), parse(means)));
  test('behind SERVICE they are COMMAND', () => {
    const request = parse('web -it bash');
    assert.ok(request.ok && request.value.action === 'run');
    assert.deepEqual(request.value.run.command, ['-it', 'bash']);
  });
});

describe('a long option with one dash must be no short one with a value', () => {
  for (const word of ['-pid', '-format', '-format=json', '-env-file', '-user', '-workdir=/']) {
    test(word, () => {
      const request = parse(`${word} web true`);
      assert.ok(!request.ok && request.failure.kind === 'unknown-flag');
      assert.equal(request.failure.flag, word.replace(/=.*/, ''));
    });
  }
  test('but what is no such name is a value', () => assert.deepEqual(parse('-pidle web'), parse('-p idle web')));
});

describe('a call without SERVICE must be known as one', () => {
  const nowhere = { projectName: undefined, files: [], projectDirectory: undefined, container: false };
  const rows = [
    ['--', nowhere],
    ['--dry-run', nowhere],
    ['-it', nowhere],
    ['', nowhere],
    ['-p shop -f a.yaml', { ...nowhere, projectName: 'shop', files: ['a.yaml'] }],
    ['--project-directory shop', { ...nowhere, projectDirectory: 'shop' }],
    ['--container', { ...nowhere, container: true }],
    ['--check --container', { ...nowhere, container: true, usage: 'check' }],
  ] as const;
  for (const [words, missing] of rows) {
    test(words === '' ? 'an empty one' : words, () => {
      const request = parse(words);
      assert.ok(request.ok && request.value.action === 'no-service');
      assert.deepEqual(request.value.missing, { usage: 'run', docker: request.value.docker, ...missing });
    });
  }
  test('no word at all', () => {
    const request = parseArgv(['netexec'], true);
    assert.ok(request.ok && request.value.action === 'no-service');
  });
});
