// --pid: the host's programs among the container's processes, whichever way in, and no trace of them afterwards.
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import {
  commandLineOf,
  descendantsOf,
  isNetexec,
  groupIsThere,
  isAlive,
  parentOf,
  processNumbered,
  processesOfGroup,
  recorder,
  recorderStatus,
  signalGroup,
  startAlone,
} from './command-process.ts';
import type { Process } from './command-process.ts';
import { useSudoUser } from './sudo-user.ts';
import { processesOf, startRecorder, ways } from './processes.ts';
import { must, scenario } from './scenario.ts';
import type { Scenario } from './scenario.ts';

const project = 'processes';
const user = useSudoUser(project);

scenario("COMMAND must see the container's processes, itself, and no others", { project }, async (s) => {
  const rows: readonly (readonly [service: string, argv: readonly string[], root: string])[] = [
    ['modest', ['sleep infinity'], '/proc/1/root'],
    ['scratch', ['/sleep infinity'], '/proc/1/root'],
    ['initial', ['/sbin/docker-init -- sleep infinity', 'sleep infinity'], '/proc/1/root'],
  ];
  for (const way of ways(s, user)) {
    for (const [service, argv, root] of rows) {
      await s.subtest(`${service}, by ${way.name}`, async () => {
        const script = 'echo "$NETEXEC_ROOT"; exec ps -eo args=';
        const run = await s.netexec([...way.options, service, '--', 'sh', '-c', script], way.step);
        assert.deepEqual([run.status, run.stderr], [0, '']);
        assert.deepEqual(run.stdout.split('\n'), [root, ...argv, 'ps -eo args=']);
      });
    }
  }
});

scenario(
  'a service that shares the processes of another must show them, and its own file system',
  { project },
  async (s) => {
    const script = 'ps -eo args=; tr "\\0" "\\n" <"${NETEXEC_ROOT%/root}/cmdline"';
    const run = await must(s.netexec(['--pid', 'sharing', '--', 'sh', '-c', script]));
    const [one, other, , , ...first] = run.stdout.split('\n');
    assert.deepEqual([one, other], ['sleep infinity', 'sleep 98765']);
    assert.deepEqual(first, ['sleep', '98765']);
  },
);

scenario("a service with the machine's processes must show those", { project }, async (s) => {
  const { State: state } = await s.inspect('machine');
  const run = await must(s.netexec(['--pid', 'machine', '--', 'sh', '-c', 'echo $$ "$NETEXEC_ROOT"']));
  assert.match(run.stdout, new RegExp(`^\\d+ /proc/${state.Pid}/root$`));
});

scenario("NETEXEC_ROOT must be the container's file system", { project }, async (s) => {
  await must(s.compose(['exec', '-T', 'modest', 'sh', '-c', 'echo from inside >/tmp/note']));
  const [root] = ways(s, user);
  for (const options of [root?.options ?? [], ['-u', '1234:1234', '--pid']]) {
    const run = await s.netexec([...options, 'modest', '--', 'sh', '-c', 'cat "$NETEXEC_ROOT/tmp/note"']);
    assert.deepEqual([run.status, run.stdout, run.stderr], [0, 'from inside', '']);
  }
});

