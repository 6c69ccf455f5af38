// What a request takes beside an engine, and what a tunnel has none of.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parseArgv } from '../../../../src/core/arguments/argv.ts';
import { needsNamespaces, needsOwnNumbers, notByTunnel } from '../../../../src/core/relay/only-here.ts';

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
    ['--forward 8080:80 --reverse 9003 --network backend web', false],
    ['--forward 8080:80 --resolver host web', true],
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

describe('what cannot be', () => {
  const rows: readonly (readonly [line: string, lacking: string | undefined, needs: string | undefined])[] = [
    ['web true', undefined, 'COMMAND'],
    ['--pid web true', '--pid', 'COMMAND'],
    ['--cap-add NET_RAW web true', '--cap-add', 'COMMAND'],
    ['--intercept 80:3000 web true', '--intercept', 'COMMAND'],
    ['--host-network web true', '--host-network', 'COMMAND'],
    ['--resolver host web true', '--resolver host', '--resolver host'],
    ['--on backend -- true', undefined, '--on'],
    ['--on backend --cap-add NET_RAW -- true', '--cap-add', '--on'],
    ['--stand-in web true', undefined, '--stand-in'],
    ['--stand-in --replace --service-env web true', undefined, '--stand-in'],
    ['--forward 80 --stand-in web true', undefined, '--stand-in'],
    ['--forward 1:db:80 --on backend', undefined, '--on'],
    ['--forward 80 web', undefined, undefined],
    ['--forward 80 --reverse 9003 --network backend web', undefined, undefined],
    // There is no shell that it could be for.
    ['--reverse 9003 web', undefined, undefined],
    ['--reverse 9003 web true', undefined, 'COMMAND'],
    ['--reverse 9003 --service-env web', undefined, 'COMMAND'],
    ['--reverse 9003 -e A=1 web', undefined, 'COMMAND'],
    ['--reverse 9003 --resolver host web', '--resolver host', '--resolver host'],
  ];
  for (const [line, lacking, needs] of rows)
    test(line, () => {
      const request = parseArgv(line.split(' '), false);
      assert.ok(request.ok && request.value.action === 'run');
      assert.equal(notByTunnel(request.value.run)?.what, lacking);
      assert.equal(needsNamespaces(request.value), needs);
    });
});
