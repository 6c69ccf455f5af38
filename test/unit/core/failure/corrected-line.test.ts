// A line that is wrong must be answered with the line that is right, whole, to be copied.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parseArgv } from '../../../../src/core/arguments/argv.ts';
import { nothingTyped } from '../../../../src/core/compose/compose-line.ts';
import { explain } from '../../../../src/core/failure/explain.ts';
import type { Failure } from '../../../../src/core/failure/failure.ts';
import type { LocalPort } from '../../../../src/core/relay/local-ports.ts';

/** What is said of a line: of its words, or, where these are in order, of what was found then. */
function hintOf(line: readonly string[], found?: Failure): string | undefined {
  const request = parseArgv(line.slice(1), true);
  const failure = request.ok ? found : request.failure;
  assert.ok(failure !== undefined, 'the line is right');
  return explain(failure, {
    ...nothingTyped,
    line,
    programs: ['env', 'ls', 'ps', 'psql'],
    plugin: '/home/me/docker-netexec-linux-x64',
  }).hint;
}

const notFound = (command: string): Failure => ({ kind: 'command-not-found', command, path: '/bin' });
const taken = (localPort: LocalPort, free: number): Failure => ({
  kind: 'port-taken',
  place: '127.0.0.1:1',
  holder: undefined,
  localPort,
  free,
});
const noService = (service: string): Failure & { readonly kind: 'service-unknown' } => ({
  kind: 'service-unknown',
  project: 'shop',
  service,
  services: ['web', 'worker'],
  running: ['web'],
  alsoIn: [],
});
const forgotten = (...running: readonly string[]): Failure => ({
  kind: 'missing-service',
  usage: 'run',
  project: 'shop',
  running,
});
const noProject = (project: string): Failure => ({
  kind: 'project-empty',
  project,
  source: '--project-name',
  service: 'web',
  hasFiles: true,
  running: ['shop'],
});