scenario("all else must be as without --pid: COMMAND's end, user, folder, variables", { project }, async (s) => {
  const ends: readonly (readonly [script: string, status: number])[] = [
    ['exit 7', 7],
    ['exit 255', 255],
    ['kill -TERM $$', 143],
    ['kill -KILL $$', 137],
    ['ulimit -c 0; kill -SEGV $$', 139],
  ];
  for (const way of ways(s, user)) {
    for (const [script, status] of ends) {
      await s.subtest(`${script}, by ${way.name}`, async () => {
        const run = await s.netexec([...way.options, 'web', '--', 'sh', '-c', script], way.step);
        assert.deepEqual([run.status, run.stdout, run.stderr], [status, '', '']);
      });
    }
    await s.subtest(`user, folder and variables, by ${way.name}`, async () => {
      const show =
        'id; pwd; umask; ulimit -Sn; ulimit -Hn; grep -E "^(Cap(Inh|Prm|Eff|Amb)|Sig(Blk|Ign))" /proc/self/status; env';
      const env = { ODD: 'a b\n"c"', 'not.a-shell': 'x', ...way.step.env };
      const options = way.options.filter((word) => word !== '--pid');
      const step = { ...way.step, env };
      const inside = await must(s.netexec([...way.options, 'web', '--', 'bash', '-c', show], step));
      const outside = await must(s.netexec([...options, 'web', '--', 'bash', '-c', show], step));
      assert.equal(inside.stdout.replace('NETEXEC_ROOT=/proc/1/root\n', ''), outside.stdout);
      assert.match(inside.stdout, /^not\.a-shell=x$/m);
    });
    await s.subtest(`standard input and output, by ${way.name}`, async () => {
      const input = Buffer.from(Array.from({ length: 200_000 }, (_, index) => (index * 7) % 256));
      const run = await must(s.netexec([...way.options, 'web', '--', 'cat'], { ...way.step, input }));
      assert.ok(Buffer.compare(run.stdoutBytes, input) === 0);
    });
  }
});

scenario('a signal must reach COMMAND once, and its status come back', { project }, async (s) => {
  for (const way of ways(s, user)) {
    for (const name of ['TERM', 'HUP', 'INT', 'QUIT'] as const) {
      await s.subtest(`SIG${name}, by ${way.name}`, async () => {
        const command = recorder(s);
        const running = await startRecorder(s, way, command);
        process.kill(running.netexec.pid, `SIG${name}`);
        const run = await running.started.ended;
        assert.deepEqual([run.status, run.stderr, command.signals()], [recorderStatus[name], '', [name]]);
        await nothingLeft(s, running.started.pid);
      });
    }
    await s.subtest(`those that it outlives, by ${way.name}`, async () => {
      const command = recorder(s, ['TERM']);
      const running = await startRecorder(s, way, command);
      const sent = ['USR1', 'USR2', 'HUP', 'INT', 'QUIT'] as const;
      for (const [index, name] of sent.entries()) {
        process.kill(running.netexec.pid, `SIG${name}`);
        await s.eventually(() => assert.deepEqual(command.signals(), sent.slice(0, index + 1)));
      }
      process.kill(running.netexec.pid, 'SIGTERM');
      assert.equal((await running.started.ended).status, recorderStatus.TERM);
    });
  }
});

scenario('kill -9 of netexec must end a COMMAND that ignores every signal', { project }, async (s) => {
  for (const way of ways(s, user)) {
    await s.subtest(way.name, async () => {
      const command = recorder(s, []);
      const running = await startRecorder(s, way, command);
      process.kill(running.netexec.pid, 'SIGKILL');
      await s.eventually(() => !isAlive(running.command));
      await nothingLeft(s, running.started.pid);
      assert.deepEqual(command.signals(), []);
    });
  }
});

scenario('kill -9 of netexec must end a COMMAND of another user', { project }, async (s) => {
  for (const way of ways(s, user)) {
    await s.subtest(way.name, async () => {
      const command = recorder(s, []);
      const step = { ...way.step, cwd: '/' };
      const running = await startRecorder(s, { ...way, options: [...way.options, '-u', 'nobody'], step }, command);
      process.kill(running.netexec.pid, 'SIGKILL');
      await s.eventually(() => !isAlive(running.command));
    });
  }
});

scenario(
  'kill -9 of netexec must end what COMMAND has started, by the numbers of this machine',
  { project },
  async (s) => {
    for (const way of ways(s, user)) {
      await s.subtest(way.name, async () => {
        const mark = `${1000 + Math.random()}`;
        // The last line of a shell's would become the shell.
        const words = ['sh', '-c', `(sleep ${mark}; :); :`];
        const started = await startAlone(s, ['docker', 'netexec', ...way.options, 'web', '--', ...words], way.step);
        const sleepers = (): readonly string[] =>
          readdirSync('/proc').filter(
            (name) => /^\d+$/.test(name) && commandLineOf({ pid: Number(name) }) === `sleep\0${mark}\0`,
          );
        await s.eventually(() => assert.equal(sleepers().length, 1));
        s.t.after(() => sleepers().forEach((pid) => process.kill(Number(pid), 'SIGKILL')));
        const netexec = processesOfGroup(started.pid).find(isNetexec);
        process.kill(netexec?.pid ?? assert.fail('no netexec'), 'SIGKILL');
        await s.eventually(() => assert.deepEqual(sleepers(), []));
        await nothingLeft(s, started.pid);
      });
    }
  },
);

