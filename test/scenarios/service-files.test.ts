// --service-files: a service's secrets and configs are at their paths for COMMAND, as the container has them or would have them, and nowhere else.
import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { everyCaller, kindsOfCallers, uidOf, useCallers } from './callers.ts';
import type { Caller } from './callers.ts';
import { descendantsOf, isAlive, isNetexec, processNumbered, startAlone } from './command-process.ts';
import { ownMachine } from './machine.ts';
import { must, scenario } from './scenario.ts';
import type { RunOptions, Scenario } from './scenario.ts';

const project = 'ways';
const callers = useCallers(project);
const rootCaller = kindsOfCallers.find(({ way }) => way === 'root') ?? assert.fail();

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
  rooted:
    <<: *web
    configs:
      - netexec-test.conf
      - { source: app, target: /netexec-test/config/app.conf, mode: 0400 }
${further}
secrets:
  token: { file: ./token }
  word: { environment: WORD }
configs:
  app: { content: "it's $$5 of \${WORD}\\n" }
  netexec-test.conf: { file: ./token }
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

/** What is here, and in /, but for links, which are made anew, and for where other files are shown. */
const surroundings = `for each in . /proc/self/cwd/ /* /.[!.]*; do
    case $each in /etc | /run | /proc) continue ;; esac
    [ -L "$each" ] || stat -c '%n %d:%i %A %u:%g' "$each"
  done
  pwd; readlink /proc/self/cwd; realpath /bin/sh /var/run; stat -L -c %i /proc/self/fd/5; cat <&6; echo; id; umask; ls -A /
  findmnt -rno TARGET,FSTYPE,VFS-OPTIONS,FS-OPTIONS | grep -E '^/(proc|sys|dev)' | sort`;

everyCaller('a file in / must be there, and all else as it is', { project }, async (s, caller) => {
  const options = withFiles(s, caller);
  const down = () => s.compose(['down', '-t', '0'], options);
  s.t.after(down);
  await must(s.compose(['up', '-d', 'rooted'], options));
  const before = ofHost();
  const run = async (files: readonly string[], line: string) => {
    const inner = `exec 5<. 6<token; exec docker netexec ${files.join(' ')} rooted -- sh -c "$0"`;
    return (await must(s.run(['bash', '-c', inner, line], options))).stdout.split('\n');
  };
  const plain = await run([], surroundings);
  const seen = await run(['--service-files'], surroundings);
  const ofFiles = /^\/?netexec-test(?:\.conf)?(?: |$)/;
  assert.equal(seen.filter((line) => ofFiles.test(line)).length, 4, 'each in the list, and by itself');
  assert.deepEqual(
    seen.filter((line) => !ofFiles.test(line)),
    plain,
  );
  const line = `cat /netexec-test/config/app.conf; stat -c '%n %a %u' /netexec-test.conf /netexec-test/config/app.conf; base64 -w0 /netexec-test.conf
    echo; for each in /x /netexec-test/x /netexec-test.conf; do (: >>$each) 2>/dev/null && echo $each; done; true`;
  assert.deepEqual(await run(['--service-files'], line), [
    "it's $5 of se$cret",
    `/netexec-test.conf 444 ${uidOf(caller)}`,
    `/netexec-test/config/app.conf 400 ${uidOf(caller)}`,
    binary.toString('base64'),
  ]);
  assert.deepEqual(ofHost(), before, 'nothing of it is to be seen on this machine, or to stay');
  await down();
});

scenario('what else is in a folder must stay there, whatever its name', { project }, async (s) => {
  const options = withFiles(s, rootCaller);
  s.t.after(() => s.compose(['down', '-t', '0'], options));
  await must(s.compose(['up', '-d', 'web'], options));
  const machine = await ownMachine(s);
  // Those of Kubernetes' begin with two dots.
  const names = 'mount -t tmpfs -o mode=0755 names /mnt && touch /mnt/..data /mnt/.hidden /mnt/plain && exec "$@"';
  const through = (argv: readonly string[]) => machine.inside(['sh', '-c', names, 'sh', ...argv]);
  const run = await s.netexec(['-p', 'netexec-test-files', '--service-files', 'web', '--', 'ls', '-A', '/mnt'], {
    ...options,
    through,
  });
  assert.deepEqual(
    run.stdout.trim().split('\n').toSorted(),
    ['..data', '.hidden', 'netexec-test', 'plain'],
    run.stderr,
  );
});

scenario('in a root of its own COMMAND must see later mounts, and a folder without a name', { project }, async (s) => {
  const options = withFiles(s, rootCaller);
  const down = () => s.compose(['down', '-t', '0'], options);
  s.t.after(down);
  await must(s.compose(['up', '-d', 'rooted'], options));
  const machine = await ownMachine(s);
  const folder = join(s.folder, 'later');
  mkdirSync(folder);
  const through = (argv: readonly string[]) => machine.inside(argv);
  const { through: _, ...own } = options;
  const wait = `until [ -e ${folder}/mounted ]; do sleep 0.05; done; echo seen; exec sleep 60`;
  const argv = ['docker', 'netexec', '-p', 'netexec-test-files', '--service-files', 'rooted', '--'];
  const started = await s.start([...argv, 'sh', '-c', `echo up; ${wait}`], { ...own, through });
  await started.says('up');
  await must(s.run(['sh', '-c', `mount -t tmpfs late ${folder} && : >${folder}/mounted`], { ...own, through }));
  await started.says('seen');
  started.kill('SIGTERM');
  await started.ended;
  const gone = `mkdir ${s.folder}/gone; cd ${s.folder}/gone; rmdir ${s.folder}/gone; ${argv.join(' ')} cat /netexec-test/config/app.conf`;
  const run = await s.run(['sh', '-c', gone], own);
  assert.equal(run.stdout, "it's $5 of se$cret", run.stderr);
});
