// Callers in an odd place or state: a folder that they may not read, or that is gone, a variable, an ignored signal.
import assert from 'node:assert/strict';
import { chmodSync, chownSync, copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { installedPlugin } from './grounds.ts';
import { scenario } from './scenario.ts';
import { useSudoUser } from './sudo-user.ts';

const project = 'processes';
const user = useSudoUser(project);

scenario('a folder that may be entered but not read must be COMMAND’s by every way', { project }, async (s) => {
  const cwd = join(s.folder, 'entered');
  mkdirSync(cwd);
  chmodSync(s.folder, 0o711);
  chmodSync(cwd, 0o711);
  for (const way of ['sudo', 'docker']) {
    await s.subtest(way, async () => {
      const words = ['-p', s.projectName, '--elevate', way, 'web', '--', 'pwd'];
      const run = await s.netexec(words, user.step(s, { cwd }));
      assert.deepEqual([run.status, run.stdout, run.stderr], [0, cwd, '']);
    });
  }
});

scenario('in a folder that may not be entered users must be known all the same', { project }, async (s) => {
  const cwd = join(s.folder, 'closed');
  mkdirSync(cwd);
  chmodSync(s.folder, 0o711);
  chownSync(cwd, user.uid, user.uid);
  const line = `cd ${cwd} && chmod 0 . && exec docker netexec -p ${s.projectName} -u nobody -w / web -- id -un`;
  const run = await s.run(['sh', '-c', line], user.step(s));
  assert.deepEqual([run.status, run.stdout, run.stderr], [0, 'nobody', '']);
});

scenario('in a folder that was deleted a terminal must be handed on', { project }, async (s) => {
  for (const line of ['--elevate docker web -- echo here', '--check web']) {
    await s.subtest(line, async () => {
      const folder = join(s.folder, 'gone');
      const inner = `mkdir ${folder}; cd ${folder}; rmdir ${folder}; docker netexec -p ${s.projectName} ${line}`;
      const run = await s.run(['script', '--quiet', '--return', '--command', inner, '/dev/null']);
      assert.equal(run.status, 0, run.stdout);
      assert.doesNotMatch(run.stdout, /ENOENT|bug/);
    });
  }
});

scenario('POSIXLY_CORRECT must not keep --user from being looked up', { project }, async (s) => {
  const run = await s.netexec(['-u', 'nobody', 'web', '--', 'sh', '-c', 'id -un; echo $POSIXLY_CORRECT'], {
    cwd: '/',
    env: { POSIXLY_CORRECT: '1', COMPOSE_PROJECT_NAME: s.projectName },
  });
  assert.deepEqual([run.status, run.stdout, run.stderr], [0, 'nobody\n1', '']);
});

scenario("a getent that takes no options, as musl's, must find the user of --user", { project }, async (s) => {
  const getent = join(s.folder, 'getent');
  copyFileSync('/usr/bin/getent', `${getent}.glibc`);
  const script = `#!/bin/sh\nfor word; do case $word in -*) exit 1 ;; esac; done\nexec ${getent}.glibc "$@"\n`;
  writeFileSync(getent, script, { mode: 0o755 });
  const mounted = 'mount --bind "$1" /usr/bin/getent; shift; exec "$@"';
  const run = await s.netexec(['-p', s.projectName, '-u', 'nobody:adm', 'web', '--', 'id'], {
    through: (argv) => ['unshare', '--mount', '--', 'sh', '-ec', mounted, 'sh', getent, ...argv],
  });
  assert.deepEqual([run.status, run.stderr], [0, '']);
  assert.match(run.stdout, /^uid=\d+\(nobody\) gid=\d+\(adm\) groups=\d+\(adm\)$/);
});

scenario('an ignored SIGCHLD must leave COMMAND its status', { project }, async (s) => {
  const plugin = join(await installedPlugin(), 'cli-plugins/docker-netexec');
  const started = ['bash', plugin, '-p', s.projectName, 'web', '--', 'sh', '-c', 'exit 3'];
  const run = await s.run(['bash', '-c', `trap '' CHLD; exec "$@"`, 'bash', ...started]);
  assert.deepEqual([run.status, run.stderr], [3, '']);
});
