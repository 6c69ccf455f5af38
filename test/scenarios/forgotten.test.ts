// What neither netexec nor its guard could put right, since both were killed: the next call finds it.
import assert from 'node:assert/strict';
import { readFileSync, readdirSync, readlinkSync } from 'node:fs';
import { descendantsOf, isNetexec, processNumbered, startAlone } from './command-process.ts';
import { ownEngine } from './own-engine.ts';
import { bringUp } from './own-project.ts';
import { must, scenario } from './scenario.ts';

const project = 'ways';
const file = `services:
  web: &web
    image: netexec/busybox:1
    pull_policy: never
    dns: 127.0.0.1
    stop_grace_period: 0s
  db:
    <<: *web
`;

/** The processes whose command line has all of these. */
const processesWith = (...texts: readonly string[]): readonly number[] =>
  readdirSync('/proc').flatMap((name) => {
    try {
      const line = readFileSync(`/proc/${name}/cmdline`, 'utf8');
      return /^\d+$/.test(name) && texts.every((text) => line.includes(text)) ? [Number(name)] : [];
    } catch {
      return [];
    }
  });

scenario(
  'what --replace has stopped, and nobody started again, must be told of with the line that does',
  { project },
  async (s) => {
    const name = 'netexec-test-forgotten';
    const options = await bringUp(s, name, file);
    const web = `${name}-web-1`;
    const started = await startAlone(
      s,
      ['docker', 'netexec', '--stand-in', '--replace', 'web', '--', 'sh', '-c', 'echo up; exec sleep 300'],
      options,
    );
    await started.says('up');
    const [guard] = processesWith('docker-netexec', 'restore', web);
    assert.ok(guard !== undefined);
    process.kill(guard, 'SIGKILL');
    process.kill(descendantsOf(started.pid).find(isNetexec)?.pid ?? 0, 'SIGKILL');
    await started.ended;
    const told = `netexec: warning: ${web}: stopped by --replace, and netexec could not start it again (docker start ${web})`;
    await s.subtest('by the next run, of another service too', async () => {
      assert.equal((await must(s.netexec(['db', '--', 'true'], options))).stderr, told);
      const refused = await s.netexec(['web', '--', 'true'], options);
      assert.ok(refused.stderr.startsWith(`${told}\nnetexec: `), refused.stderr);
    });
    await s.subtest('by --doctor', async () => {
      const { stdout } = await s.netexec(['--doctor', '--format', 'json'], options);
      assert.match(stdout, new RegExp(`^\\{.*"replaced".*docker start ${web}`, 'm'));
    });
    await s.subtest('but not to who presses TAB', async () => {
      const { stdout, stderr } = await s.docker(['__completeNoDesc', 'netexec', ''], options);
      assert.match(stdout, /^web/m);
      assert.equal(stderr, '');
    });
    await s.subtest('while Compose takes no notice', async () => {
      const { stdout } = await must(s.compose(['ps', '-a', '--format', '{{.Name}}'], options));
      assert.deepEqual(stdout.split('\n').toSorted(), [`${name}-db-1`, web]);
    });
    await s.subtest('until they run', async () => {
      await must(s.compose(['up', '-d', '--remove-orphans'], options));
      assert.equal((await must(s.netexec(['web', '--', 'true'], options))).stderr, '');
      const { stdout } = await must(s.docker(['ps', '-aq', '--filter', `label=docker-netexec.replaced-in=${name}`]));
      assert.equal(stdout, '');
    });
  },
);

