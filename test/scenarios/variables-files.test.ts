// Variables as a file: --env-file for COMMAND, --print-env for whoever reads such files.
import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { everyCaller, useCallers } from './callers.ts';
import { commandLinesWith } from './command-process.ts';
import { bothComposes } from './composes.ts';
import { bringUp } from './own-project.ts';
import { must, scenario } from './scenario.ts';
import type { Scenario } from './scenario.ts';

const project = 'documents';
const callers = useCallers(project);
const secret = 'only-in-the-file';

everyCaller('COMMAND must have the variables of --env-file, by precedence', { project }, async (s, caller) => {
  const lines = [
    `SECRET=${secret}`,
    'PGUSER=file',
    'PGHOST=file',
    "QUOTED='it is $5 #1'",
    'OF=${MINE}-$PGUSER',
    'a.b=c',
  ];
  const step = callers.step(s, caller, { env: { MINE: 'mine', PGUSER: 'me', PGHOST: 'me' }, input: lines.join('\n') });
  await must(s.run(['sh', '-c', 'cat >with.env'], step));
  const show = 'env; printenv a.b; sleep 0.2';
  const line = ['--env-file', 'with.env', '--service-env', '-e', 'PGHOST', 'web', '--', 'bash', '-c', show];
  const run = s.netexec(line, step);
  assert.deepEqual(await commandLinesWith(secret, run), []);
  const variables = (await must(run)).stdout.split('\n');
  const expected = { SECRET: secret, PGUSER: 'file', PGHOST: 'me', QUOTED: 'it is $5 #1', OF: 'mine-me' };
  for (const [name, value] of Object.entries(expected))
    assert.deepEqual(
      variables.filter((each) => each.startsWith(`${name}=`)),
      [`${name}=${value}`],
    );
  assert.equal(variables.at(-1), 'c');
  assert.ok(variables.includes("PGPASSWORD=it's a secret"));
});

scenario('of several files the later must count, and a pipe must be one', { project }, async (s) => {
  writeFileSync(join(s.folder, 'one.env'), 'A=1\nB=1\n');
  const line = `docker netexec -p ${s.projectName} --env-file one.env --env-file <(printf 'B=2\\nC=$B$A\\n') web -- printenv A B C`;
  const { stdout } = await must(s.run(['bash', '-c', line], { cwd: s.folder }));
  assert.equal(stdout, '1\n2\n21');
});

scenario('bytes that are no UTF-8 must reach COMMAND as they are', { project }, async (s) => {
  writeFileSync(join(s.folder, 'bytes.env'), Buffer.from("A='\xe9\xff x'\n", 'latin1'));
  const run = await must(
    s.netexec(['-p', s.projectName, '--env-file', 'bytes.env', 'web', 'printenv', 'A'], { cwd: s.folder }),
  );
  assert.deepEqual(Buffer.from(run.stdoutBytes), Buffer.from('\xe9\xff x\n', 'latin1'));
});

scenario('a file that cannot be used must be named, and nothing may start', { project }, async (s) => {
  const rows: readonly (readonly [name: string, text: string | undefined, expected: RegExp])[] = [
    ['none.env', undefined, /^netexec: --env-file none\.env: no such file\nhint: .*--print-env SERVICE >none\.env$/],
    ['line.env', 'A=1\nB="2\n', /^netexec: --env-file line\.env: line 2: unterminated quoted value\nhint: /],
    ['name.env', 'A=1\nB', /^netexec: --env-file name\.env: its last line has no "="\nhint: /],
    ['nul.env', 'A=1\0\n', /^netexec: --env-file nul\.env: the value of A contains a NUL\nhint: /],
    ['.', undefined, /^netexec: --env-file \.: it is a directory\nhint: /],
  ];
  for (const [name, text, expected] of rows)
    await s.subtest(name, async () => {
      if (text !== undefined) writeFileSync(join(s.folder, name), text);
      const line = ['-p', s.projectName, '--env-file', name, 'web', 'touch', 'started'];
      const run = await s.netexec(line, { cwd: s.folder });
      assert.deepEqual([run.status, run.stdout], [125, '']);
      assert.match(run.stderr, expected);
    });
  assert.notEqual((await s.run(['ls', 'started'], { cwd: s.folder })).status, 0);
});

