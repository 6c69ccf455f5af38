// --service-env: COMMAND has the service's own variables, and nobody else gets to see them.
import assert from 'node:assert/strict';
import { useSudoUser } from './sudo-user.ts';
import { commandLinesWith } from './command-process.ts';
import { must, scenario } from './scenario.ts';

const project = 'documents';
const user = useSudoUser(project);
const secret = "it's a secret";

scenario('psql must find its database by the variables of the service', { project }, async (s) => {
  const run = await s.netexec(['--service-env', 'web', '--', '/usr/bin/psql', '-tAc', 'select current_user']);
  assert.deepEqual([run.status, run.stdout, run.stderr], [0, 'app', '']);
});

scenario("the service's variables must be COMMAND's, but for those of the container itself", { project }, async (s) => {
  const step = { env: { KEPT: 'mine', PGUSER: 'me' } };
  const ways = [
    { name: 'root', options: [], step },
    { name: 'sudo', options: ['-p', s.projectName], step: user.step(s, step) },
    { name: 'the engine', options: ['-p', s.projectName, '--elevate', 'docker'], step: user.step(s, step) },
  ];
  for (const { name, options, step: given } of ways) {
    await s.subtest(name, async () => {
      const run = await must(s.netexec([...options, '--service-env', 'web', '--', 'env'], given));
      const variables = run.stdout.split('\n');
      for (const expected of [`PGPASSWORD=${secret}`, 'PGUSER=app', 'KEPT=mine'])
        assert.ok(variables.includes(expected));
      assert.match(run.stdout, /^HOME=.*netexec/m);
      assert.doesNotMatch(run.stdout, /only\/inside/);
    });
  }
});

scenario("what --env says must win over the service's variables", { project }, async (s) => {
  const args = ['-e', 'PGUSER=other', '-e', 'PGHOST', '--service-env', 'web', '--', 'env'];
  const { stdout } = await must(s.netexec(args, { env: { PGHOST: 'mine' } }));
  assert.match(stdout, /^PGUSER=other$/m);
  assert.match(stdout, /^PGHOST=mine$/m);
});

scenario('without --service-env none of them must be there', { project }, async (s) => {
  const { stdout } = await must(s.netexec(['web', '--', 'env']));
  assert.doesNotMatch(stdout, /PGPASSWORD|DATABASE_URL/);
});

scenario('values must never be on a command line', { project }, async (s) => {
  for (const options of [[], ['--pid'], ['--elevate', 'docker']]) {
    const run = s.netexec([...options, '--service-env', 'web', '--', 'sh', '-c', 'printenv PGPASSWORD; sleep 0.2']);
    assert.deepEqual(await commandLinesWith(secret, run), []);
    assert.equal((await run).stdout, secret);
  }
});

scenario('--dry-run must show their names, and with --no-trunc their values', { project }, async (s) => {
  const names = await must(s.netexec(['--dry-run', '--service-env', 'web', '--', 'env']));
  assert.match(names.stdout, /^set +PGPASSWORD +# --service-env$/m);
  assert.doesNotMatch(names.stdout, /secret/);
  const values = await must(s.netexec(['--dry-run', '--no-trunc', '--service-env', 'web', '--', 'env']));
  assert.match(values.stdout, /^set +PGPASSWORD=it's a secret +# --service-env$/m);
});
