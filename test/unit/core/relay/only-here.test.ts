// What a request takes beside an engine.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parseArgv } from '../../../../src/core/arguments/argv.ts';
import { needsOwnNumbers } from '../../../../src/core/relay/only-here.ts';

describe('whether it goes by numbers of processes', () => {
  const rows: readonly (readonly [words: string, expected: boolean])[] = [
    ['web -- psql', true],
    ['web', true],
    ['--dry-run web -- psql', true],
    ['--elevate tunnel web -- psql', true],
    ['--on backend -- psql', true],
    ['--host-network --on backend -- psql', true],
    ['--stand-in web -- node server.js', true],
    ['--forward 8080:80 web -- psql', true],
    ['--forward 8080:web:80 --on backend', true],
    ['--reverse 9003 web -- psql', true],
    ['--check web db:5432', true],
    ['--check web', true],
    // The engine can have a far end connect.
    ['--forward 8080:80 web', false],
    ['--forward 8080:80 --wait web:80 web', false],
    ['--proxy 1080 web', false],
    ['--forward 8080:80 --wait web:80 web', false],
    ['--list-names', false],
    ['--list-names web', false],
    ['--print-env web', false],
    ['--doctor', false],
    ['--help', false],
  ];
  for (const [words, expected] of rows) {
    test(words, () => {
      const request = parseArgv(['netexec', ...words.split(' ')], true);
      assert.ok(request.ok, words);
      assert.equal(needsOwnNumbers(request.value), expected);
    });
  }
});