scenario(
  "kill -9 of netexec must end nothing of this machine's, whatever numbers a container's processes have",
  { project },
  async (s) => {
    // Its first process waits for those whose parents have ended.
    const service = 'initial';
    const { State: state } = await s.inspect(service);
    for (const way of ways(s, user)) {
      await s.subtest(way.name, async () => {
        const victim = processNumbered((await startAlone(s, ['sleep', '1000'])).pid);
        const running = await startRecorder(s, way, recorder(s, []), service);
        const guard = guardOf(parentOf(running.command));
        await forge(s, state.Pid, running.command, victim);
        process.kill(running.netexec.pid, 'SIGKILL');
        await s.eventually(() => !isAlive(running.command) && !isAlive(guard));
        await nothingLeft(s, running.started.pid);
        assert.ok(isAlive(victim));
      });
    }
  },
);

/** Has a container make processes that count there as a parent and a child of it count on this machine. */
async function forge(s: Scenario, container: number, parent: Process, child: Process): Promise<void> {
  // What is written there is taken for the number before the next one (proc(5)), in the writer's own process namespace.
  const script = `
    last=/proc/sys/kernel/ns_last_pid
    echo $(($1 - 1)) >$last
    (echo $(($2 - 1)) >$last; sleep 1000; :) &
    wait`;
  const words = ['sh', '-c', script, 'sh', `${parent.pid}`, `${child.pid}`];
  const made = await startAlone(s, ['nsenter', '--target', `${container}`, '--pid', '--', ...words]);
  const numbers = (): readonly string[] =>
    descendantsOf(made.pid).map(
      ({ pid }) => /^NSpid:.*\t(\d+)$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? '',
    );
  await s.eventually(() => assert.deepEqual(numbers().slice(1), [`${parent.pid}`, `${child.pid}`]));
}

/** What ends all that this process, COMMAND's parent, has started. */
function guardOf({ pid }: Process): Process {
  const words = `\0netexec\0${pid}\0yes\0`;
  const found = readdirSync('/proc').find(
    (name) => /^\d+$/.test(name) && commandLineOf({ pid: Number(name) }).endsWith(words),
  );
  return processNumbered(Number(found ?? assert.fail('no guard')));
}

/** From before netexec has read its arguments until after COMMAND has started. */
const moments = Array.from({ length: 14 }, (_, index) => index * 15);

scenario('whenever netexec is killed, nothing must be left, in the container neither', { project }, async (s) => {
  const before = await processesOf(s, 'web');
  for (const way of ways(s, user).slice(0, 2)) {
    for (const moment of moments) {
      const argv = ['docker', 'netexec', ...way.options, 'web', '--', 'sleep', '1000'];
      const started = await startAlone(s, argv, way.step);
      await groupIsThere(s, started);
      await pause(moment);
      const netexec = processesOfGroup(started.pid).find(isNetexec);
      if (netexec === undefined) signalGroup(started.pid, 'SIGKILL');
      else process.kill(netexec.pid, 'SIGKILL');
      await nothingLeft(s, started.pid, `killed after ${moment} ms`);
    }
  }
  assert.deepEqual(await processesOf(s, 'web'), before);
});

scenario('whenever docker gets SIGTERM, all must end', { project }, async (s) => {
  for (const moment of moments) {
    const started = await startAlone(s, ['docker', 'netexec', '--pid', 'web', '--', 'sleep', '1000']);
    await pause(moment);
    started.kill('SIGTERM');
    await nothingLeft(s, started.pid, `SIGTERM after ${moment} ms`);
    const run = await started.ended;
    assert.deepEqual([run.status ?? run.signal, run.stderr], [run.signal ?? 143, '']);
  }
});

const nothingLeft = (s: Scenario, group: number, what = ''): Promise<void> =>
  s.eventually(() => assert.deepEqual(processesOfGroup(group), [], what));
