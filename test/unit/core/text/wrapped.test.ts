// Sentences on a terminal: broken at words, below where they begin; what is there to be copied stays in one piece.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import { verdictText } from '../../../../src/core/check/check-text.ts';
import { block, wrapped } from '../../../../src/core/text/wrapped.ts';
import { unpainted } from '../samples.ts';

describe('a sentence must be broken', () => {
  const sentence = 'redis does not run: shop-redis-1 is exited (Exited (1) 5 minutes ago)';
  const hint = 'start it: docker compose -f compose.yaml -p shop up -d redis; then look again, and again, and again';
  const rows: readonly (readonly [how: string, text: string, width: number | undefined, lines: readonly string[]])[] = [
    ['nowhere, where no terminal shows it', sentence, undefined, [sentence]],
    ['nowhere, where it fits', sentence, 80, [sentence]],
    ['nowhere, where nothing is gained', sentence, 39, [sentence]],
    ['at words', sentence, 50, ['redis does not run: shop-redis-1 is', 'exited (Exited (1) 5 minutes ago)']],
    [
      'in front of a line to be copied, and behind it',
      hint,
      50,
      ['start it:', 'docker compose -f compose.yaml -p shop up -d redis;', 'then look again, and again, and again'],
    ],
    [
      'in front of a variable to be unset',
      'is it running? To use an engine that answers: unset DOCKER_HOST',
      60,
      ['is it running? To use an engine that answers:', 'unset DOCKER_HOST'],
    ],
    [
      'behind a line to be copied that a comma ends, but not in it',
      "use sudo docker --host x netexec web -c 'select 1, 2' --on a,b, or allow sudo without a password",
      50,
      ['use', "sudo docker --host x netexec web -c 'select 1, 2' --on a,b,", 'or allow sudo without a password'],
    ],
    [
      'in front of a pipe that begins with docker',
      'install the current one: docker completion bash | install -Dm 644 /dev/stdin ~/x',
      50,
      ['install the current one:', 'docker completion bash | install -Dm 644 /dev/stdin ~/x'],
    ],
    [
      'where netexec is only spoken of',
      'run docker netexec on the machine where the engine is, or elsewhere',
      50,
      ['run docker netexec on the machine where', 'the engine is, or elsewhere'],
    ],
    ['without a change to its blanks', "echo 'a  b'  # cause", 80, ["echo 'a  b'  # cause"]],
  ];
  for (const [how, text, width, lines] of rows) test(how, () => assert.deepEqual(wrapped(text, width, 10), lines));
});

test('a verdict must keep to its terminal, and hang below its steps', () => {
  const verdict = {
    endpoint: 'redis:6379',
    steps: [{ step: 'name', mark: 'bad', seen: 'word '.repeat(40).trim() }],
    cause: { kind: 'not-running', what: 'word '.repeat(41).trim(), hint: 'word '.repeat(40).trim() },
  } as const;
  const lines = verdictText(verdict, unpainted, 80).trimEnd().split('\n');
  assert.ok(lines.every((line) => line.length <= 80));
  assert.match(lines[2] ?? '', /^ {13}word/);
  assert.match(lines[lines.findIndex((line) => line.startsWith('  cause:')) + 1] ?? '', /^ {9}word/);
  assert.match(lines.at(-1) ?? '', /^ {8}word/);
});

test('no word may be lost or moved', () => {
  const words = fc.array(fc.stringMatching(/^[a-z;]{1,9}$/), { minLength: 1 });
  fc.assert(
    fc.property(words, fc.integer({ min: 40, max: 120 }), (given, width) => {
      const text = given.join(' ');
      assert.equal(wrapped(text, width, 8).join(' '), text);
      assert.ok(
        block(text, width, 8)
          .split('\n')
          .slice(1)
          .every((line) => line.startsWith('        ')),
      );
    }),
  );
});