everyCaller(
  "--print-env must print the service's variables, as --service-env takes them",
  { project },
  async (s, caller) => {
    const step = callers.step(s, caller);
    const { stdout, stderr } = await must(s.netexec(['--print-env', 'web'], step));
    const expected = [
      'DATABASE_URL=postgres://app:secret@postgres/app',
      'LANG=C.UTF-8',
      'PGHOST=postgres',
      `PGPASSWORD="it's a secret"`,
      'PGUSER=app',
      'REDIS_URL=redis://redis:6379/0',
    ];
    assert.deepEqual([stdout.split('\n'), stderr], [expected, '']);
  },
);

/** What a value can be made of, each in a variable of its own. */
const values: readonly string[] = [
  '',
  ' ',
  'plain',
  'a b',
  '#',
  'a #b',
  '$',
  '$$',
  '$HOME',
  '${HOME}',
  '${A:?x}',
  '"',
  "'",
  `'"`,
  '\\',
  'a\\',
  'a\\\\',
  "\\'",
  '\n',
  'a\nb',
  'a\n',
  '\r\n',
  "it's\nmy\\n",
  '\t',
  '`id`',
  '$(id)',
  '=',
  'é',
  '語',
  '👩‍🚀',
  '\u00a0',
  '\u0085',
  '\u001b[2J',
  '\u202e',
  "'$'$$'",
  JSON.stringify({ a: ["it's", '$x', 'line\nbreak'] }),
  '-----BEGIN CERTIFICATE-----\nMIIB+a/=\n-----END CERTIFICATE-----\n',
];
const variables = Object.fromEntries(values.map((value, index) => [`V${index}`, value]));

async function bringUpNasty(s: Scenario): Promise<Awaited<ReturnType<typeof bringUp>>> {
  const environment = Object.fromEntries(
    Object.entries(variables).map(([name, value]) => [name, value.replaceAll('$', '$$$$')]),
  );
  const web = { image: 'netexec/scratch:1', pull_policy: 'never', command: ['/sleep', 'infinity'], environment };
  // YAML takes one of them, as it stands, for the end of a line.
  const file = JSON.stringify({ services: { web } }).replaceAll('\u0085', String.raw`\u0085`);
  return bringUp(s, 'netexec-test-variables', file);
}

scenario('what --print-env prints must be read as what it was, by all who read such files', { project }, async (s) => {
  const options = await bringUpNasty(s);
  const { stdoutBytes: file } = await must(s.netexec(['--print-env', 'web'], options));
  const folder = join(s.folder, 'read');
  mkdirSync(folder);
  writeFileSync(join(folder, 'web.env'), file);

  await s.subtest('--env-file', async () => {
    const line = ['--env-file', join(folder, 'web.env'), 'web', '--', 'env', '-0'];
    const { stdout } = await must(s.netexec(line, options));
    const seen = new Set(stdout.split('\0'));
    for (const [name, value] of Object.entries(variables)) assert.ok(seen.has(`${name}=${value}`), name);
  });
  await s.subtest('Compose', async () => {
    const web = { image: 'x', env_file: 'web.env' };
    writeFileSync(join(folder, 'compose.yaml'), JSON.stringify({ name: 'read', services: { web } }));
    for (const { version, env } of await bothComposes(s)) {
      const { stdout } = await must(s.docker(['compose', 'config', '--format', 'json'], { cwd: folder, env }));
      const config = JSON.parse(stdout) as { services: { web: { environment: Record<string, string> } } };
      const read = Object.entries(config.services.web.environment);
      assert.deepEqual(
        Object.fromEntries(read.map(([name, value]) => [name, value.replaceAll('$$', '$')])),
        variables,
        version,
      );
    }
  });
  await s.subtest('a shell', async () => {
    const { stdoutBytes: lines } = await must(s.netexec(['--print-env', '--format', 'shell', 'web'], options));
    writeFileSync(join(folder, 'web.sh'), lines);
    for (const shell of ['dash', 'bash']) {
      const { stdout } = await must(s.run([shell, '-c', '. ./web.sh && exec env -0'], { cwd: folder }));
      const seen = new Set(stdout.split('\0'));
      for (const [name, value] of Object.entries(variables))
        assert.ok(seen.has(`${name}=${value}`), `${shell}: ${name}`);
    }
  });
  await s.subtest('JSON', async () => {
    const { stdout } = await must(s.netexec(['--print-env', '--format', 'json', 'web'], options));
    assert.deepEqual(JSON.parse(stdout), variables);
  });
  await s.subtest('also where the service does not run', async () => {
    await must(s.compose(['stop', '-t', '0', 'web'], options));
    const again = await must(s.netexec(['--print-env', 'web'], options));
    assert.deepEqual(again.stdoutBytes, file);
  });
});
