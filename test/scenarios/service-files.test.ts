// --service-files: a service's secrets and configs are at their paths for COMMAND, as the container has them or would have them, and nowhere else.
import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { everyCaller, uidOf, useCallers } from './callers.ts';
import type { Caller } from './callers.ts';
import { descendantsOf, isAlive, isNetexec, processNumbered, startAlone } from './command-process.ts';
import { must } from './scenario.ts';
import type { RunOptions, Scenario } from './scenario.ts';

const project = 'ways';
const callers = useCallers(project);

const file = (further = '') => `services:
  web: &web
    image: netexec/busybox:1
    pull_policy: never
    stop_grace_period: 0s
    dns: 127.0.0.1
    secrets:
      - token
      - { source: word, target: second, mode: 0440 }
      - { source: token, target: /etc/netexec-test/token }
    configs:
      - { source: app, target: /mnt/netexec-test/app.conf, mode: 0400 }
    networks: [backend]
  later:
    <<: *web
    image: netexec/nowhere
${further}
secrets:
  token: { file: ./token }
  word: { environment: WORD }
configs:
  app: { content: "it's $$5 of \${WORD}\\n" }
  root: { file: ./token }
  host: { file: ./token }
networks:
  backend:
`;

/** The options of a step in a folder with that file, for a project of its own. */
function withFiles(s: Scenario, caller: Caller, text = file()): RunOptions {
  const cwd = join(callers.home(caller), 'files');
  mkdirSync(cwd, { recursive: true, mode: 0o755 });
  writeFileSync(join(cwd, 'compose.yaml'), text, { mode: 0o644 });
  writeFileSync(join(cwd, 'token'), binary, { mode: 0o644 });
  return callers.step(s, caller, { cwd, env: { COMPOSE_PROJECT_NAME: `netexec-test-files`, WORD: 'se$cret' } });
}

/** Neither text nor a whole number of blocks. */
const binary = Buffer.concat([Buffer.from([0, 0xff, 0x0a, 0xc3, 0x28]), Buffer.alloc(1021, 'é')]);
const paths = ['/run/secrets/token', '/run/secrets/second', '/etc/netexec-test/token', '/mnt/netexec-test/app.conf'];
const shown = `stat -c '%n %a %u' ${paths.join(' ')}; base64 -w0 /run/secrets/token; echo; cat /run/secrets/second; echo; cat /mnt/netexec-test/app.conf`;
const expected = (uid: number) => [
  `/run/secrets/token 444 ${uid}`,
  `/run/secrets/second 440 ${uid}`,
  `/etc/netexec-test/token 444 ${uid}`,
  `/mnt/netexec-test/app.conf 400 ${uid}`,
  binary.toString('base64'),
  'se$cret',
  "it's $5 of se$cret",
];
const ofHost = (): readonly (readonly string[])[] => ['/', '/run', '/etc', '/mnt'].map((each) => readdirSync(each));

everyCaller('COMMAND must have what the service has, to read', { project }, async (s, caller) => {
  const options = withFiles(s, caller);
  const down = () => s.compose(['down', '-t', '0'], options);
  s.t.after(down);
  await must(s.compose(['up', '-d', 'web'], options));
  const before = ofHost();
  for (const words of [['web'], ['--stand-in', 'later']]) {
    const run = await must(s.netexec(['--service-files', ...words, '--', 'sh', '-c', shown], options));
    assert.deepEqual(run.stdout.split('\n'), expected(uidOf(caller)), words.join(' '));
    const writing = 'for each; do (: >>"$each" && echo "$each") 2>/dev/null; done; true';
    const written = ['--service-files', ...words, '--', 'sh', '-c', writing, 'sh', ...paths, '/run/secrets/another'];
    assert.equal((await must(s.netexec(written, options))).stdout, '', 'they are to be read only');
  }
  const argv = ['docker', 'netexec', '--service-files', '--stand-in', 'later', '--'];
  const line = 'echo $$; cat /run/secrets/second; exec sleep 60';
  const started = await startAlone(s, [...argv, 'sh', '-c', line], options);
  await started.says('se$cret');
  const command = processNumbered(Number.parseInt(started.stdout(), 10));
  process.kill(descendantsOf(started.pid).find(isNetexec)?.pid ?? 0, 'SIGKILL');
  await s.eventually(() => assert.equal(isAlive(command), false));
  assert.deepEqual(ofHost(), before, 'nothing of it is to be seen on this machine, or to stay');
  await down();
});
