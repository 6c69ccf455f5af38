// What is wanted at the cursor, for every place that it can be at; and what the engine's list offers for it.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import { parseArgv } from '../../../../src/core/arguments/argv.ts';
import { beginning, completionText, optionCandidates, wantedAt } from '../../../../src/core/arguments/completion.ts';
import * as data from '../../../../src/core/arguments/completion-data.ts';
import { decodeList } from '../../../../src/core/engine/containers.ts';
import { readRecording } from '../../../recordings.ts';

/** `kind prefix`, or the candidates and the directive. */
function wanted(line: string): string {
  const at = wantedAt(line.split(' '));
  if (at.kind !== 'these') return `${at.kind} ${at.prefix}`;
  return [...at.candidates.map(({ value }) => value), `:${at.directive}`].join(' ');
}

describe('at the cursor, at the end of the line, there must be', () => {
  const rows: readonly (readonly [line: string, expected: string])[] = [
    ['', 'services '],
    ['we', 'services we'],
    ['--re', '--replace --resolver --restart --reverse :4'],
    [
      '-',
      `${optionCandidates()
        .map(({ value }) => value)
        .join(' ')} :4`,
    ],
    ['--bogus ', ':4'],
    ['--bogus', ':4'],
    ['--check web redis --form', '--format :4'],
    ['--check web redis --format ', 'table json mermaid dot dotenv shell :4'],
    ['--list-names web --no', '--no-trunc :4'],
    ['web --list-names --no', '--no-trunc :4'],
    ['web --list-n', ':0'],
    ['--resolver ', 'private hostaliases host :4'],
    ['--resolver h', 'hostaliases host :4'],
    ['--resolver=h', 'hostaliases host :4'],
    ['--restart=', ':4'],
    ['--elevate s', 'sudo :4'],
    ['--format ', 'table json mermaid dot dotenv shell :4'],
    ['--cap-add NET_R', 'NET_RAW :4'],
    ['--timeout ', ':4'],
    ['--file ', ':0'],
    ['-f ', ':0'],
    ['-qf ', ':0'],
    ['--file=', ':0'],
    ['--project-directory ', ':16'],
    ['-w ', ':16'],
    ['-p ', 'projects '],
    ['--project-name=sh', 'projects sh'],
    ['--network b', 'networks b'],
    ['--on b', 'network lists b'],
    ['--on back,ca', 'network lists back,ca'],
    ['--on b ', '-- :4'],
    ['--on b we', ':4'],
    ['--on b -- ', ':0'],
    ['--on b -- ps', 'commands ps'],
    ['--on b -- psql x', ':0'],
    ['--on b --dry', '--dry-run :4'],
    ['--list-networks --on b ', ':4'],
    ['--network --ne', 'networks --ne'],
    ['--index ', 'indexes '],
    ['-u ro', 'users ro'],
    ['-e PA', 'variables PA'],
    ['-p shop --network b', 'networks b'],
    ['-p shop ', 'services '],
    ['-it ', 'services '],
    ['-- ', 'services '],
    ['-- -x', 'services -x'],
    ['--container ', 'containers '],
    ['--container=false ', 'services '],
    ['--list-names ', 'services '],
    ['--list-networks ', ':4'],
    ['--doctor ', ':4'],
    ['--hostaliases b', 'networks b'],
    ['--hostaliases b ', ':4'],
    ['--check we', 'services we'],
    ['--check web po', 'endpoints po'],
    ['--check web postgres:5432 po', 'endpoints po'],
    ['--check web -- po', 'endpoints po'],
    ['web ', ':0'],
    ['web -', ':0'],
    ['web ps', 'commands ps'],
    ['web ./ps', ':0'],
    ['web -- ', ':0'],
    ['web -- ps', 'commands ps'],
    ['web psql -', ':0'],
    ['web psql --resolver ', ':0'],
    ['web -- psql x', ':0'],
  ];
  for (const [line, expected] of rows)
    test(`${expected || 'nothing'} for '${line}'`, () => assert.equal(wanted(line), expected));
});

