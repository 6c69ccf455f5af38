// The third way of using it: with rootless docker and fish, typing in haste.
import { callerNamed, useCallers } from './callers.ts';
import { must, scenario } from './scenario.ts';
import { fish, project, walker } from './walk.ts';
import type { Typed } from './walk.ts';

const callers = useCallers(project);
const owner = callerNamed('netexec-rootless');

const lines: readonly Typed[] = [
  { line: 'docker netexec web id -un', shows: [/^netexec-rootless$/m] },
  { line: "docker netexec web -- psql -h db -U app -tAc 'select 1'", shows: [/^1$/m] },
  {
    line: 'docker netexec web ehco hi',
    status: 127,
    shows: [/hint: did you mean echo\? docker netexec web echo hi$/m],
  },
  { line: 'docker netexec wbe echo hi', status: 125, shows: [/hint: did you mean web\? docker netexec web echo hi$/m] },
  { line: 'docker netexec --chekc web redis', status: 125, shows: [/hint: .* docker netexec --check web redis$/m] },
  { line: 'docker netexec -chekc web redis', status: 125, shows: [/netexec: unknown flag: -c/] },
  { line: 'docker netexec --check web redis 6379', status: 125, shows: [/docker netexec --check web redis:6379$/m] },
  { line: 'docker netexec --check web redis:6379', shows: [/✓ listens {2}redis-server \(pid \d+\)/, /Redis: PONG$/m] },
  { line: 'docker netexec worker --index 2 id', status: 127, shows: [/docker netexec --index 2 worker id$/m] },
  { line: 'docker netexec web --dry-run', status: 127, shows: [/docker netexec --dry-run web$/m] },
  { line: 'docker netexec web -h db', status: 127, shows: [/hint: specify the program: .* -- COMMAND -h db$/m] },
  {
    line: 'docker netexec psql -h db',
    status: 125,
    shows: [/hint: SERVICE goes first: docker netexec \w+ -- psql -h db$/m],
  },
  { line: 'docker netexec -e web env', status: 125, shows: [/hint: SERVICE goes first: /] },
  { line: 'docker netexec --on bakc -- id', status: 125, shows: [/docker netexec --on back -- id$/m] },
  { line: 'docker netexec --on back -- getent hosts db', shows: [/db/] },
  { line: 'docker netexec --network front web -- getent hosts api', shows: [/api\./] },
  { line: 'docker netexec --all worker -- echo here', shows: [/^worker-1 {2}\| here$/m, /^worker-2 {2}\| here$/m] },
  {
    line: 'docker netexec --stand-in --replace api -- getent hosts db',
    shows: [/netexec-test-shop-api-1 is stopped/, /db/],
  },
  { line: 'docker netexec --wait db:5432 web -- echo there', shows: [/^there$/m], hides: /waiting/ },
  { line: 'eval (docker netexec --print-env --format shell api); echo $SECRET', shows: [/^it is \$5, not less$/m] },
  { line: 'docker netexec -e A=(echo b) web env | grep ^A=', shows: [/^A=b$/m] },
  {
    line: 'docker netexec web tcpdump -i any -c 1',
    status: 1,
    shows: [/tcpdump cannot capture without capabilities: --cap-add NET_RAW --cap-add SETUID --cap-add SETGID$/m],
  },
  {
    line: 'docker netexec --cap-add NET_RAW --cap-add SETUID --cap-add SETGID web tcpdump -ni any',
    until: /^listening on any/m,
    hides: /warning/,
  },
  { line: 'docker netexec --pid web -- ps -e', shows: [/^ +1 /m] },
  { line: 'docker netexec --pid web -- strace -p 1', status: 1, shows: [/use --cap-add SYS_PTRACE$/m] },
  {
    line: 'docker netexec --pid --cap-add SYS_PTRACE web -- strace -p 1',
    until: /Process 1 attached/,
    status: 130,
    hides: /warning/,
  },
  {
    line: 'docker netexec -u root web id',
    status: 125,
    shows: [/^ {2}rootless: its user namespace contains only you/m, /hint: use sudo docker .* netexec,/],
  },
  { line: 'docker netexec --elevate docker web id', status: 125, shows: [/docker: the engine is rootless/] },
  { line: 'docker netexec --forward 0:db:5432 web', until: /^127\.0\.0\.1:\d+ → db:5432$/m, status: 130 },
  {
    line: 'docker netexec --doctor',
    shows: [/✓ rootless +used: /, /^docker netexec works on this machine\.$/m],
  },
  {
    line: 'docker netexec --dry-run web -- true',
    shows: [/^true would run in .*, entered as the owner of a rootless engine:$/m],
  },
  {
    line: 'docker netexec admin true',
    status: 125,
    shows: [/hint: start it: docker compose --profile tools up -d admin$/m],
  },
  { line: 'cd /; docker netexec web true; cd -', status: 0, shows: [/"web" runs in netexec-test-shop/] },
];

scenario('the owner of a rootless engine must get along in fish, in haste', { project }, async (s) => {
  const { types, completes, terminal, step } = await walker(s, callers, owner, fish, { SHELL: '/usr/bin/fish' });
  await types(lines);
  await s.subtest('a shell', async () => {
    await terminal.begin();
    await terminal.type('docker netexec web');
    await terminal.shows(/^web · netexec-test-shop · back, front$/m);
    await terminal.type('echo "$NETEXEC_SERVICE is it"; exit');
    await terminal.shows(/^web is it$/m);
    await terminal.atPrompt();
  });
  await s.subtest('with TAB', async () => {
    const file = '~/.config/fish/completions/docker.fish';
    await must(s.run(['sh', '-c', `mkdir -p ~/.config/fish/completions; docker completion fish >${file}`], step));
    await completes('docker netexec w', /^web +\(.*\)\nworker +\(.* 2 containers\)$/m);
    await completes('docker netexec --network ', /^back +\(.*\) +front +\(api, web\)$/m);
    await completes('docker netexec --che', /--check/);
  });
});
