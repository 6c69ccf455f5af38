// x-netexec in the Compose file: `docker netexec -- npm test` knows where.
import assert from 'node:assert/strict';
import { chownSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { must, scenario } from './scenario.ts';
import type { Scenario } from './scenario.ts';

const project = 'ways';

/** The options of a step in a folder of that project's, with these files. */
function inFolder(s: Scenario, files: Readonly<Record<string, string>>) {
  const cwd = join(s.folder, 'app', 'src');
  mkdirSync(cwd, { recursive: true });
  for (const [name, text] of Object.entries(files)) writeFileSync(join(s.folder, 'app', name), text);
  return { cwd, env: { COMPOSE_PROJECT_NAME: s.projectName } };
}

const services = 'services:\n  web:\n    image: netexec/busybox:1\n    networks: [backend]\nnetworks:\n  backend:\n';

scenario('COMMAND must run where the Compose file says', { project }, async (s) => {
  const options = inFolder(s, {
    'compose.yaml': `x-netexec:\n  service: web\n  env-file: vars\n  command: echo $$NETEXEC_SERVICE \${GREETING}\n${services}`,
    '.env': 'GREETING=hello\n',
    vars: 'FROM_FILE=yes\n',
  });
  const says = `netexec: x-netexec in ${s.folder}/app/compose.yaml:1`;
  await s.subtest('with its own words', async () => {
    const run = await must(s.netexec([], options));
    assert.deepEqual(
      [run.stdout, run.stderr],
      ['web hello', `${says}: --env-file vars web -- echo $$NETEXEC_SERVICE \${GREETING}`],
    );
  });
  await s.subtest('with those that are typed', async () => {
    const run = await must(s.netexec(['--', 'sh', '-c', 'echo $NETEXEC_SERVICE $FROM_FILE'], options));
    assert.deepEqual([run.stdout, run.stderr], ['web yes', `${says}: --env-file vars web`]);
  });
  await s.subtest('and --dry-run say so', async () => {
    const { stdout, stderr } = await must(s.netexec(['--dry-run', '--', 'true'], options));
    assert.equal(stderr, '');
    assert.match(stdout, new RegExp(`^preset +x-netexec in ${s.folder}/app/compose.yaml:1 `, 'm'));
  });
  await s.subtest('and a TAB know it', async () => {
    const { stdout } = await must(s.docker(['__completeNoDesc', 'netexec', '--', 'tr'], options));
    assert.match(stdout, /^true$/m);
  });
  await s.subtest('but SERVICE, where it is typed, counts', async () => {
    const refused = await s.netexec(['db', '--', 'true'], options);
    assert.match(refused.stderr, /"db"/);
    assert.doesNotMatch(refused.stderr, /x-netexec/);
  });
  await s.subtest('and what does not go with what is typed be named with its line', async () => {
    inFolder(s, { 'compose.yaml': `x-netexec:\n  service: web\n  stand-in: true\n${services}` });
    const refused = await s.netexec(['--pid', '--', 'true'], options);
    assert.deepEqual([refused.status, refused.stdout], [125, '']);
    assert.match(
      refused.stderr,
      /^netexec: \S+\/app\/compose\.yaml:3: --\S+ and --\S+ cannot be used together\nhint: use only one of them/,
    );
  });
});

scenario('an entry in a service must mean that service, whatever the override says beside', { project }, async (s) => {
  const inService = services.replace('image', 'x-netexec: &own\n      service-env: true\n    image');
  const options = inFolder(s, { 'compose.yaml': inService });
  const run = () => s.netexec(['--', 'sh', '-c', 'echo $NETEXEC_SERVICE'], options);
  assert.equal((await must(run())).stdout, 'web');
  inFolder(s, { 'compose.override.yaml': 'x-netexec: { on: backend }\n' });
  const both = await run();
  assert.equal(both.status, 125);
  assert.equal(
    both.stderr,
    `netexec: more than one x-netexec found: ${s.folder}/app/compose.yaml:3 (in web), ${s.folder}/app/compose.override.yaml:1 (top level)\nhint: specify SERVICE, or keep only one of them`,
  );
});

scenario(
  'an entry in a file of a stranger, above the folder, must count once that is named',
  { project },
  async (s) => {
    const options = inFolder(s, { 'compose.yaml': `x-netexec: { service: web, command: echo gone }\n${services}` });
    const file = `${s.folder}/app/compose.yaml`;
    chownSync(file, 65534, 65534);
    const refused = await s.netexec([], options);
    assert.deepEqual([refused.status, refused.stdout], [125, '']);
    assert.equal(
      refused.stderr,
      `netexec: ${file}:1: netexec does not use this x-netexec: the file belongs to another user (uid 65534)\nhint: if you trust the file, name it: -f ${file}`,
    );
    assert.equal((await must(s.netexec(['-f', file], options))).stdout, 'gone');
    // In the stranger's own folder it is what one has come for.
    chownSync(options.cwd, 65534, 65534);
    assert.equal((await must(s.netexec([], options))).stdout, 'gone');
  },
);

scenario(
  'an entry that is wrong must be told with its line, and one that is not there be missed by nobody',
  { project },
  async (s) => {
    const rows: readonly (readonly [text: string, what: RegExp])[] = [
      [
        'x-netexec:\n  service: web\n  sevice-env: true\n',
        /compose\.yaml:3: x-netexec has no key "sevice-env"\nhint: did you mean service-env\?$/,
      ],
      ['x-netexec: web\n', /compose\.yaml:1: x-netexec: expected keys, such as service: NAME\n/],
      ['x-netexec:\n  service: ${\n', /compose\.yaml:2: service: /],
      ['x-netexec: [\n', /compose\.yaml:\d+: /],
      ['x-netexec:\n  service: nobody\n', /service "nobody"/],
      // As before there was such a thing.
      ['', /"true"/],
    ];
    for (const [text, what] of rows)
      await s.subtest(JSON.stringify(text), async () => {
        const run = await s.netexec(['--', 'true'], inFolder(s, { 'compose.yaml': text + services }));
        assert.deepEqual([run.status, run.stdout], [125, '']);
        assert.match(run.stderr, what);
      });
  },
);