describe('the list of containers must offer', () => {
  const json = readRecording('shop').list.map((container) => ({
    ...container,
    ...(container['Names']?.toString() === '/shop-postgres-1'
      ? {
          Ports: [
            { PrivatePort: 5432, Type: 'tcp' },
            { IP: '::', PrivatePort: 5432, PublicPort: 5432, Type: 'tcp' },
          ],
        }
      : {}),
  }));
  const list = decodeList('GET', json, true);
  const containers = list.ok ? list.value : [];
  const shown = (candidates: readonly { value: string; description: string }[]): readonly string[] =>
    candidates.map(({ value, description }) => `${value}: ${description.replace('netexec/busybox:1, ', '')}`);

  test('services, those that run first, also those that only the files know', () => {
    assert.deepEqual(shown(data.serviceCandidates(containers, 'shop', ['web', 'later'])), [
      'ledger: Up 1 second (Paused)',
      'metrics: Up 2 seconds',
      'postgres: Up 1 second',
      'sidecar: Up 1 second',
      'vault: Up 1 second',
      'web: Up 1 second, 3 containers',
      'later: not started',
      'migrate: Exited (3) 1 second ago',
    ]);
    assert.deepEqual(data.serviceCandidates(containers, 'other', []), []);
  });

  test('networks by their keys, and who is on them', () => {
    assert.deepEqual(shown(data.networkCandidates(containers, 'shop')), [
      'backend: ledger, postgres, web',
      'cache: web',
    ]);
  });

  test('projects, replicas and running containers', () => {
    assert.deepEqual(shown(data.projectCandidates(containers)), ['shop: running(8)']);
    assert.deepEqual(shown(data.indexCandidates(containers, 'shop')), [
      '1: ledger, metrics, postgres, sidecar, vault, web',
      '2: web',
    ]);
    const names = data.containerCandidates(containers).map(({ value }) => value);
    assert.ok(names.includes('shop-web-run') && !names.includes('shop-migrate-1'));
  });

  test("endpoints: the others' ports where they tell them, else their names", () => {
    assert.deepEqual(
      data.endpointCandidates(containers, 'shop', 'web').map(({ value }) => value),
      ['ledger', 'metrics', 'migrate', 'postgres:5432', 'sidecar', 'vault'],
    );
  });

  test('ports: of each localhost, and of each name that others reach', () => {
    const own = data.runningOf(containers, 'shop');
    const idOf = (service: string): string => own.find(({ compose }) => compose?.service === service)?.id ?? '';
    const listening = new Map([
      [
        idOf('web'),
        [
          { port: 9229, address: '127.0.0.1' },
          { port: 8080, address: '::' },
        ],
      ],
      [idOf('vault'), [{ port: 8080, address: '0.0.0.0' }]],
      // It shares another's network, and has no name of its own there.
      [idOf('sidecar'), [{ port: 8080, address: '0.0.0.0' }]],
    ]);
    const all = [
      '5432: localhost of postgres',
      '8080: localhost of sidecar, vault, web',
      '9229: localhost of web',
      'postgres:5432: Up 1 second',
      'vault:8080: Up 1 second',
      'web:8080: Up 1 second',
    ];
    assert.deepEqual(shown(data.portCandidates(own, listening, '')), all);
    for (const front of ['15432:', '127.0.0.1:0:', '[::1]:80:'])
      assert.deepEqual(shown(data.portCandidates(own, listening, `${front}po`))[0], `${front}${all[0]}`);
    assert.deepEqual(shown(data.portCandidates(own, listening, 'postgres:54')), all);
    // COMMAND's stands behind it.
    assert.deepEqual(shown(data.interceptCandidates(own, listening)), ['5432:: postgres', '8080:: vault, web']);
  });

  test('no more than it tells where it tells no image, or ports of another form', () => {
    const bare = decodeList('GET', [{ ...readRecording('shop').list[0], Image: null, Ports: 'none' }], true);
    assert.deepEqual(bare.ok && bare.value.map(({ image }) => image), [{ name: '', ports: [] }]);
    assert.deepEqual(data.containerCandidates(bare.ok ? bare.value : [])[0]?.description, 'Up Less than a second');
  });
});

test('the text must be lines with a tab before the description, and the directive at its end', () => {
  const candidates = beginning(
    [
      { value: 'web', description: 'Up' },
      { value: 'db', description: '' },
    ],
    '',
  );
  assert.equal(completionText(candidates, 4, true), 'web\tUp\ndb\n:4\n');
  assert.equal(completionText(candidates, 4, false), 'web\ndb\n:4\n');
});

describe('the words must be read as', () => {
  const rows: readonly (readonly [line: string, byDocker: boolean, words: readonly string[], described: boolean])[] = [
    ['__complete netexec --re', true, ['--re'], true],
    ['__complete netexec web -- psql -h', true, ['web', '--', 'psql', '-h'], true],
    ['__completeNoDesc netexec we', true, ['we'], false],
    ['__completeNoDesc -p shop we', false, ['-p', 'shop', 'we'], false],
    // Options of reports may stand behind other words, but these are not netexec's own yet.
    ['__completeNoDesc --check web post', false, ['--check', 'web', 'post'], false],
  ];
  for (const [line, byDocker, words, described] of rows) {
    test(`${JSON.stringify(words)} in ${line}`, () => {
      const request = parseArgv(line.split(' '), byDocker);
      assert.ok(request.ok && request.value.action === 'complete');
      assert.deepEqual(request.value.complete, { words, described });
    });
  }
});

test('no words may be too odd to be answered', () => {
  const word = fc.oneof(
    fc.constantFrom('', '-', '--', '--=', '-p', '-qp', '--network', '--network=', '--check', '__proto__', '--toString'),
    fc.string({ maxLength: 6 }),
  );
  fc.assert(fc.property(fc.array(word, { maxLength: 6 }), (words) => void wantedAt(words)));
});
