// Which options go with which reports: every pair that must be refused is.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parseArgv } from '../../../../src/core/arguments/argv.ts';
import { drawings, readProvider } from '../../../../src/core/arguments/option-values.ts';
import { reportKinds } from '../../../../src/core/arguments/options.ts';
import type { Failure } from '../../../../src/core/failure/failure.ts';

const failureOf = (...words: readonly string[]): Failure | undefined => {
  const request = parseArgv(['netexec', ...words], true);
  return request.ok ? undefined : request.failure;
};

describe('of two reports', () => {
  for (const one of reportKinds) {
    for (const other of reportKinds.filter((kind) => kind !== one)) {
      test(`--${one} --${other} must be refused`, () => {
        const failure = failureOf(`--${one}`, `--${other}`);
        assert.ok(failure?.kind === 'flags-exclude-each-other');
        assert.deepEqual(failure.flags.toSorted(), [`--${one}`, `--${other}`].toSorted());
      });
      test(`--${one} must stay where --${other}=false`, () => {
        assert.equal(failureOf(`--${one}`, `--${other}=false`), undefined);
      });
    }
  }
});

const runOnly: readonly (readonly string[])[] = [
  ['--network', 'backend'],
  ['--env', 'A=1'],
  ['--env-file', 'file'],
  ['--user', 'me'],
  ['--workdir', '/tmp'],
  ['--cap-add', 'NET_RAW'],
  ['--restart'],
  ['--pid'],
  ['--service-env'],
  ['--elevate', 'none'],
  ['--dry-run'],
];
const both: readonly (readonly string[])[] = [
  ['--project-name', 'name'],
  ['--file', 'file'],
  ['--project-directory', 'folder'],
  ['--index', '2'],
  ['--container'],
  ['--resolver', 'hostaliases'],
  ['--provider', 'nip.io'],
];
const reportOnly: readonly (readonly string[])[] = [['--format', 'json'], ['--format='], ['--quiet'], ['--no-trunc']];
const flagOf = ([word = '']: readonly string[]): string => word.replace(/=$/, '');

describe('a report', () => {
  for (const kind of reportKinds) {
    for (const words of runOnly) {
      test(`--${kind} must be refused with ${words.join(' ')}`, () => {
        const expected = { kind: 'flags-exclude-each-other', flags: [`--${kind}`, words[0]] };
        assert.deepEqual(failureOf(...words, `--${kind}`), expected);
      });
    }
    for (const words of [...both, ...reportOnly]) {
      test(`--${kind} may have ${words.join(' ')}`, () => assert.equal(failureOf(`--${kind}`, ...words), undefined));
    }
    test(`--${kind} must refuse a word too many`, () => {
      const words = kind === 'list-networks' ? ['much'] : ['subject', 'much'];
      const expected = { kind: 'surplus-argument', argument: 'much', flag: `--${kind}` };
      assert.deepEqual(failureOf(`--${kind}`, ...words), expected);
    });
  }
});

describe('a drawing', () => {
  for (const drawing of drawings) {
    test(`of networks may be ${drawing}`, () =>
      assert.equal(failureOf('--list-networks', '--format', drawing), undefined));
    for (const kind of ['list-names', 'hostaliases']) {
      test(`of --${kind} must be refused: ${drawing}`, () => {
        const expected = { kind: 'not-drawn', flag: `--${kind}`, drawing };
        assert.deepEqual(failureOf(`--${kind}`, '--format', drawing), expected);
        assert.deepEqual(failureOf(`--${kind}`, '-q', '--format', drawing), expected);
        assert.equal(failureOf(`--${kind}`, '--format', `${drawing} `), undefined);
      });
    }
  }
});

describe('--wait', () => {
  const run = (...words: readonly string[]): unknown => {
    const request = parseArgv(['netexec', ...words], true);
    return request.ok && request.value.action === 'run' ? request.value.run : request;
  };
  test('must take endpoints as --check reads them, and how long', () => {
    const read = run('--wait', 'db:5432', '--wait=https://api', '--timeout', '0.5', 'web', 'ls');
    const { waits, timeout } = read as {
      readonly waits: readonly { readonly text: string }[];
      readonly timeout: number;
    };
    assert.deepEqual([waits.map(({ text }) => text), timeout], [['db:5432', 'https://api'], 0.5]);
  });
  test('must refuse what is no endpoint', () => {
    const failure = failureOf('--wait', 'db:x', 'web');
    assert.deepEqual([failure?.kind, failure?.kind === 'invalid-value' && failure.flag], ['invalid-value', '--wait']);
  });
  test('must be there where a run has --timeout', () =>
    assert.deepEqual(failureOf('--timeout', '5', 'web'), { kind: 'flag-for-reports', flag: '--timeout' }));
  test('must be refused with --check', () => {
    const flags = ['--check', '--wait'];
    assert.deepEqual(failureOf('--check', '--wait', 'db', 'web'), { kind: 'flags-exclude-each-other', flags });
  });
});