describe('the words', () => {
  const rows: readonly (readonly [line: string, hint: string, found?: Failure])[] = [
    ['docker netexec --chekc web redis:6379', 'did you mean --check? docker netexec --check web redis:6379'],
    ['docker netexec --chekc=1 web redis', 'did you mean --check? docker netexec --check=1 web redis'],
    ['docker netexec -check web redis:6379', 'did you mean --check? docker netexec --check web redis:6379'],
    ['docker netexec -list-names web', 'did you mean --list-names? docker netexec --list-names web'],
    ['docker netexec -pid web ps', 'did you mean --pid? docker netexec --pid web ps'],
    ['docker netexec --check -format json web', 'did you mean --format? docker netexec --check --format json web'],
    ['docker netexec --check -format=json web', 'did you mean --format? docker netexec --check --format=json web'],
    ['docker netexec -env A=b web env', 'did you mean --env? docker netexec --env A=b web env'],
    ['docker netexec -forward 5432 web', 'did you mean --forward? docker netexec --forward 5432 web'],
    ['docker netexec -v', 'did you mean --version? docker netexec --version'],
    ['docker netexec --list web', 'did you mean --list-networks or --list-names?'],
    [
      'docker netexec -p shop --context far web ls',
      'it is an option of docker, and goes before netexec: docker --context far netexec -p shop web ls',
    ],
    [
      'docker netexec -L 15432:postgres:5432 web psql',
      'to reach a port inside from this machine, use --forward: docker netexec --forward 15432:postgres:5432 web psql',
    ],
    [
      'docker netexec -p 5432:5432 web psql',
      '-p takes a project name; to reach a port inside from this machine, use --forward: docker netexec --forward 5432:5432 web psql',
      { kind: 'project-name-invalid', name: '5432:5432', source: '--project-name' },
    ],
    [
      'docker netexec --forward 5432 -e A=5432 web psql -p 5432',
      'use another port: docker netexec --forward 15432:5432 -e A=5432 web psql -p 5432',
      taken({ kind: 'forward', address: undefined, local: 5432, host: undefined, port: 5432 }, 15_432),
    ],
    [
      'docker netexec --forward 80 --forward=[::1]:5432:[fd00::2]:5432 web',
      "use another port: docker netexec --forward 80 --forward '[::1]:15432:[fd00::2]:5432' web",
      taken({ kind: 'forward', address: '::1', local: 5432, host: 'fd00::2', port: 5432 }, 15_432),
    ],
    [
      'docker netexec --proxy localhost:1080 web',
      'use another port: docker netexec --proxy 11080 web',
      taken({ kind: 'proxy', address: undefined, local: 1080 }, 11_080),
    ],
    [
      'docker netexec --forward 1080 web psql postgres://app:secret@db/app',
      'use another port: --forward 11080:1080',
      taken({ kind: 'forward', address: undefined, local: 1080, host: undefined, port: 1080 }, 11_080),
    ],
    [
      'docker netexec --reverse 80 --reverse 9003:proxy.example:80 web php',
      'use another port inside: docker netexec --reverse 80 --reverse 19003:proxy.example:80 web php',
      {
        kind: 'reverse-refused',
        place: 'localhost:9003 in web',
        inside: 9003,
        leadsTo: 'proxy.example:80',
        error: 'EADDRINUSE',
        holder: undefined,
      },
    ],
    [
      'docker netexec -d web npm start',
      'netexec waits for COMMAND; to run both in the background: docker netexec web npm start &',
    ],
    ['docker netexec --rm web ls', 'netexec leaves no container behind, so omit it: docker netexec web ls'],
    [
      'docker netexec --install',
      'install it: install -D /home/me/docker-netexec-linux-x64 ~/.docker/cli-plugins/docker-netexec',
    ],
    ['docker netexec --list-networks web', 'omit it: docker netexec --list-networks'],
    [
      'docker netexec --check web postgres 5432',
      'did you mean postgres:5432? docker netexec --check web postgres:5432',
      { kind: 'endpoint-parted', host: 'postgres', port: '5432' },
    ],
    ['docker netexec wbe ls', 'did you mean web? docker netexec web ls', noService('wbe')],
    [
      'docker netexec worker-2 ls',
      'did you mean --index 2 worker? docker netexec --index 2 worker ls',
      noService('worker-2'),
    ],
    ['docker netexec exec web ls', 'omit "exec": docker netexec web ls', noService('exec')],
    ['docker netexec doctor', 'did you mean --doctor? docker netexec --doctor', noService('doctor')],
    ['docker netexec -p shpo web ls', 'did you mean -p shop? docker netexec -p shop web ls', noProject('shpo')],
    ['docker netexec --project-name=shpo web ls', 'did you mean -p shop?', noProject('shpo')],
    [
      'docker netexec web -p shop ls',
      "netexec's options go before SERVICE: docker netexec -p shop web ls",
      notFound('-p'),
    ],
    [
      'docker netexec web -it -u root sh -c id',
      "netexec's options go before SERVICE: docker netexec -it -u root web sh -c id",
      notFound('-it'),
    ],
    [
      'docker netexec web postgres:5432',
      'is that an endpoint to check? docker netexec --check web postgres:5432',
      notFound('postgres:5432'),
    ],
    [
      'docker netexec web http://api:8080/',
      'is that an endpoint to check? docker netexec --check web http://api:8080/',
      notFound('http://api:8080/'),
    ],
    [
      'docker netexec web postgres://app:secret@db/',
      'is that an endpoint to check? docker netexec --check SERVICE URL',
      notFound('postgres://app:secret@db/'),
    ],
    ['docker netexec web import.py', 'did you mean ./import.py? docker netexec web ./import.py', notFound('import.py')],
    ['docker netexec web pqsl -h db', 'did you mean psql? docker netexec web psql -h db', notFound('pqsl')],
    ['docker netexec --forward postgres:5432', 'docker netexec --forward postgres:5432 web', forgotten('web')],
    ['docker netexec --wait postgres:5432 --', 'docker netexec --wait postgres:5432 SERVICE', forgotten('db', 'web')],
    ['docker netexec --env-file web.env', 'start it: docker compose up -d', forgotten()],
    ['docker netexec -p shop --dry-run', 'docker netexec -p shop --dry-run SERVICE', forgotten('db', 'web')],
    ['docker netexec psql -h db', 'SERVICE goes first: docker netexec web -- psql -h db', noService('psql')],
    ['docker netexec -- psql -h psql', 'SERVICE goes first: docker netexec web -- psql -h psql', noService('psql')],
    ['docker netexec web -h db', 'specify the program: docker netexec web -- COMMAND -h db', notFound('-h')],
    [
      'docker netexec web --on cache -- true',
      "netexec's options go before SERVICE: docker netexec --on cache -- true",
      notFound('--on'),
    ],
    [
      'docker netexec web --on cache true',
      "netexec's options go before SERVICE: docker netexec --on cache -- true",
      notFound('--on'),
    ],
    ['docker netexec --on backend web -- true', 'docker netexec --on backend -- true'],
    ['docker netexec --on backend ls -l', 'docker netexec --on backend -- ls -l'],
    [
      'docker netexec --proxy 1080 -e A=b web',
      'omit it, or specify COMMAND: docker netexec --proxy 1080 -e A=b web -- COMMAND',
    ],
    ['docker netexec --on backend --forward 5432', 'specify the host: --forward postgres:5432'],
    ['docker netexec --timeout 3 web true', 'use it with --check or --wait, or omit it: docker netexec web true'],
    [
      'docker netexec -q web true',
      'use it with --list-networks, --list-names or --hostaliases, or omit it: docker netexec web true',
    ],
    ['docker netexec --index', 'specify N: docker netexec --index N'],
    ['docker netexec --check web --timeout', 'specify SECONDS: docker netexec --check web --timeout SECONDS'],
    ['docker netexec --forward', 'specify [[ADDRESS:]LOCAL:][HOST:]PORT'],
    ['docker netexec --container=maybe web', 'omit the value: docker netexec --container web'],
    ['docker netexec --elevate suod web id', 'did you mean sudo? docker netexec --elevate sudo web id'],
    ['docker netexec --elevate=dokcer web id', 'did you mean docker? docker netexec --elevate docker web id'],
    ['docker netexec --resolver foo web id', 'see docker netexec --help'],
    ['docker netexec --index x web id', 'see docker netexec --help'],
    ['docker netexec --print-env web --format jsno', 'did you mean json? docker netexec --print-env web --format json'],
    ['docker netexec --replace api npm start', 'add it: docker netexec --stand-in --replace api npm start'],
    ['docker netexec --service web id', 'SERVICE needs no option: docker netexec web id'],
    ['docker netexec --check web redis -u root', 'omit --user: docker netexec --check web redis'],
    ['docker netexec -uroot --check web', 'omit --user: docker netexec --check web'],
    [
      'docker netexec --check --elevate=sudo --dry-run web',
      'omit --dry-run: docker netexec --check --elevate=sudo web',
    ],
    ['docker netexec --list-names -u a -u b', 'use only one of them; see docker netexec --help'],
    ['docker netexec --stand-in --pid api ps', 'use only one of them, for example: docker netexec --stand-in api ps'],
    ['docker netexec --container -pshop web psql -p 1', 'use only one of them; see docker netexec --help'],
    [
      'docker netexec --on back --all -- id',
      'with --on there are no replicas, and COMMAND runs once; omit --all: docker netexec --on back -- id',
    ],
    [
      'docker netexec --host-network --forward 8080 web id',
      '--host-network enters no container: COMMAND reaches this machine and all containers directly; omit --forward: docker netexec --host-network web id',
    ],
    [
      'docker netexec --host-network -e A=b web id',
      "omit it: docker netexec -e A=b web id; or run docker netexec on the engine's host",
      { kind: 'not-by-tunnel', what: '--host-network', why: '' },
    ],
    [
      'docker netexec --host-network --on back -- id',
      "omit it: docker netexec --on back -- id; or run docker netexec on the engine's host",
      { kind: 'not-by-tunnel', what: '--host-network', why: '' },
    ],
    [
      'docker netexec --forward 80 --network back web',
      'with COMMAND, it works: docker netexec --forward 80 --network back web -- COMMAND',
      { kind: 'pinned-by-podman', hasCommands: true },
    ],
    [
      'docker netexec shelf true',
      '"shelf" runs in library: docker netexec -p library shelf true',
      { ...noService('shelf'), alsoIn: ['library'] },
    ],
    [
      'docker netexec shelf true',
      '"shelf" runs in library, museum: docker netexec -p NAME shelf true',
      { ...noService('shelf'), alsoIn: ['library', 'museum'] },
    ],
    [
      'docker netexec --list-names',
      'running projects: shop; choose one: docker netexec -p shop --list-names',
      { kind: 'no-project', name: undefined, folder: '/', running: ['shop'], alsoIn: [] },
    ],
    ['docker netexec web exec id', 'omit exec: docker netexec web id', notFound('exec')],
    [
      'docker netexec web export A=1',
      'export is a shell builtin; use -e KEY=VALUE to set a variable',
      notFound('export'),
    ],
    ['docker netexec web source env', "source is a shell builtin: bash -c 'source …'", notFound('source')],
    ['docker netexec -e web env', 'SERVICE goes first: docker netexec -e web web -- env', noService('env')],
    [
      'docker netexec web cd /tmp',
      'cd is a shell builtin; use -w DIR to start COMMAND in another directory',
      notFound('cd'),
    ],
  ];
  for (const [line, hint, found] of rows) test(line, () => assert.equal(hintOf(line.split(' '), found), hint));

  test('for another project than the one that was named', () => {
    const failure: Failure = { ...noService('shelf'), alsoIn: ['library'] };
    const hint = (...before: readonly string[]) =>
      explain(failure, {
        ...nothingTyped,
        projectName: 'shop',
        line: ['docker', 'netexec', ...before, 'shelf', 'true'],
      }).hint;
    assert.equal(hint('-p', 'shop'), '"shelf" runs in library: docker netexec -p library shelf true');
    assert.equal(hint('-p=shop'), '"shelf" runs in library: docker netexec -p library shelf …');
  });
  test('COMMAND as one quoted word', () => {
    const line = ['docker', 'netexec', 'web', 'psql -h db'];
    assert.equal(
      hintOf(line, notFound('psql -h db')),
      'COMMAND is one quoted word: remove the quotes: docker netexec web psql -h db',
    );
  });
  test('what a shell would read otherwise stays quoted', () => {
    const line = ['docker', 'netexec', 'wbe', 'sh', '-c', 'echo $HOME; ls'];
    assert.equal(hintOf(line, noService('wbe')), "did you mean web? docker netexec web sh -c 'echo $HOME; ls'");
  });
});

describe('no line is put right', () => {
  const rows: readonly (readonly [why: string, line: string])[] = [
    ['where the word stands twice', 'docker netexec -p wbe wbe ls'],
    ['that has a password in it', 'docker netexec wbe psql postgres://app:secret@db/app'],
    ['that sets a secret', 'docker netexec -e PGPASSWORD=x wbe psql'],
  ];
  for (const [why, line] of rows)
    test(why, () => assert.equal(hintOf(line.split(' '), noService('wbe')), 'did you mean web?'));
});
