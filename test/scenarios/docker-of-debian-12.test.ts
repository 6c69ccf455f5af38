// docker 20.10, as Debian 12 has it: it tells its plugins nothing, of signals neither.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isAlive, parentOf, recorder, recorderStatus, startAlone } from './command-process.ts';
import { must, scenario } from './scenario.ts';
import type { Scenario } from './scenario.ts';

const project = 'command';

async function oldDocker(s: Scenario): Promise<string> {
  const folder = join(tmpdir(), 'docker-netexec-test-hosts/docker-of-bookworm');
  const unpack = [join(import.meta.dirname, 'unpacked'), folder, 'bookworm', 'docker.io'];
  const docker = join((await must(s.run(unpack, { timeout: 600_000 }))).stdout, 'bin/docker');
  assert.match((await must(s.run([docker, '--version']))).stdout, /^Docker version 20\.10\./);
  return docker;
}

scenario('what docker 20.10 says where it finds no netexec must stand in the documents', { project }, async (s) => {
  const docker = await oldDocker(s);
  const page = readFileSync(join(import.meta.dirname, '../../docs/troubleshooting.md'), 'utf8');
  const env = { DOCKER_CONFIG: join(s.folder, 'empty') };
  for (const words of [['web'], ['-p', 'shop', 'web'], ['--doctor']]) {
    const { status, stderr } = await s.run([docker, 'netexec', ...words], { env });
    assert.notEqual(status, 0);
    assert.ok(page.includes(`\`${stderr.split('\n')[0]?.replace(/\.$/, '')}\``), stderr);
  }
});

scenario('docker 20.10 must run COMMAND, and bring its streams and its status back', { project }, async (s) => {
  const docker = await oldDocker(s);
  const run = await s.run([docker, 'netexec', 'web', '--', 'sh', '-c', 'cat; echo said >&2; exit 7'], {
    input: 'typed',
  });
  assert.deepEqual([run.status, run.stdout, run.stderr], [7, 'typed', 'said']);
  assert.match((await must(s.run([docker, 'netexec', '--help']))).stdout, /^Usage: {2}docker netexec /);
  assert.match((await must(s.run([docker, '--help']))).stdout, /^ {2}netexec\* +Run programs from this machine/m);
});

for (const signal of ['SIGKILL', 'SIGHUP', 'SIGQUIT'] as const) {
  scenario(`the end of docker 20.10 by ${signal} must reach COMMAND as SIGTERM`, { project }, async (s) => {
    const docker = await oldDocker(s);
    const command = recorder(s);
    await startAlone(s, [docker, 'netexec', 'web', '--', ...command.argv]);
    const running = await command.running();
    const netexec = parentOf(running);
    process.kill(parentOf(netexec).pid, signal);
    await s.eventually(() => assert.deepEqual([running, netexec].filter(isAlive), []));
    assert.deepEqual(command.signals(), ['TERM']);
  });
}

scenario(
  'what is sent to netexec under docker 20.10 must reach COMMAND, and its status be docker’s',
  { project },
  async (s) => {
    const docker = await oldDocker(s);
    const command = recorder(s);
    const started = await startAlone(s, [docker, 'netexec', 'web', '--', ...command.argv]);
    process.kill(parentOf(await command.running()).pid, 'SIGTERM');
    assert.equal((await started.ended).status, recorderStatus.TERM);
  },
);