describe('--print-env', () => {
  const print = (...words: readonly string[]): unknown => {
    const request = parseArgv(['netexec', '-p', 'shop', '--print-env', ...words], true);
    return request.ok && request.value.action === 'print-env' ? request.value.print : request;
  };
  test('must take a service, a format, and what leads to a container', () => {
    const { service, format, index } = print('--index', '2', '--format', 'shell', 'web') as Record<string, unknown>;
    assert.deepEqual({ service, format, index }, { service: 'web', format: 'shell', index: 2 });
  });
  for (const words of [[], ['--format=']])
    test(`must be a .env file with ${words.join(' ') || 'nothing else said'}`, () =>
      assert.equal((print(...words, 'web') as Record<string, unknown>)['format'], 'dotenv'));
  test('must ask for a service', () => {
    const request = parseArgv(['netexec', '--print-env'], true);
    assert.ok(request.ok && request.value.action === 'no-service');
    assert.equal(request.value.missing.usage, 'print-env');
  });
  for (const format of ['table', '{{.Name}}', 'mermaid'])
    test(`must refuse --format ${format}`, () => {
      const expected = 'dotenv, shell or json';
      const failure = { kind: 'invalid-value', flag: '--format', value: format, expected };
      assert.deepEqual(failureOf('--print-env', '--format', format, 'web'), failure);
    });
  for (const words of [['--quiet'], ['--resolver', 'host'], ['--env-file', 'x'], ['--dry-run']])
    test(`must refuse ${words.join(' ')}`, () => {
      const flags = ['--print-env', words[0]];
      assert.deepEqual(failureOf('--print-env', ...words, 'web'), { kind: 'flags-exclude-each-other', flags });
    });
  test('must refuse a word too many', () => {
    const expected = { kind: 'surplus-argument', argument: 'env', flag: '--print-env' };
    assert.deepEqual(failureOf('--print-env', 'web', 'env'), expected);
  });
});

describe('--check', () => {
  const check = (...words: readonly string[]): unknown => {
    const request = parseArgv(['netexec', ...words], true);
    return request.ok && request.value.action === 'check' ? request.value.check : request;
  };
  test('must take a service, endpoints, and what leads to a container', () => {
    const words = ['-p', 'shop', '--index', '2', '--check', '--format', 'json', '--timeout', '0.5'];
    const read = check(...words, 'web', 'redis:6379', 'api') as Record<string, unknown>;
    const { service, endpoints, format, timeout, projectName, index } = read;
    assert.deepEqual(
      { service, endpoints, format, timeout, projectName, index },
      { service: 'web', endpoints: ['redis:6379', 'api'], format: 'json', timeout: 0.5, projectName: 'shop', index: 2 },
    );
  });
  test('must be a table, of 3 seconds a step, unless told otherwise', () => {
    const { endpoints, format, timeout } = check('--check', 'web', '--', 'api') as Record<string, unknown>;
    assert.deepEqual({ endpoints, format, timeout }, { endpoints: ['api'], format: 'table', timeout: 3 });
  });
  for (const word of ['list-networks', 'list-names', 'hostaliases', 'dry-run', 'quiet', 'no-trunc']) {
    test(`must refuse --${word}`, () => {
      const flags = ['--check', `--${word}`];
      assert.deepEqual(failureOf('--check', `--${word}`, 'web'), { kind: 'flags-exclude-each-other', flags });
    });
  }
  for (const [flag, value] of [
    ['--timeout', '0'],
    ['--timeout', '1000'],
    ['--timeout', 'soon'],
    ['--format', '{{.Endpoint}}'],
    ['--elevate', 'magic'],
  ] as const) {
    test(`must refuse ${flag} ${value}`, () => {
      const failure = failureOf('--check', flag, value, 'web');
      assert.ok(failure?.kind === 'invalid-value');
      assert.deepEqual([failure.flag, failure.value], [flag, value]);
    });
  }
  test('without a service must be of the whole project', () => {
    const request = parseArgv(['netexec', '--check', '-p', 'shop', '--format', 'json'], true);
    assert.ok(request.ok && request.value.action === 'check-project');
    assert.deepEqual([request.value.check.projectName, request.value.check.format], ['shop', 'json']);
  });
});

describe('--doctor', () => {
  test('must take a format and a way to privilege', () => {
    const request = parseArgv(['netexec', '--doctor', '--format', 'json', '--elevate', 'none'], true);
    assert.ok(request.ok && request.value.action === 'doctor');
    assert.deepEqual(request.value.doctor, { format: 'json', elevate: 'none' });
  });
  for (const words of [['--check'], ['--list-names'], ['-p', 'shop'], ['--timeout', '1'], ['--dry-run'], ['-q']]) {
    test(`must refuse ${words.join(' ')}`, () => {
      assert.equal(failureOf('--doctor', ...words)?.kind, 'flags-exclude-each-other');
    });
  }
  test('must refuse a word too many', () => {
    assert.deepEqual(failureOf('--doctor', 'web'), { kind: 'surplus-argument', argument: 'web', flag: '--doctor' });
  });
});

