// What the caller is not, has given up, or may not become outside: COMMAND is, has and becomes no more, by any way.
import assert from 'node:assert/strict';
import {
  chmodSync,
  chownSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { callerNamed, everyCaller, isRoot, kindsOfCallers, uidOf, useCallers } from './callers.ts';
import { must, scenario } from './scenario.ts';
import type { Scenario } from './scenario.ts';

const project = 'ways';
const callers = useCallers(project);
const ofDocker = callerNamed('netexec-docker');
const root = callerNamed('root');
const other = callerNamed('netexec-doas');

/** What /proc tells of the process that looks, in the same words outside and inside. */
const look = ['grep', '-E', '^(Uid|Gid|Groups|NoNewPrivs|Cpus_allowed_list):', '/proc/self/status'];

everyCaller('no_new_privs must hold for COMMAND', { project }, async (s, caller) => {
  const given = ['setpriv', '--no-new-privs', '--'];
  const at = callers.step(s, caller, { cwd: s.folder });
  const id = setuidCopy(s, 'id');
  // sudo and doas are setuid programs themselves: the engine is left.
  const run = await s.run(
    [
      ...given,
      'docker',
      'netexec',
      'web',
      '--',
      'sh',
      '-c',
      `${id} -u; ${look.join(' ')}`.replace('^(', "'^(").replace('):', "):'"),
    ],
    at,
  );
  assert.match(run.stdout, /^NoNewPrivs:\t1$/m, run.stderr);
  assert.equal(run.stdout.split('\n', 1)[0], String(uidOf(caller)));
});

everyCaller("the caller's capability bounding set must hold for COMMAND", { project }, async (s, caller) => {
  // sudo asks for capabilities of its own; only root may give some up.
  const dropped = ['mac_admin', 'sys_time', 'syslog'].map((name) => `-${name}`).join(',');
  const at = callers.step(s, caller);
  const through = (argv: readonly string[], cwd: string): readonly string[] => {
    const inside = at.through?.(argv, cwd) ?? argv;
    return ['setpriv', `--bounding-set=${dropped}`, '--', ...inside];
  };
  const options = caller.way === 'docker' ? ['--elevate', 'docker'] : [];
  const show = ['grep', '^CapBnd', '/proc/self/status'];
  const outside = capabilities((await must(s.run(show, { ...at, through }))).stdout);
  const run = await s.netexec([...options, 'web', '--', ...show], { ...at, through });
  const inside = capabilities(run.stdout);
  assert.equal(inside & ~outside, 0n, `${run.stdout}\n${run.stderr}`);
  const refused = await s.netexec(['--cap-add', 'SYS_TIME', 'web', '--', 'true'], { ...at, through });
  assert.equal(refused.status, 125);
  assert.match(refused.stderr, /^netexec: COMMAND cannot have SYS_TIME: [^]*^hint: /m);
});

const capabilities = (line: string): bigint => BigInt(`0x${/\t(\w+)/.exec(line)?.[1]}`);

scenario('root without CAP_SYS_ADMIN must get in by the engine, and COMMAND be without it', { project }, async (s) => {
  const argv = ['setpriv', '--bounding-set=-sys_admin', '--', 'docker', 'netexec'];
  const run = await s.run(
    [...argv, 'web', '--', 'sh', '-c', 'id -u; grep CapBnd /proc/self/status'],
    callers.step(s, root),
  );
  assert.deepEqual([run.status, run.stdout.split('\n', 1)[0]], [0, '0'], run.stderr);
  assert.equal((capabilities(run.stdout) >> 21n) & 1n, 0n);
  const refused = await s.run([...argv, '--elevate', 'none', 'web', '--', 'true'], callers.step(s, root));
  assert.equal(refused.status, 125);
  assert.match(refused.stderr, /root: you are root, but without CAP_SYS_ADMIN/);
});

scenario("by the engine COMMAND must have the caller's priorities", { project }, async (s) => {
  const modest = ['nice', '-n', '7', 'chrt', '--idle', '0', 'ionice', '-c', '3', 'taskset', '--cpu-list', '0'];
  const show = [
    'sh',
    '-c',
    'nice; chrt -p $$ | sed "s/.*: //"; ionice; taskset -p $$ | sed "s/.*: //"; cat /proc/self/oom_score_adj',
  ];
  const line = ['sh', '-c', 'echo 300 >/proc/self/oom_score_adj && exec "$@"', 'sh', ...modest];
  const at = callers.step(s, ofDocker);
  const outside = await must(s.run([...line, ...show], at));
  const inside = await s.run([...line, 'docker', 'netexec', '--elevate', 'docker', 'web', '--', ...show], at);
  assert.deepEqual([inside.status, inside.stdout, inside.stderr], [0, outside.stdout, '']);
  assert.match(inside.stdout, /^7\nSCHED_IDLE\n0\nidle\n1\n300$/);
});

everyCaller('who has preloaded a library that lies must be nobody else', { project }, async (s, caller) => {
  const at = callers.step(s, caller);
  const options = caller.way === 'docker' ? [[], ['--elevate', 'docker']] : [[]];
  for (const each of options) {
    const run = await s.run(['fakeroot', 'docker', 'netexec', ...each, 'web', '--', ...look], at);
    assert.match(run.stdout, new RegExp(`^Uid:\t${uidOf(caller)}\t${uidOf(caller)}\t`, 'm'), run.stderr);
  }
  const doctor = await s.run(['fakeroot', 'docker', 'netexec', '--doctor'], at);
  assert.equal(/you are root$/m.test(doctor.stdout), isRoot(caller), doctor.stdout);
});

scenario("root's --user must be real under fakeroot, too", { project }, async (s) => {
  const run = await s.run(
    ['fakeroot', 'docker', 'netexec', '-u', 'nobody', 'web', '--', ...look],
    callers.step(s, root),
  );
  assert.match(run.stdout, /^Uid:\t65534\t65534\t65534\t65534$/m, run.stderr);
});

// A sudoers file that many machines share, with fqdn: by the machine's canonical name it tells what goes on this one.
scenario("no setuid program must take this machine for another by the container's names", { project }, async (s) => {
  const names = `1.2.3.4 elsewhere.example ${hostname()}`;
  const before = await must(s.docker(['exec', `${s.projectName}-web-1`, 'cat', '/etc/hosts']));
  const write = (text: string): Promise<unknown> =>
    must(s.docker(['exec', '-e', `TEXT=${text}`, `${s.projectName}-web-1`, 'sh', '-c', 'echo "$TEXT" >/etc/hosts']));
  s.t.after(() => write(before.stdout));
  await write(`${names}\n${before.stdout}`);
  for (const user of [other.user, ofDocker.user]) {
    callers.allow(s, `Defaults:${user} fqdn`);
    callers.allow(s, `${user} elsewhere.example=(root) NOPASSWD: /usr/bin/id`);
  }
  const sudo = ['sudo', '-n', 'id', '-u'];
  const asOther = await s.netexec(['-u', other.user, 'web', '--', ...sudo], callers.step(s, root));
  assert.deepEqual([asOther.status, asOther.stdout], [1, ''], asOther.stderr);
  assert.match(asOther.stderr, /no new privileges/);
  const asCaller = await s.netexec(['--elevate', 'docker', 'web', '--', ...sudo], callers.step(s, ofDocker));
  assert.deepEqual([asCaller.status, asCaller.stdout], [1, ''], asCaller.stderr);
  assert.match(asCaller.stderr, /password is required/);
});

scenario("another user's COMMAND must keep --cap-add, and gain nothing", { project }, async (s) => {
  const id = setuidCopy(s, 'id');
  for (const caller of kindsOfCallers.filter(({ way }) => way !== 'rootless')) {
    await s.subtest(caller.name, async () => {
      const line = `${id} -u; grep CapEff /proc/self/status`;
      const argv = ['-u', 'nobody', '--cap-add', 'NET_RAW', 'web', '--', 'sh', '-c', line];
      const run = await s.netexec(argv, callers.step(s, caller, { cwd: s.folder }));
      assert.deepEqual([run.status, run.stdout], [0, '65534\nCapEff:\t0000000000002000'], run.stderr);
    });
  }
});

scenario("by the engine COMMAND's root must be the caller's", { project }, async (s) => {
  const folder = join(s.folder, 'root');
  mkdirSync(folder);
  const line = [
    'mount --rbind / "$1"',
    'mount -t tmpfs netexec-test "$1/opt"',
    'touch "$1/opt/mark"',
    'root=$1 at=$2',
    'shift 2',
    'exec chroot "$root" sh -c \'cd "$1" && shift && exec "$@"\' sh "$at" "$@"',
  ].join(' && ');
  const machine = ['unshare', '--mount', 'sh', '-c', line, 'sh', folder, s.projectFolder];
  const run = await s.run([...machine, 'docker', 'netexec', '--elevate', 'docker', 'web', '--', 'ls', '/opt']);
  assert.deepEqual([run.status, run.stdout], [0, 'mark'], run.stderr);
});

const umasks = ['0477', '0777', '0077'];

everyCaller('a umask that takes one’s own rights must keep no run from its work', { project }, async (s, caller) => {
  for (const umask of umasks) {
    for (const options of [[], ['--pid']]) {
      const tmp = join(s.folder, `${caller.user}-${umask}${options.join('')}`);
      mkdirSync(tmp);
      chownSync(tmp, uidOf(caller), uidOf(caller));
      const at = callers.step(s, caller, { env: { TMPDIR: tmp, XDG_RUNTIME_DIR: undefined } });
      const words = [
        'docker',
        'netexec',
        ...options,
        'web',
        '--',
        'sh',
        '-c',
        'umask; getent hosts web >/dev/null && echo names',
      ];
      const run = await s.run(['sh', '-c', `umask ${umask} && exec "$@"`, 'sh', ...words], at);
      assert.deepEqual([run.status, run.stdout, run.stderr], [0, `${umask}\nnames`, '']);
      assert.deepEqual(readdirSync(tmp), []);
    }
  }
});

everyCaller(
  'what others have put into the temporary folder must keep no run from its work',
  { project },
  async (s, caller) => {
    const tmp = join(s.folder, `tmp-${caller.user}`);
    mkdirSync(tmp);
    chmodSync(tmp, 0o1777);
    const old = new Date(Date.now() - 3_600_000);
    const folder = (name: string, mode: number, uid: number): string => {
      const path = join(tmp, name);
      mkdirSync(path);
      chownSync(path, uid, uid);
      chmodSync(path, mode);
      utimesSync(path, old, old);
      return path;
    };
    // Of an older netexec's, in part; and with something in it that is not netexec's.
    const left = [
      folder('docker-netexec-own300', 0o300, uidOf(caller)),
      folder('docker-netexec-probe-own000', 0, uidOf(caller)),
    ];
    writeFileSync(join(left[0] ?? '', 'answers'), '');
    utimesSync(left[0] ?? '', old, old);
    const kept = [folder('docker-netexec-other1', 0o700, 47199), folder('docker-netexec-filled', 0o700, uidOf(caller))];
    mkdirSync(join(tmp, 'docker-netexec-filled', 'work'));
    utimesSync(kept[1] ?? '', old, old);
    const at = callers.step(s, caller, { env: { TMPDIR: tmp, XDG_RUNTIME_DIR: undefined } });
    const run = await s.netexec(['--pid', 'web', '--', 'sh', '-c', 'sleep 0.5; echo done'], at);
    assert.deepEqual([run.status, run.stdout, run.stderr], [0, 'done', '']);
    // sudo, a setuid program, loses TMPDIR (ld.so(8)).
    if (caller.lead.length > 0) return;
    assert.deepEqual(
      left.filter((path) => existsSync(path)),
      [],
    );
    assert.deepEqual(
      kept.filter((path) => !existsSync(path)),
      [],
    );
  },
);

// A file system of a user's own, which holds up whoever so much as looks at it.
everyCaller(
  'a mount in the temporary folder that gives no answer must hold up no run',
  { project },
  async (s, caller) => {
    const tmp = join(s.folder, `silent-${caller.user}`);
    const silent = join(tmp, 'docker-netexec-silent');
    mkdirSync(silent, { recursive: true });
    chmodSync(tmp, 0o1777);
    // To others than its owner the kernel says no by itself.
    const options = `fd=3,rootmode=40000,user_id=${uidOf(caller)},group_id=${uidOf(caller)}`;
    const mount = `exec 3<>/dev/fuse; mount -i -t fuse -o ${options} silent "$0"; echo mounted; sleep 600`;
    const machine = callers.step(s, root);
    const holder = await s.start(['sh', '-ec', mount, silent], machine);
    await holder.says('mounted');
    const at = callers.step(s, caller, { env: { TMPDIR: tmp, XDG_RUNTIME_DIR: undefined } });
    const run = await s.netexec(['--pid', 'web', '--', 'echo', 'done'], { ...at, timeout: 30_000 });
    assert.deepEqual([run.status, run.stdout, run.stderr], [0, 'done', '']);
    const checked = await s.netexec(['--check', 'web', 'web:1'], { ...at, timeout: 30_000 });
    assert.deepEqual([checked.status, checked.stderr], [1, '']);
    holder.kill('SIGKILL');
    await must(s.run(['umount', '-l', silent], machine));
  },
);

/** A copy that runs as root, whoever starts it. */
function setuidCopy(s: Scenario, program: string): string {
  const path = join(s.folder, `setuid-${program}`);
  copyFileSync(`/usr/bin/${program}`, path);
  chmodSync(path, 0o4755);
  return path;
}
