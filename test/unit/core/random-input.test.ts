// Everything that is read comes from somebody else: whatever it is, reading it ends, and ends in an answer.
// fast-check prints seed and path of what it finds: fc.assert(..., { seed, path }) does it again.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import * as fc from 'fast-check';
import { aliasLimits } from '../../../src/core/names/alias-limits.ts';
import { withNamesOfFile } from '../../../src/core/names/aliases.ts';
import { parseArgv } from '../../../src/core/arguments/argv.ts';
import { decodeContainer, decodeList } from '../../../src/core/engine/containers.ts';
import { renderFailure } from '../../../src/core/failure/explain.ts';
import type { Result } from '../../../src/core/failure/failure.ts';
import { readEvent } from '../../../src/core/engine/network-events.ts';
import { netexecOptions } from '../../../src/core/arguments/options.ts';
import { shellWord } from '../../../src/core/text/printable.ts';
import { makePrivateView } from '../../../src/core/names/private-view.ts';
import { readComposeFile } from '../../../src/shell/compose/compose-yaml.ts';
import { container, targetOf } from './samples.ts';

/** What takes longer than this takes longer than linear: the inputs are long, and a machine may be slow. */
const bounded = { timeout: 60_000 };

/** An answer, or a failure that can be told: a text for people, and a status. */
function assertTold(result: Result<unknown>): void {
  if (result.ok) return;
  const { text, status } = renderFailure(result.failure);
  assert.match(text, /^netexec: .+\n(hint: .+\n)?$/);
  assert.ok(status > 0 && status < 128);
}

const line = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string(),
  fc.constantFrom('', ' ', '\t', '#', ':', '\0', '\u001b[2J'),
);
const text = fc.array(line, { maxLength: 20 }).map((all) => all.join('\n'));

describe('the command line', bounded, () => {
  const flags = netexecOptions.flatMap(({ name, short }) => [
    `--${name}`,
    ...(short === undefined ? [] : [`-${short}`]),
  ]);
  const word = fc.oneof(
    fc.constantFrom(...flags, '--', '-', '=', 'web', 'netexec', '--bogus', '-zq', '-p=x'),
    fc.tuple(fc.constantFrom(...flags), fc.string()).map(([flag, value]) => `${flag}=${value}`),
    line,
  );
  const words = fc.array(word, { maxLength: 12 });

  test('is a request, or a fault that can be told', () => {
    fc.assert(
      fc.property(words, fc.boolean(), (all, byDocker) => assertTold(parseArgv(all, byDocker))),
      { numRuns: 2000 },
    );
  });

  test('leaves the words of COMMAND as they are, whatever they are', () => {
    fc.assert(
      fc.property(fc.array(line, { minLength: 1 }), (command) => {
        const parsed = parseArgv(['netexec', 'web', '--', ...command], true);
        assert.ok(parsed.ok && parsed.value.action === 'run');
        assert.deepEqual(parsed.value.run.command, command);
      }),
    );
  });

  test('means the same, whatever words COMMAND has', () => {
    const front = fc.array(
      fc.oneof(fc.constantFrom(...flags, '-qp', '-eA=1', '-p=x', '--user=root'), fc.constantFrom('x', '2')),
      { maxLength: 6 },
    );
    fc.assert(
      fc.property(front, fc.array(word, { maxLength: 6 }), (options, command) => {
        const alone = parseArgv(['netexec', ...options, 'web', 'true'], true);
        const both = parseArgv(['netexec', ...options, 'web', 'true', ...command], true);
        if (!alone.ok || alone.value.action !== 'run' || alone.value.run.service !== 'web') return;
        assert.ok(both.ok && both.value.action === 'run');
        assert.deepEqual({ ...both.value.run, command: [] }, { ...alone.value.run, command: [] });
        assert.deepEqual(both.value.run.command, [...alone.value.run.command, ...command]);
      }),
      { numRuns: 2000 },
    );
  });

  test('may be long', () => {
    const long = 'x'.repeat(200_000);
    const group = `-${'q'.repeat(130_000)}`;
    for (const all of [
      [long],
      [group],
      ['web', group],
      ['web', ...Array<string>(100_000).fill('-x')],
      ['-'.repeat(200_000)],
      Array<string>(2000).fill('-e=a=b'),
      [`--env=${long}`, long],
    ]) {
      assertTold(parseArgv(['netexec', ...all], true));
    }
  });
});

describe("the engine's answers", bounded, () => {
  const folder = join(import.meta.dirname, '../../fixtures/engine/bazaar/28.5');
  const recorded = (file: string): unknown => JSON.parse(readFileSync(join(folder, file), 'utf8'));
  const junk = fc.oneof(
    fc.jsonValue(),
    fc.constantFrom(undefined, Number.NaN, -1, 2 ** 60, '', '\n', '../..', '__proto__'),
  );

  /** The recorded answer with something else in one of its places. */
  const damaged = (json: unknown): fc.Arbitrary<unknown> => {
    const places = placesOf(json);
    return fc.tuple(fc.nat(places.length - 1), junk).map(([index, value]) => replace(json, places[index] ?? [], value));
  };

  test('are containers, or nonsense that can be told', () => {
    const inspect = recorded('inspect/bazaar-web-1.json');
    const read = (json: unknown): void => assertTold(decodeContainer('GET /containers/x/json', json));
    fc.assert(fc.property(fc.oneof(junk, damaged(inspect)), read), { numRuns: 1000 });
    assert.ok(decodeContainer('GET', inspect).ok);
  });

  test('are lists, or nonsense that can be told', () => {
    const list = recorded('list.json');
    const read = (json: unknown): void => assertTold(decodeList('GET /containers/json', json));
    fc.assert(fc.property(fc.oneof(junk, damaged(list)), read), { numRuns: 1000 });
    assert.ok(decodeList('GET', list).ok);
  });

  test('are events of the network, or none', () => {
    const target = targetOf(container);
    const event = { Type: 'container', Action: 'die', Actor: { ID: container.id, Attributes: { exitCode: '1' } } };
    const read = (json: unknown): void => void readEvent(JSON.stringify(json) ?? '', target);
    fc.assert(fc.property(fc.oneof(junk, damaged(event)), read), { numRuns: 1000 });
    fc.assert(fc.property(line, (each) => void readEvent(each, target)));
    assert.notEqual(readEvent(JSON.stringify(event), target), undefined);
  });
});

