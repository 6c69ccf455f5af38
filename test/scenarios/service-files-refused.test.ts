// --service-files: what cannot be shown is refused, in words, before anything starts.
import assert from 'node:assert/strict';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bringUp } from './own-project.ts';
import { must, scenario } from './scenario.ts';

const project = 'ways';
const name = 'netexec-test-files-refused';

/** A service of that project, with a config or secret. */
const file = (use: string, source: string, what = 'config') => `name: ${name}
services:
  idle: &idle
    image: netexec/busybox:1
    pull_policy: never
    dns: 127.0.0.1
    stop_grace_period: 0s
  web:
    <<: *idle
    ${what}s: [${use}]
${what}s:
  app: ${source}
`;

const at = (target: string): string => file(`{ source: app, target: ${target} }`, '{ content: hello }');
const elsewhere =
  'hint: use a target below /run/secrets, which works on every machine; in the service: - { source: app, target: /run/secrets/app }';
const many = `${file('', '{ content: a }').replace('[]', JSON.stringify(Array.from({ length: 501 }, (_, each) => `c${each}`)))}${Array.from({ length: 501 }, (_, each) => `  c${each}: { content: a }\n`).join('')}`;

interface Row {
  readonly text: string;
  readonly says: string;
  readonly hint?: string;
}

const rows: readonly Row[] = [
  { text: at('/etc/hosts'), says: 'cannot mount config "app" at /etc/hosts: that path already exists on this machine' },
  {
    text: at('/usr/local/etc/app.conf'),
    says: `cannot mount config "app" at /usr/local/etc/app.conf: this machine's own programs read files there`,
  },
  {
    text: at('/lib32/app.conf'),
    says: `cannot mount config "app" at /lib32/app.conf: this machine's own programs read files there`,
  },
  {
    text: at('/tmp/app.conf'),
    says: `cannot mount config "app" at /tmp/app.conf: users other than root can change /tmp`,
  },
  {
    text: at('/root/app.conf'),
    says: 'cannot mount config "app" at /root/app.conf: not every user can read /root',
  },
  {
    text: file('app', '{ file: ./nothing }'),
    says: 'cannot read config "app": FOLDER/nothing: no such file',
    hint: '',
  },
  {
    text: file('app', '{ file: ./large }'),
    says: 'cannot read config "app": FOLDER/large: it is larger than 1 MiB',
    hint: '',
  },
  { text: file('app', '{ file: / }'), says: 'cannot read config "app": /: it is not a file', hint: '' },
  {
    text: file('app', '{ external: true }', 'secret'),
    says: 'cannot read secret "app": it is external, and Compose cannot read it either',
    hint: '',
  },
  {
    text: file('app', '{ environment: NETEXEC_TEST_UNSET }', 'secret'),
    says: 'cannot read secret "app": the variable NETEXEC_TEST_UNSET is not set',
    hint: '',
  },
  {
    text: many,
    says: 'service "web" has more secrets and configs than netexec can mount: 501, but at most 500 are allowed',
    hint: "hint: put them in a directory, and add that to the service's volumes: COMMAND has the directory on this machine already",
  },
];

scenario('what a stand-in cannot be shown must be refused, and nothing stay', { project }, async (s) => {
  const options = await bringUp(s, name, at('/mnt/app.conf'), {}, ['idle']);
  const { cwd = '' } = options;
  writeFileSync(join(cwd, 'large'), Buffer.alloc(1024 * 1024 + 1));
  for (const { text, says, hint = elsewhere } of rows)
    await s.subtest(says, async () => {
      writeFileSync(join(cwd, 'compose.yaml'), text);
      const run = await s.netexec(['--service-files', '--stand-in', 'web', '--', 'echo', 'started'], options);
      const lines = [`netexec: ${says.replace('FOLDER', cwd)}`, ...(hint === '' ? [] : [hint])];
      assert.deepEqual([run.status, run.stdout, run.stderr], [125, '', lines.join('\n')]);
    });
  const containers = ['ps', '-a', '--filter', `label=com.docker.compose.project=${name}`, '--format', '{{.Names}}'];
  assert.equal((await must(s.docker(containers))).stdout, `${name}-idle-1`);
});

scenario('what the service itself does not have, or tell, must be refused', { project }, async (s) => {
  const options = await bringUp(s, name, at('/mnt/app.conf'));
  const container = `${name}-web-1`;
  const refused = async (more: readonly string[] = [], service = 'web'): Promise<string> => {
    const words = ['-p', name, ...more, '--service-files', service, '--', 'echo', 'started'];
    const run = await s.netexec(words, { ...options, cwd: '/' });
    assert.deepEqual([run.status, run.stdout], [125, ''], run.stderr);
    return run.stderr;
  };
  await s.subtest('a file that its container has lost', async () => {
    await must(s.docker(['exec', container, 'rm', '/mnt/app.conf']));
    assert.equal(
      await refused(),
      `netexec: cannot read config "app": the container has no /mnt/app.conf\nhint: see what the container has there: docker cp ${container}:/mnt/app.conf -`,
    );
  });
  const composeFile = join(options.cwd ?? '', 'compose.yaml');
  await s.subtest('a Compose file that is broken meanwhile', async () => {
    writeFileSync(composeFile, 'services: [nonsense]\n');
    assert.match(
      await refused(),
      /^netexec: cannot tell the secrets and configs of service "web": .*\nhint: see what is wrong: docker compose .*config --quiet$/,
    );
  });
  const named = join(s.folder, 'named.yaml');
  const missing = (made: string, why: string): string =>
    `netexec: cannot tell the secrets and configs of service "web": its container was created from "${made}": ${why}\n` +
    `hint: specify the Compose file on this machine: docker netexec -p ${name} -f FILE --service-files web`;
  await s.subtest('a Compose file that is gone', async () => {
    rmSync(composeFile);
    assert.equal(await refused(), missing(composeFile, 'no such file'));
  });
  await s.subtest('but one that is named counts', async () => {
    writeFileSync(named, at('/etc/hosts'));
    assert.match(await refused(['-f', named]), /^netexec: cannot mount config "app" at \/etc\/hosts/);
  });
  for (const made of ['-', 'compose.yaml', 'oci://registry.invalid/app', '/dev/null'])
    await s.subtest(`a container that says it was made from ${made}`, async () => {
      const labels = [
        `project=${name}`,
        'service=web',
        'container-number=1',
        'oneoff=False',
        `project.config_files=${made}`,
      ];
      const words = labels.flatMap((each) => ['--label', `com.docker.compose.${each}`]);
      const image = [
        '--stop-signal',
        'SIGKILL',
        '--name',
        'netexec-test-files-odd',
        'netexec/busybox:1',
        'sleep',
        '600',
      ];
      await must(s.docker(['rm', '-f', container, 'netexec-test-files-odd']));
      s.t.after(() => s.docker(['rm', '-f', 'netexec-test-files-odd']));
      await must(s.docker(['run', '-d', '--dns', '127.0.0.1', ...words, ...image]));
      assert.equal(await refused(), missing(made, made === '/dev/null' ? 'it is not a file' : 'not an absolute path'));
    });
});
