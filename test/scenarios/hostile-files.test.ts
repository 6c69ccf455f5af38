// A container may put anything in the place of its resolv.conf and hosts: what it resolves by itself is taken, all else refused.
import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ownMachine } from './machine.ts';
import { plainContainer } from './reports.ts';
import { must, scenario } from './scenario.ts';
import type { Scenario } from './scenario.ts';

const project = 'view';
const name = 'netexec-test-view-hostile';
const wayOf = { root: [], 'the engine': ['--elevate', 'docker'] } as const;

/** It may undo the engine's own mounts: a file of its own is then in their place. */
async function startHostile(s: Scenario, options: readonly string[] = []): Promise<void> {
  const may = [
    '--cap-add',
    'SYS_ADMIN',
    '--security-opt',
    'apparmor=unconfined',
    '--security-opt',
    'seccomp=unconfined',
  ];
  await plainContainer(s, name, ['--network', `${s.projectName}_default`, ...may, ...options]);
  await inside(s, 'umount /etc/hosts /etc/resolv.conf; rm /etc/hosts; echo nameserver 127.0.0.11 >/etc/resolv.conf');
}

const inside = (s: Scenario, script: string) => must(s.docker(['exec', name, 'sh', '-c', script]));
const show = (s: Scenario, options: readonly string[] = []) =>
  s.netexec([...options, '--container', name, '--', 'cat', '/etc/hosts'], { timeout: 60_000 });

const known = '192.0.2.7 known';

// What makes the container's hosts file, and the line of it that COMMAND is to find.
const taken: readonly (readonly [string, string])[] = [
  ['a file', `echo ${known} >/etc/hosts`],
  ['without a newline at its end', `printf '%s' '${known}' >/etc/hosts`],
  ['an absolute link', `echo ${known} >/tmp/h; ln -s /tmp/h /etc/hosts`],
  ['a link with dots and slashes', `echo ${known} >/tmp/h; ln -s ..//./tmp/../tmp//h /etc/hosts`],
  ['a link above the root', `echo ${known} >/tmp/h; ln -s ../../../../tmp/h /etc/hosts`],
  ['a chain of links', `echo ${known} >/tmp/h; ln -sf h /tmp/i; ln -sf /tmp/i /tmp/j; ln -s ../tmp/j /etc/hosts`],
  [
    'by way of a link to a folder',
    `mkdir -p /tmp/d; echo ${known} >/tmp/d/h; ln -sfn /tmp/d /tmp/e; ln -s /tmp/e/h /etc/hosts`,
  ],
  ['a link whose name has a newline', `echo ${known} >"/tmp/a\n"; ln -s "/tmp/a\n" /etc/hosts`],
  ['with zeros in it', `printf '192.0.2.7\\0 kno\\0wn\\n\\0' >/etc/hosts`],
  ['of nearly 1 MiB', `yes 192.0.2.8 other | head -n 60000 >/etc/hosts; echo ${known} >>/etc/hosts`],
  ['on another mount', `mkdir -p /tmp/m; mount -t tmpfs m /tmp/m; echo ${known} >/tmp/m/h; ln -s /tmp/m/h /etc/hosts`],
];

scenario('a hosts file that the container itself finds must be found', { project }, async (s) => {
  await startHostile(s);
  for (const [title, script] of taken) {
    await s.subtest(title, async () => {
      await inside(s, `rm -rf /etc/hosts; ${script}`);
      for (const options of Object.values(wayOf)) {
        const run = await show(s, options);
        assert.deepEqual([run.status, run.stderr], [0, '']);
        assert.ok(run.stdout.split('\n').includes(known), run.stdout.slice(0, 500));
      }
    });
  }
});

