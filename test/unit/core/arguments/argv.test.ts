// The command line, in every form in which docker, an old completion script or a user hands it over.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parseArgv } from '../../../../src/core/arguments/argv.ts';
import type { DockerOptions, ReportRequest, Request, RunRequest } from '../../../../src/core/arguments/argv.ts';
import type { Failure, Result } from '../../../../src/core/failure/failure.ts';
import { request } from '../samples.ts';

const noDockerOptions: DockerOptions = {
  config: undefined,
  context: undefined,
  host: undefined,
  tls: undefined,
  tlsVerify: undefined,
  tlsCaCert: undefined,
  tlsCert: undefined,
  tlsKey: undefined,
};

const dockerOptions = (given: Partial<DockerOptions>): DockerOptions => ({ ...noDockerOptions, ...given });

const web: RunRequest = { ...request, command: [] };

const runs = (run: Partial<RunRequest> = {}, docker: Partial<DockerOptions> = {}): Result<Request> => ({
  ok: true,
  value: { action: 'run', docker: dockerOptions(docker), run: { ...web, docker: dockerOptions(docker), ...run } },
});

const fails = (failure: Failure): Result<Request> => ({ ok: false, failure });

/** Each row: the words, parted by spaces or as a list, and what they mean. */
type Row = readonly [words: string | readonly string[], expected: Result<Request>];

const split = (words: Row[0]): readonly string[] => (typeof words === 'string' ? words.split(' ') : words);

function check(rows: readonly Row[], calledByDocker: boolean): void {
  for (const [words, expected] of rows) {
    test(typeof words === 'string' ? words : JSON.stringify(words), () => {
      assert.deepEqual(parseArgv(split(words), calledByDocker), expected);
    });
  }
}

describe("docker's own options in front", () => {
  const tls = { tls: true, tlsVerify: true, tlsCaCert: 'ca', tlsCert: 'cert', tlsKey: 'key' };
  check(
    [
      ['netexec web', runs()],
      ['--context X netexec web', runs({}, { context: 'X' })],
      ['--context=X netexec web', runs({}, { context: 'X' })],
      ['-c X netexec web', runs({}, { context: 'X' })],
      ['-cX netexec web', runs({}, { context: 'X' })],
      ['-c=X netexec web', runs({}, { context: 'X' })],
      ['-H tcp://1.2.3.4:5 netexec web', runs({}, { host: 'tcp://1.2.3.4:5' })],
      ['-DHtcp://h:5 netexec web', runs({}, { host: 'tcp://h:5' })],
      ['-DH tcp://h:5 netexec web', runs({}, { host: 'tcp://h:5' })],
      ['-H=tcp://h:5 --tls=false -l=debug netexec web', runs({}, { host: 'tcp://h:5', tls: false })],
      [
        '--config D --log-level debug --tls --tlsverify --tlscacert ca --tlscert cert --tlskey=key -D netexec web',
        runs({}, { config: 'D', ...tls }),
      ],
      ['--tlsverify=0 --tls=1 netexec web', runs({}, { tlsVerify: false, tls: true })],
      ['--context one --context two netexec web', runs({}, { context: 'two' })],
      ['-- netexec web', runs()],
      ['--context X -- netexec web', runs({}, { context: 'X' })],
      ['--context netexec netexec web', runs({}, { context: 'netexec' })],
      ['--context -- netexec web', runs({}, { context: '--' })],
      [['--host', '', 'netexec', 'web'], runs({}, { host: '' })],
      ['-H a -H b netexec web', fails({ kind: 'flags-exclude-each-other', flags: ['--host', '--host'] })],
      ['-H a -c b netexec web', fails({ kind: 'flags-exclude-each-other', flags: ['--host', '--context'] })],
    ],
    true,
  );
});

describe('what is answered without a container', () => {
  const answer = (action: 'help' | 'version' | 'nothing'): Result<Request> => ({ ok: true, value: { action } });
  check(
    [
      ['help netexec', answer('help')],
      ['help netexec web', answer('help')],
      ['--context X help netexec', answer('help')],
      ['--help netexec', answer('help')],
      ['-h netexec', answer('help')],
      ['netexec --help', answer('help')],
      ['netexec -h', answer('help')],
      ['netexec -p name --help web', answer('help')],
      ['netexec --version', answer('version')],
      ['netexec docker-cli-plugin-hooks {"RootCmd":"ps"}', answer('nothing')],
    ],
    true,
  );
  check(
    [
      ['--help', answer('help')],
      ['-h', answer('help')],
      ['help', answer('help')],
      ['--version', answer('version')],
      ['-v', answer('version')],
    ],
    false,
  );
});

describe('called directly, without docker', () => {
  check(
    [
      ['web', runs()],
      ['--context X -p name web ls', runs({ projectName: 'name', command: ['ls'] }, { context: 'X' })],
      ['-p name --context X web ls', runs({ projectName: 'name', command: ['ls'] }, { context: 'X' })],
      ['-- web', runs({ unnamed: true })],
      ['netexec web', runs({ service: 'netexec', command: ['web'] })],
      ['web help', runs({ command: ['help'] })],
    ],
    false,
  );
});

