// Podman 5.4 with crun, the runtime that it has by itself, in cgroups of version 2.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { askForAll } from './asked-for.ts';
import { askedOfProject, project, usePodman } from './podman.ts';
import { must, scenario } from './scenario.ts';

const { beside } = await usePodman('trixie', ['--crun']);

scenario('a container that crun has started must be entered, by every way', { project }, async (s) => {
  const info = await must(
    s.run(beside(['podman', 'info', '-f', '{{.Host.OCIRuntime.Name}} {{.Host.CgroupsVersion}}'])),
  );
  assert.equal(info.stdout, 'crun v2');
  const { Id: id, State: state } = await s.inspect('web');
  assert.match(readFileSync(`/proc/${state.Pid}/cgroup`, 'utf8'), new RegExp(`^0::/\\S*libpod-${id}`, 'm'));
  const ping = ['web', '--', 'redis-cli', '-h', 'redis', 'ping'];
  const limited = ['prlimit', '--nproc=20000:20000', 'docker', 'netexec'];
  for (const elevate of ['none', 'docker']) {
    const entered = await must(s.run(limited.concat('--elevate', elevate, ...ping)));
    assert.equal(entered.stdout, 'PONG');
  }
});

scenario('a run must have what it asks for where crun has started the containers', { project }, async (s) => {
  const besides = (words: readonly string[]) =>
    s.run(beside(['podman', 'exec', 'netexec-test-podman-west-1', ...words]));
  await askForAll(s, { ...askedOfProject, options: {}, besides });
});