// And what is said of it.
const refused: readonly (readonly [string, string, RegExp])[] = [
  ['missing', ':', /missing/],
  ['a folder', 'mkdir /etc/hosts', /is not a file/],
  ['a pipe', 'mkfifo /etc/hosts', /is not a file/],
  ['a device', 'mknod /etc/hosts c 1 5', /is not a file/],
  ['a link to nothing', 'ln -s nothing /etc/hosts', /link to nothing/],
  ['a link to itself', 'ln -s hosts /etc/hosts', /link in a loop/],
  ["a link to a file that is the machine's alone", 'ln -s FILE /etc/hosts', /link to nothing/],
  ["a link up to a file that is the machine's alone", 'ln -s ../../../../../../FILE /etc/hosts', /link to nothing/],
  ['a link by way of a process', 'ln -s /proc/1/root/etc/resolv.conf /etc/hosts', /unreadable link/],
  ['a file of /proc', 'ln -s ../proc/kallsyms /etc/hosts', /file system of the kernel \(proc\)/],
  ['the log of the kernel', 'ln -s /proc/kmsg /etc/hosts', /not readable by every user/],
  ['a file of /sys', 'ln -s /sys/kernel/profiling /etc/hosts', /file system of the kernel \(sysfs\)/],
  ['a file of /proc, mounted', 'touch /etc/hosts; mount --bind /proc/version /etc/hosts', /file system of the kernel/],
  ['a file for its owner alone', 'touch /etc/hosts; chmod 600 /etc/hosts', /not readable by every user/],
  ['7 MB', 'yes 192.0.2.8 other | head -c 7000000 >/etc/hosts', /larger than 1 MiB/],
  [
    'a line of 100 MB',
    'yes aaaaaaaaaaaaaaa | tr -d "\\n" | head -c 100000000 >/etc/hosts',
    /no end|larger|is blocking/,
  ],
  ['a terabyte of zeros', 'dd if=/dev/null of=/etc/hosts bs=1 seek=1000000000000 2>/dev/null', /no end|is blocking/],
];

scenario('any other must be refused in a sentence, with a hint, and hold nothing up', { project }, async (s) => {
  await startHostile(s);
  const secret = join(s.folder, 'of-the-machine');
  writeFileSync(secret, 'of the machine\n');
  for (const [title, script, said] of refused) {
    await s.subtest(title, async () => {
      await inside(s, `umount /etc/hosts 2>/dev/null; rm -rf /etc/hosts; ${script.replace('FILE', secret)}`);
      for (const options of Object.values(wayOf)) {
        const run = await show(s, options);
        assert.deepEqual([run.status, run.stdout], [125, '']);
        assert.match(run.stderr, /^netexec: [^\n]*\nhint: [^\n]*--resolver host [^\n]*$/);
        assert.match(run.stderr, said);
      }
      const host = await s.netexec(['--resolver', 'host', '--container', name, '--', 'echo', 'started']);
      assert.deepEqual([host.status, host.stdout], [0, 'started']);
    });
  }
  await s.eventually(() => assert.deepEqual(s.processes(), []));
});