describe('SERVICE and COMMAND', () => {
  check(
    [
      ['netexec web -- psql -h db', runs({ command: ['psql', '-h', 'db'] })],
      ['netexec web psql -h db', runs({ command: ['psql', '-h', 'db'] })],
      ['netexec web -- -- x', runs({ command: ['--', 'x'] })],
      ['netexec web --', runs()],
      ['netexec -- web psql', runs({ command: ['psql'], unnamed: true })],
      ['netexec -- web -- psql', runs({ command: ['psql'], unnamed: true })],
      ['netexec -- -p ls', runs({ service: '-p', command: ['ls'], unnamed: true })],
      ['netexec web --help', { ok: true, value: { action: 'help' } }],
      ['netexec psql -h db', runs({ service: 'psql', command: ['-h', 'db'] })],
      ['netexec web -- --help', runs({ command: ['--help'] })],
      ['netexec web -it bash', runs({ command: ['-it', 'bash'] })],
      ['netexec web -p name', runs({ command: ['-p', 'name'] })],
      ['netexec web -H x', runs({ command: ['-H', 'x'] })],
      ['netexec web ls -- --version', runs({ command: ['ls', '--', '--version'] })],
      ['netexec web docker-cli-plugin-hooks', runs({ command: ['docker-cli-plugin-hooks'] })],
      [
        ['netexec', 'web', 'printf', 'a b', '', '$x', '-DH', '--env=no', '\n', 'ü'],
        runs({ command: ['printf', 'a b', '', '$x', '-DH', '--env=no', '\n', 'ü'] }),
      ],
      [['netexec', 'web', '', 'x'], runs({ command: ['', 'x'] })],
      [['netexec', 'a b'], runs({ service: 'a b' })],
    ],
    true,
  );
});

describe("netexec's options", () => {
  check(
    [
      ['netexec -p name web', runs({ projectName: 'name' })],
      ['netexec -pname web', runs({ projectName: 'name' })],
      ['netexec -p=name web', runs({ projectName: 'name' })],
      ['netexec --project-name name web', runs({ projectName: 'name' })],
      ['netexec --project-name=name web', runs({ projectName: 'name' })],
      ['netexec --project-name==name web', runs({ projectName: '=name' })],
      ['netexec -p one -p two web', runs({ projectName: 'two' })],
      ['netexec -p --dry-run web', runs({ projectName: '--dry-run' })],
      ['netexec -f a -f b --file=c web', runs({ files: ['a', 'b', 'c'] })],
      ['netexec -e A=1 -eB -e=C= --env A=2 web', runs({ env: ['A=1', 'B', 'C=', 'A=2'] })],
      [['netexec', '-e', 'A= b\n', 'web'], runs({ env: ['A= b\n'] })],
      ['netexec --project-directory dir web', runs({ projectDirectory: 'dir' })],
      ['netexec --container web', runs({ container: true })],
      ['netexec --container=false -p name web', runs({ projectName: 'name' })],
      ['netexec --index 2 web', runs({ index: 2 })],
      ['netexec --resolver host web', runs({ resolver: 'host' })],
      ['netexec -u me:staff -w /tmp web', runs({ user: 'me:staff', workdir: '/tmp' })],
      ['netexec --elevate none web', runs({ elevate: 'none' })],
      ['netexec --network backend web', runs({ network: 'backend' })],
      ['netexec --resolver hostaliases --provider nip.io web', runs({ resolver: 'hostaliases', provider: 'nip.io' })],
      ['netexec --dry-run web', runs({ dryRun: true })],
      ['netexec --dry-run=true web', runs({ dryRun: true })],
      ['netexec --dry-run=false web', runs()],
      ['netexec --dry-run --dry-run=false web', runs()],
      ['netexec --dry-run false', runs({ dryRun: true, service: 'false' })],
      ['netexec --help=false web', runs()],
    ],
    true,
  );
});