/** The way to every value in it. */
function placesOf(json: unknown, way: readonly string[] = []): readonly (readonly string[])[] {
  if (typeof json !== 'object' || json === null) return [way];
  return [way, ...Object.entries(json).flatMap(([key, value]) => placesOf(value, [...way, key]))];
}

function replace(json: unknown, way: readonly string[], value: unknown): unknown {
  const [key, ...rest] = way;
  if (key === undefined) return value;
  const copy: Record<string, unknown> = Array.isArray(json) ? ([...json] as never) : { ...(json as object) };
  copy[key] = replace(copy[key], rest, value);
  return copy;
}

describe("the host's files", bounded, () => {
  const facts = { hostName: 'laptop', hosts: '', nscdFolders: [], mountinfo: '', staging: '/mnt' };
  const at = { project: 'shop', service: 'web', container: 'shop-web-1', networks: ['shop_default'], root: undefined };
  const nsswitch = fc
    .array(fc.oneof(line, fc.constantFrom('hosts: files', ' hosts : x', '#hosts: y', 'passwd: files sss', 'hosts:')))
    .map((all) => all.join('\n'));
  const privately = (given: string | undefined): string =>
    makePrivateView({ ...facts, nsswitch: given }, at, undefined, []).nsswitch;

  test('nsswitch.conf has one line for hosts, and what is made of what was made is the same', () => {
    fc.assert(
      fc.property(fc.option(nsswitch, { nil: undefined }), (given) => {
        const made = privately(given);
        const hosts = made.split('\n').filter((each) => /^\s*hosts\s*:/.test(each));
        assert.deepEqual(hosts, ['hosts: files dns']);
        // The comment at its head is made anew each time.
        const body = (all: string): string => all.split('\n').slice(1).join('\n');
        assert.equal(body(privately(body(made))), body(made));
      }),
    );
  });

  test('what HOSTALIASES cannot do is told in lines, whatever the files say', () => {
    const facet = fc.option(fc.oneof(text, nsswitch), { nil: undefined });
    fc.assert(
      fc.property(facet, facet, (first, second) => {
        const program = { loader: undefined, setId: false };
        const said = aliasLimits({ nsswitch: first, resolvConf: second, nscdFolders: [], program });
        assert.ok(said.every((each) => each !== ''));
      }),
    );
  });

  test('may be long', () => {
    for (const piece of ['hosts: ', 'x\t', '[', ' hosts', 'nameserver 1.1.1.1 ', '\n']) {
      const long = piece.repeat(100_000);
      privately(long);
      aliasLimits({ nsswitch: long, resolvConf: long, nscdFolders: [], program: { loader: undefined, setId: false } });
    }
  });
});

describe('HOSTALIASES files', bounded, () => {
  test('that somebody else has written give names, or none, and never a crash', () => {
    fc.assert(
      fc.property(
        text,
        (given) => void withNamesOfFile('shop_default', 'id', [], `# network shop_default id\n${given}`),
      ),
    );
    for (const piece of ['a b\n', 'a ', '\n', 'a.b c\n'])
      withNamesOfFile('shop_default', 'id', [], `# network shop_default id\n${piece.repeat(100_000)}`);
  });
});

describe('Compose files', bounded, () => {
  const folder = mkdtempSync(join(tmpdir(), 'netexec-random-'));
  const file = join(folder, 'compose.yaml');
  after(() => rmSync(folder, { recursive: true, force: true }));
  const read = (given: string): void => {
    writeFileSync(file, given);
    assertTold(readComposeFile(file));
  };
  const yaml = fc
    .array(
      fc.oneof(
        line,
        fc.constantFrom(
          'services:',
          '  web:',
          '    networks: [a]',
          'x: &a [*a]',
          '<<: *a',
          '- - -',
          '? ',
          '"',
          'name: a$b',
          '!reset',
        ),
      ),
    )
    .map((all) => all.join('\n'));

  test('are projects, or faults that can be told', () => {
    fc.assert(fc.property(yaml, read), { numRuns: 500 });
    fc.assert(
      fc.property(fc.jsonValue(), (json) => read(JSON.stringify(json))),
      { numRuns: 300 },
    );
  });

  test('that blow themselves up are refused', () => {
    const laughs = Array.from(
      { length: 12 },
      (_, level) => `a${level + 1}: &a${level + 1} [${`*a${level},`.repeat(9)}]`,
    );
    read(`a0: &a0 [x]\n${laughs.join('\n')}\nservices: {}\n`);
    read('['.repeat(20_000));
    read('{a: '.repeat(5000));
    // Once few enough for a stack, once not.
    for (const depth of [500, 5000]) read('? '.repeat(depth));
  });
});

describe('words that are shown', bounded, () => {
  test('never steer the terminal', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (word) => {
        // oxlint-disable-next-line no-control-regex
        assert.doesNotMatch(shellWord(word), /[\u0000-\u001f\u007f-\u009f]/);
      }),
    );
  });
});