scenario('links of a volume at /etc must lead where they lead in the container', { project }, async (s) => {
  const [etc, run] = ['etc', 'run'].map((folder) => join(s.folder, folder));
  assert.ok(etc !== undefined && run !== undefined);
  for (const folder of [etc, run]) mkdirSync(folder);
  writeFileSync(join(run, 'resolv.conf'), 'nameserver 127.0.0.11\n# by a link\n');
  symlinkSync('/run/resolv.conf', join(etc, 'resolv.conf'));
  // The engine lays its own over what is there; without a hosts file it would make one.
  writeFileSync(join(etc, 'hosts'), '');
  const volumes = [`${etc}:/etc`, `${run}:/run`].flatMap((each) => ['-v', each]);
  await plainContainer(s, name, [
    '--network',
    `${s.projectName}_default`,
    '--cap-add',
    'SYS_ADMIN',
    '--security-opt',
    'apparmor=unconfined',
    '--security-opt',
    'seccomp=unconfined',
    ...volumes,
  ]);
  await inside(
    s,
    'umount /run/resolv.conf /etc/resolv.conf 2>/dev/null; ls -l /etc/resolv.conf; grep -x "# by a link" /etc/resolv.conf',
  );
  const seen = await must(s.netexec(['--container', name, '--', 'cat', '/etc/resolv.conf']));
  assert.match(seen.stdout, /^# by a link$/m);
});

// Whoever opened it as root would wait there; whoever may do nothing cannot.
scenario('a link that is put there in between must not have root open what it leads to', { project }, async (s) => {
  const pipe = join(s.folder, 'pipe');
  await must(s.run(['mkfifo', '-m', '600', pipe]));
  const open = join(s.folder, 'open');
  writeFileSync(open, 'of the machine\n');
  chmodSync(open, 0o644);
  for (const target of [pipe, open, '/proc/self/environ']) {
    await s.subtest(target, async () => {
      await s.docker(['rm', '-f', name]);
      await startHostile(s);
      const swap = `cd /etc; while :; do echo ${known} >a; mv a hosts; ln -s ${target} b; mv b hosts; done`;
      await must(s.docker(['exec', '-d', name, 'sh', '-c', swap]));
      const statuses = new Set<number | undefined>();
      for (let round = 0; round < 12; round++) {
        const run = await show(s, round % 4 === 3 ? ['--elevate', 'docker'] : []);
        statuses.add(run.status);
        assert.doesNotMatch(run.stdout + run.stderr, /of the machine|is blocking|cannot open/);
        if (run.status !== 0) assert.match(run.stderr, /^netexec: /);
      }
      assert.deepEqual(
        [...statuses].filter((status) => status !== 0 && status !== 125),
        [],
      );
    });
  }
});

// A container that is on the machine's own processes, as pid: host has it, can be a process of that user, too.
scenario('what reads the files must have nothing of the environment of who calls', { project }, async (s) => {
  const machine = await ownMachine(s);
  const real = join(s.folder, 'setpriv');
  const seen = join(s.folder, 'seen');
  const wrapper = `#!/bin/sh\ncase "$*" in *65533*) cat /proc/$$/environ >${seen} ;; esac\nexec ${real} "$@"\n`;
  const lay = `cp /usr/bin/setpriv ${real}; mount --bind $0 /usr/bin/setpriv`;
  await must(s.run(machine.inside(['sh', '-ec', lay, writeProgram(s, wrapper)])));
  for (const options of Object.values(wayOf)) {
    writeFileSync(seen, 'not looked at');
    await must(
      s.run(machine.inside(['docker', 'netexec', ...options, 'web', '--', 'true']), { env: { SECRET: 'known' } }),
    );
    assert.equal(readFileSync(seen, 'utf8'), '');
  }
});

// A file system of its own, say, that gives no answer: here what reads the file just does not come to its end.
scenario('a file that gives no answer must end the entry, and leave nothing', { project }, async (s) => {
  const machine = await ownMachine(s);
  const real = join(s.folder, 'setpriv');
  const wrapper = `#!/bin/sh\ncase "$*" in *65533*) exec sleep 600 ;; esac\nexec ${real} "$@"\n`;
  await must(
    s.run(
      machine.inside([
        'sh',
        '-ec',
        `cp /usr/bin/setpriv ${real}; mount --bind $0 /usr/bin/setpriv`,
        writeProgram(s, wrapper),
      ]),
    ),
  );
  const before = s.processes();
  const run = await s.run(machine.inside(['docker', 'netexec', 'web', '--', 'true']), { timeout: 60_000 });
  assert.deepEqual([run.status, run.stdout], [125, '']);
  assert.match(run.stderr, /^netexec: \S+ is blocking netexec: [^\n]*\nhint: .*--resolver host/);
  await s.eventually(() =>
    assert.deepEqual(
      s.processes().filter((line) => !line.includes('sleep 600')),
      before,
    ),
  );
});

// The container's root may stop and kill whatever is root's in its process namespace: here mount does so by itself.
const ends: readonly (readonly [string, string, RegExp])[] = [
  ['stopped', 'STOP', /^netexec: \S+ is blocking netexec: /m],
  ['killed', 'KILL', /^netexec: cannot mount the \/proc of these processes/m],
];

scenario('with --pid, a mount that the container has stopped or killed must end the entry', { project }, async (s) => {
  for (const [title, signal, said] of ends) {
    await s.subtest(title, async () => {
      const machine = await ownMachine(s);
      const real = join(s.folder, 'mount');
      const wrapper = `#!/bin/sh\ncase "$*" in *'-t proc'*) kill -${signal} $$ ;; esac\nexec ${real} "$@"\n`;
      const lay = `cp /usr/bin/mount ${real}; mount --bind $0 /usr/bin/mount`;
      await must(s.run(machine.inside(['sh', '-ec', lay, writeProgram(s, wrapper)])));
      const before = s.processes();
      for (const options of [['--pid'], ['--pid', '-u', 'nobody'], ['--pid', '--resolver', 'host']]) {
        const run = await s.run(machine.inside(['docker', 'netexec', ...options, 'plain', '--', 'true']), {
          timeout: 60_000,
        });
        assert.deepEqual([run.status, run.stdout], [125, ''], run.stderr);
        assert.match(run.stderr, said);
        assert.doesNotMatch(run.stderr, /^(Killed|Stopped)/m);
        await s.eventually(() => assert.deepEqual(s.processes(), before));
      }
    });
  }
});

function writeProgram(s: Scenario, text: string): string {
  const file = join(s.folder, 'program');
  writeFileSync(file, text);
  chmodSync(file, 0o755);
  return file;
}