describe('reports', () => {
  const names: ReportRequest = {
    kind: 'list-names',
    subject: undefined,
    docker: noDockerOptions,
    projectName: undefined,
    files: [],
    projectDirectory: undefined,
    container: false,
    index: undefined,
    resolver: 'private',
    provider: undefined,
    format: undefined,
    quiet: false,
    noTrunc: false,
  };
  const reports = (report: Partial<ReportRequest> = {}, docker: Partial<DockerOptions> = {}): Result<Request> => ({
    ok: true,
    value: {
      action: 'report',
      docker: dockerOptions(docker),
      report: { ...names, docker: dockerOptions(docker), ...report },
    },
  });
  const excluded = (one: string, other: string): Result<Request> =>
    fails({ kind: 'flags-exclude-each-other', flags: [one, other] });
  check(
    [
      ['netexec --list-names', reports()],
      ['netexec --list-names web', reports({ subject: 'web' })],
      ['netexec --list-names -- web', reports({ subject: 'web' })],
      [
        '-c X netexec --list-networks -p name',
        reports({ kind: 'list-networks', projectName: 'name' }, { context: 'X' }),
      ],
      ['netexec -q --no-trunc --list-names', reports({ quiet: true, noTrunc: true })],
      ['netexec --list-names --format json', reports({ format: 'json' })],
      [['netexec', '--list-names', '--format', '{{ .Name }}'], reports({ format: '{{ .Name }}' })],
      ['netexec --hostaliases backend', reports({ kind: 'hostaliases', subject: 'backend' })],
      [
        'netexec --hostaliases --resolver hostaliases --provider nip.io.',
        reports({ kind: 'hostaliases', resolver: 'hostaliases', provider: 'nip.io' }),
      ],
      ['netexec --list-names --container --list-names=true x', reports({ container: true, subject: 'x' })],
      ['netexec --list-names=false web', runs()],
      ['netexec --list-names --list-names=false web', runs()],
      ['netexec --list-networks web', fails({ kind: 'surplus-argument', argument: 'web', flag: '--list-networks' })],
      ['netexec --list-names web ls', fails({ kind: 'surplus-argument', argument: 'ls', flag: '--list-names' })],
      ['netexec --list-names --list-networks', excluded('--list-networks', '--list-names')],
      ['netexec --list-names -e A web', excluded('--list-names', '--env')],
      ['netexec --hostaliases --dry-run', excluded('--hostaliases', '--dry-run')],
      ['netexec -q web', fails({ kind: 'flag-for-reports', flag: '--quiet' })],
      ['netexec --format json web', fails({ kind: 'flag-for-reports', flag: '--format' })],
    ],
    true,
  );
});

describe('what is wrong with a command line', () => {
  const unknown = (flag: string, belongsToDocker = false, word = flag): Result<Request> =>
    fails({ kind: 'unknown-flag', flag, word, belongsToDocker });
  const needsValue = (flag: string): Result<Request> => fails({ kind: 'flag-needs-value', flag });
  const invalid = (flag: string, value: string, expected: string): Result<Request> =>
    fails({ kind: 'invalid-value', flag, value, expected });
  const number = 'a number, 1 or greater';
  const excluded = (flag: string): Result<Request> =>
    fails({ kind: 'flags-exclude-each-other', flags: ['--container', flag] });
  check(
    [
      ['netexec --bogus web', unknown('--bogus')],
      ['netexec --bogus=1 web', unknown('--bogus', false, '--bogus=1')],
      ['netexec -x web', unknown('-x')],
      ['netexec -xp name web', unknown('-x', false, '-xp')],
      ['netexec -ix web', unknown('-x', false, '-ix')],
      ['netexec --no-dry-run web', unknown('--no-dry-run')],
      ['netexec --context Y web', unknown('--context', true)],
      ['netexec -H x web', unknown('-H', true)],
      ['netexec --H x web', unknown('--H')],
      ['--bogus netexec web', unknown('--bogus')],
      ['netexec --__proto__ web', unknown('--__proto__')],
      ['netexec --index', needsValue('--index')],
      ['netexec -e', needsValue('-e')],
      ['netexec --container=maybe web', fails({ kind: 'flag-takes-no-value', flag: '--container', value: 'maybe' })],
      ['netexec --dry-run= web', fails({ kind: 'flag-takes-no-value', flag: '--dry-run', value: '' })],
      ['netexec --index 0 web', invalid('--index', '0', number)],
      ['netexec --index -1 web', invalid('--index', '-1', number)],
      ['netexec --index 1.5 web', invalid('--index', '1.5', number)],
      ['netexec --index 0x2 web', invalid('--index', '0x2', number)],
      ['netexec --index= web', invalid('--index', '', number)],
      ['netexec --index 99999999999999999999 web', invalid('--index', '99999999999999999999', number)],
      ['netexec --resolver dns web', invalid('--resolver', 'dns', 'private, hostaliases or host')],
      ['netexec --resolver Private web', invalid('--resolver', 'Private', 'private, hostaliases or host')],
      ['netexec --cap-add NET_RAV web', invalid('--cap-add', 'NET_RAV', 'a capability, such as NET_RAW')],
      ['netexec --cap-add= web', invalid('--cap-add', '', 'a capability, such as NET_RAW')],
      ['netexec --elevate root web', invalid('--elevate', 'root', 'auto, none, sudo, docker or tunnel')],
      ['netexec --elevate= web', invalid('--elevate', '', 'auto, none, sudo, docker or tunnel')],
      ['netexec --provider nip,io web', invalid('--provider', 'nip,io', 'a domain name, such as sslip.io')],
      ['netexec --provider= web', invalid('--provider', '', 'a domain name, such as sslip.io')],
      ['netexec -e =x web', invalid('--env', '=x', 'KEY or KEY=VALUE')],
      [['netexec', '-e', '', 'web'], invalid('--env', '', 'KEY or KEY=VALUE')],
      [['netexec', '-e', 'A=\0', 'web'], invalid('--env', 'A=\0', 'KEY or KEY=VALUE')],
      ['netexec --container -p name web', excluded('--project-name')],
      ['netexec --container -f file web', excluded('--file')],
      ['netexec --container --project-directory dir web', excluded('--project-directory')],
      ['netexec --index 1 --container web', excluded('--index')],
    ],
    true,
  );
});