scenario(
  'what tells of stopped containers must be believed where its netexec is known to have ended, and be netexec’s own',
  { project },
  async (s) => {
    const name = 'netexec-test-forgotten';
    const options = await bringUp(s, name, file);
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    const namespace = readlinkSync('/proc/self/ns/pid');
    const make = async (action: string, supervisor: string): Promise<void> => {
      const labels = {
        'com.docker.compose.project': name,
        'docker-netexec.replaced-by': supervisor,
        'docker-netexec.replaced': `${name}-web-1`,
        'docker-netexec.replaced-in': name,
      };
      const words = Object.entries(labels).flatMap(([key, value]) => ['--label', `${key}=${value}`]);
      const own = ['--name', 'netexec-test-marker', '--network', 'none', '--stop-signal', 'SIGKILL'];
      await must(
        s.docker([action, ...(action === 'run' ? ['-d'] : []), ...own, ...words, 'netexec/busybox:1', 'sleep', '600']),
      );
    };
    const remove = () => s.docker(['rm', '-f', 'netexec-test-marker']);
    s.t.after(remove);
    const isThere = async (): Promise<boolean> => (await s.docker(['inspect', 'netexec-test-marker'])).status === 0;
    const { pid } = processNumbered(process.pid);
    await s.subtest('another machine’s, which has the same engine, must be left, and nothing said', async () => {
      await must(s.docker(['stop', `${name}-web-1`]));
      await make('create', `${pid} 1 another ${namespace}`);
      assert.equal((await must(s.netexec(['db', '--', 'true'], options))).stderr, '');
      await must(s.docker(['start', `${name}-web-1`]));
      assert.equal((await must(s.netexec(['db', '--', 'true'], options))).stderr, '');
      assert.ok(await isThere());
      await remove();
    });
    await s.subtest('a container that runs must be left, whatever its labels say', async () => {
      await make('run', `${pid} 1 ${boot} ${namespace}`);
      await must(s.netexec(['db', '--', 'true'], options));
      assert.ok(await isThere());
      await remove();
    });
    await s.subtest('but one that was never started, of a netexec that has ended, must go', async () => {
      await make('create', `${pid} 1 ${boot} ${namespace}`);
      await must(s.netexec(['db', '--', 'true'], options));
      assert.ok(!(await isThere()));
    });
  },
);

scenario(
  'a place whose netexec was killed while the engine was away must go with the next one',
  { project },
  async (s) => {
    const engine = await ownEngine(s);
    await engine.start(['--live-restore']);
    const labels = ['project=shop', 'network=back', 'version=2'].flatMap((each) => [
      '--label',
      `com.docker.compose.${each}`,
    ]);
    await engine.docker('network', 'create', ...labels, 'shop_back');
    const on = ['docker', 'netexec', '-p', 'shop', '--on', 'shop_back', '--'];
    const started = await s.start(engine.inside([...on, 'sh', '-c', 'echo up; exec sleep 300']), engine.options);
    await started.says('up');
    const places = () => engine.docker('ps', '-aq', '--filter', 'label=docker-netexec.supervisor');
    await engine.end('SIGKILL');
    process.kill(descendantsOf(started.pid).find(isNetexec)?.pid ?? 0, 'SIGKILL');
    await started.ended;
    await engine.start(['--live-restore']);
    // It is removed beside COMMAND, which may end first.
    await must(s.run(engine.inside([...on, 'sleep', '2']), engine.options));
    assert.equal(await places(), '');
  },
);

scenario(
  'a container of a netexec that has ended must go with the next place, and no other',
  { project },
  async (s) => {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    const namespace = readlinkSync('/proc/self/ns/pid');
    const { pid, started } = processNumbered(process.pid);
    const rows: readonly (readonly [label: string, stays: boolean])[] = [
      [`${pid} ${started} ${boot} ${namespace}`, true],
      [`${pid} 1 ${boot} ${namespace}`, false],
      [`${pid} 1 ${boot} pid:[1]`, true],
      // Of another machine that has the same engine.
      [`${pid} 1 another ${namespace}`, true],
      // Of a version before these.
      [`${pid} 1`, true],
    ];
    const made: string[] = [];
    for (const [label] of rows) {
      const words = ['--label', `docker-netexec.supervisor=${label}`, '--stop-signal', 'SIGKILL', 'netexec/busybox:1'];
      made.push((await must(s.docker(['run', '-d', ...words, 'sleep', '600']))).stdout);
    }
    s.t.after(() => s.docker(['rm', '-f', ...made]));
    const there = async (): Promise<readonly boolean[]> => {
      const { stdout } = await must(s.docker(['ps', '-aq', '--no-trunc']));
      return made.map((id) => stdout.includes(id));
    };
    const beside = await s.start(['docker', 'netexec', '--on', 'backend', '--', 'sleep', '60']);
    await s.eventually(async () =>
      assert.deepEqual(
        await there(),
        rows.map(([, stays]) => stays),
      ),
    );
    beside.kill('SIGINT');
  },
);
