// Proxies on this machine's localhost: in the container's network that is another one, and whoever goes there is told.
import assert from 'node:assert/strict';
import { check, project } from './checks.ts';
import { must, scenario } from './scenario.ts';

const proxy = 'http://me:secret@127.0.0.1:3128';
const rows: readonly (readonly [
  situation: string,
  env: Record<string, string>,
  words: readonly string[],
  told: string | undefined,
])[] = [
  [
    'one variable',
    { http_proxy: proxy },
    ['web'],
    "http_proxy points to 127.0.0.1:3128, which is web's own localhost there, where nothing is listening; use --reverse 3128 to reach this machine's, or -e http_proxy= to run without it",
  ],
  [
    'several, of both cases',
    { HTTPS_PROXY: 'localhost:3128', all_proxy: 'socks5h://[::1]:1080' },
    ['web'],
    "HTTPS_PROXY and all_proxy point to localhost:3128 and [::1]:1080, which is web's own localhost there, where nothing is listening; use --reverse 3128 --reverse 1080 to reach this machine's, or -e HTTPS_PROXY= -e all_proxy= to run without them",
  ],
  [
    "the host's names",
    { http_proxy: proxy },
    ['--resolver', 'host', 'web'],
    "http_proxy points to 127.0.0.1:3128, which is web's own localhost there, where nothing is listening; use --reverse 3128 to reach this machine's, or -e http_proxy= to run without it",
  ],
  ['the cure', { http_proxy: proxy }, ['-e', 'http_proxy=', 'web'], undefined],
  ['a proxy elsewhere', { http_proxy: 'http://proxy.test:3128' }, ['web'], undefined],
  ['no proxy for anything', { http_proxy: proxy, no_proxy: '*' }, ['web'], undefined],
  ['a server of the container', { http_proxy: 'http://localhost:8080' }, ['web'], undefined],
];

scenario('a proxy that is not there must be told of, in one line, and no other', { project }, async (s) => {
  for (const [situation, env, words, told] of rows) {
    await s.subtest(situation, async () => {
      const run = await s.netexec([...words, '--', 'echo', 'hello'], { env });
      assert.deepEqual([run.status, run.stdout], [0, 'hello']);
      assert.equal(run.stderr, told === undefined ? '' : `netexec: warning: ${told}`);
    });
  }
  await s.subtest("where it leads to this machine's", async () => {
    const run = await must(s.netexec(['--reverse', '3128', 'web', '--', 'true'], { env: { http_proxy: proxy } }));
    assert.equal(run.stderr, 'localhost:3128 in web → localhost:3128 on this machine');
  });
  await s.subtest('in what would be done', async () => {
    const plan = await must(s.netexec(['--dry-run', 'web', '--', 'true'], { env: { http_proxy: proxy } }));
    assert.match(plan.stdout, /^warning +http_proxy points to 127\.0\.0\.1:3128/m);
    assert.doesNotMatch(plan.stdout + plan.stderr, /secret/);
  });
});

scenario('--check of a URL must say by which proxy a COMMAND would go', { project }, async (s) => {
  const seen = async (endpoint: string, env: Record<string, string>): Promise<readonly string[]> => {
    const [verdict] = await check(s, ['web', endpoint], { env });
    assert.equal(verdict?.Connects, true);
    return verdict.Steps.filter(({ Mark: mark }) => mark === 'note').map(
      ({ Step: step, Seen: text }) => `${step} ${text}`,
    );
  };
  const local =
    "connect directly; because of http_proxy, COMMAND would use the proxy 127.0.0.1:3128, web's own localhost, where nothing is listening; to connect directly: -e http_proxy=";
  const other =
    'connect directly; because of http_proxy, COMMAND would use the proxy proxy.test:3128; to connect directly: -e http_proxy=';
  assert.deepEqual(await seen('http://api:8080', { http_proxy: proxy }), [local]);
  assert.deepEqual(await seen('http://api:8080', { http_proxy: 'http://proxy.test:3128' }), [other]);
  assert.deepEqual(await seen('http://api:8080', { http_proxy: proxy, no_proxy: 'api' }), []);
  assert.deepEqual(await seen('http://api:8080', { https_proxy: proxy }), []);
  assert.deepEqual(await seen('api:8080', { http_proxy: proxy }), []);
});

scenario('--restart must not say it again', { project: 'ends' }, async (s) => {
  s.t.after(() => s.compose(['up', '-d', '--wait'], { timeout: 60_000 }));
  const command = ['sh', '-c', 'echo up; exec sleep 1000'];
  const started = await s.start(['docker', 'netexec', '--restart', 'web', '--', ...command], {
    env: { http_proxy: proxy },
  });
  await started.says('up');
  await must(s.compose(['restart', 'web']));
  await s.eventually(() => started.stdout().split('up').length === 3, 20);
  assert.equal(started.stderr().split('http_proxy points').length, 2, started.stderr());
  started.kill('SIGTERM');
  await started.ended;
});
