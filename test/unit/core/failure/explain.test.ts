// Every failure as its reader sees it.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { renderFailure } from '../../../../src/core/failure/explain.ts';
import type { Failure } from '../../../../src/core/failure/failure.ts';
import { goldens } from '../../../goldens.ts';
import { failures } from './failures.ts';

goldens('explain', {
  'failures.txt': () =>
    failures
      .map((failure) => {
        const { text, status } = renderFailure(failure);
        return `=== ${failure.kind}: ${status}\n${text}\n`;
      })
      .join(''),
});

/** The failure with something added to every text in it but those that are of netexec's own choice. */
const hostile = (failure: Failure, added: string): Failure =>
  JSON.parse(JSON.stringify(failure), (key, value: unknown) =>
    typeof value === 'string' && !['kind', 'transport', 'found', 'fault', 'tool', 'way'].includes(key)
      ? `${value}${added}`
      : value,
  ) as Failure;

describe('what comes from outside must not steer the terminal', () => {
  const added = '\u001B[2J\r\n\u0007\u0000\u007F\u0085\u009B31m\tnetexec: all is well\nhint: go on';
  const line = String.raw`[^\u0000-\u001F\u007F-\u009F]+\n`;
  for (const failure of failures) {
    test(failure.kind, () => {
      const { text } = renderFailure(hostile(failure, added));
      assert.match(text, new RegExp(`^netexec: ${line}(  ${line})*(hint: ${line})?$`));
    });
  }

  test('and yet be seen', () => {
    const { text } = renderFailure({ kind: 'user-unknown', user: 'a\u001B[2J\nb\u009B' });
    assert.equal(text.split('\n')[0], String.raw`netexec: this machine has no user "a\u001b[2J\nb?"`);
  });

  test('nor lose letters of any script', () => {
    const { text } = renderFailure({ kind: 'user-unknown', user: 'Zoë 猫 🐈' });
    assert.match(text, /"Zoë 猫 🐈"/);
  });
});

describe('on a terminal', () => {
  for (const failure of failures)
    test(failure.kind, () => {
      const { text } = renderFailure(failure, undefined, 80);
      // The same words; and what is longer has no place in it to be broken at.
      const piped = renderFailure(failure).text;
      assert.equal(
        text.replaceAll(/\n *(?!hint:|netexec:)/g, ' ').trim(),
        piped.replaceAll(/\n *(?!hint:|netexec:)/g, ' ').trim(),
      );
      for (const line of text.split('\n'))
        assert.ok(line.length <= 80 || /^ *(?:\S+|(?:sudo )?docker .*)$/.test(line), line);
    });

  test('lines must hang below the first', () => {
    const services = ['api', 'db', 'redis', 'web', 'worker'];
    const failure = { kind: 'service-unknown', project: 'shop', service: 'wbe', services, alsoIn: [] } as const;
    const { text } = renderFailure(failure, undefined, 60);
    assert.equal(
      text,
      [
        'netexec: no service "wbe" in project "shop", and no',
        '  container is named "wbe"; services: api, db, redis, web,',
        '  worker',
        'hint: did you mean web?\n',
      ].join('\n'),
    );
  });
});

describe('the nearest name', () => {
  const services = ['db', 'frontend', 'web', 'worker'];
  const rows: readonly (readonly [service: string, nearest: string | undefined])[] = [
    ['we', 'web'],
    ['WEB', 'web'],
    ['wbe', 'web'],
    ['bd', 'db'],
    ['wokrer', 'worker'],
    ['bew', undefined],
    ['ls', undefined],
    ['webb', 'web'],
    ['fronted', 'frontend'],
    ['front-end', 'frontend'],
    ['workers', 'worker'],
    ['kafka', undefined],
    ['x', undefined],
  ];
  for (const [service, nearest] of rows) {
    test(`to ${service} is ${nearest ?? 'not worth a word'}`, () => {
      const { text } = renderFailure({ kind: 'service-unknown', project: 'shop', service, services, alsoIn: [] });
      assert.equal(/^hint: did you mean (.*)\?$/m.exec(text)?.[1], nearest);
    });
  }
});

test("a failure of netexec's own ends with 125, one of COMMAND's with 126 or 127", () => {
  for (const failure of failures) {
    const expected = failure.kind === 'command-not-found' ? 127 : failure.kind === 'command-not-executable' ? 126 : 125;
    assert.equal(renderFailure(failure).status, expected, failure.kind);
  }
});