describe('a run', () => {
  for (const words of reportOnly) {
    test(`must be refused with ${words.join(' ')}`, () => {
      assert.deepEqual(failureOf(...words, 'web'), { kind: 'flag-for-reports', flag: flagOf(words) });
    });
  }
  for (const words of [...both, ...runOnly]) {
    test(`may have ${words.join(' ')}`, () => assert.equal(failureOf(...words, 'web'), undefined));
  }
});

describe('a provider', () => {
  const rows: readonly (readonly [text: string | undefined, read: string | undefined])[] = [
    [undefined, undefined],
    ['sslip.io', 'sslip.io'],
    ['Nip.IO.', 'Nip.IO'],
    ['localhost', 'localhost'],
  ];
  for (const [text, read] of rows) {
    test(String(text), () => assert.deepEqual(readProvider('NETEXEC_PROVIDER', text), { ok: true, value: read }));
  }
  for (const text of ['', '.', 'a b', 'a..b', 'http://sslip.io', '*.sslip.io', 'sslip.io\n']) {
    test(`that is no domain must be refused, and said where it stands: ${JSON.stringify(text)}`, () => {
      for (const source of ['NETEXEC_PROVIDER', '--provider']) {
        assert.deepEqual(readProvider(source, text), {
          ok: false,
          failure: { kind: 'invalid-value', flag: source, value: text, expected: 'a domain name, such as sslip.io' },
        });
      }
    });
  }
});

test('--format is for reports, and for --dry-run', () => {
  const request = parseArgv(['--dry-run', '--format', 'json', 'web'], false);
  assert.ok(request.ok && request.value.action === 'run');
  assert.equal(request.value.run.format, 'json');
});

test('--no-trunc is for reports, and for --dry-run', () => {
  assert.deepEqual(failureOf('--no-trunc', 'web'), { kind: 'flag-for-reports', flag: '--no-trunc' });
  const request = parseArgv(['--dry-run', '--no-trunc', '--service-env', '--pid', 'web'], false);
  assert.ok(request.ok && request.value.action === 'run');
  const { dryRun, noTrunc, serviceEnv, pid } = request.value.run;
  assert.deepEqual([dryRun, noTrunc, serviceEnv, pid], [true, true, true, true]);
});

for (const action of ['man', 'uninstall'] as const)
  test(`--${action} must stand alone`, () => {
    const request = parseArgv(['netexec', `--${action}`], true);
    assert.ok(request.ok && request.value.action === action);
    for (const other of [['--doctor'], ['-p', 'shop'], ['--check'], ['--list-names'], ['-u', 'root']])
      assert.equal(failureOf(`--${action}`, ...other)?.kind, 'flags-exclude-each-other', other.join(' '));
    assert.deepEqual(failureOf(`--${action}`, 'web'), {
      kind: 'surplus-argument',
      argument: 'web',
      flag: `--${action}`,
    });
  });

describe("a report's options must stand anywhere, for none of its words is COMMAND's", () => {
  const rows: readonly (readonly [typed: string, means: string])[] = [
    ['--list-names web -q', '-q --list-names web'],
    ['--list-names web --format json --no-trunc', '--format json --no-trunc --list-names web'],
    ['web --list-names', '--list-names web'],
    ['web -q --list-names', '-q --list-names web'],
    ['-p shop web --list-names -f a.yaml', '-p shop -f a.yaml --list-names web'],
    ['--hostaliases backend --resolver hostaliases', '--resolver hostaliases --hostaliases backend'],
    ['--check web redis:6379 --format json', '--format json --check web redis:6379'],
    ['--check web redis:6379 --timeout 5 db', '--timeout 5 --check web redis:6379 db'],
    ['web --check redis:6379', '--check web redis:6379'],
    ['web --check redis:6379 --index 2', '--index 2 --check web redis:6379'],
    ['web -it --check', '--check web'],
    ['--check -- web redis', '--check web redis'],
    ['web --doctor', '--doctor web'],
  ];
  const parse = (typed: string): unknown => parseArgv(['netexec', ...typed.split(' ')], true);
  for (const [typed, means] of rows) test(typed, () => assert.deepEqual(parse(typed), parse(means)));

  for (const command of ['npm --check', '-- --check x', '-la', '-q', '--bogus --check', 'sh -c --list-names']) {
    test(`but not behind COMMAND: web ${command}`, () => {
      const request = parseArgv(['netexec', 'web', ...command.split(' ')], true);
      assert.ok(request.ok && request.value.action === 'run');
    });
  }
  test('and netexec called by its file takes them as well', () => {
    const request = parseArgv(['web', '--check', 'redis', '--format', 'json'], false);
    assert.ok(request.ok && request.value.action === 'check' && request.value.check.format === 'json');
  });
});
