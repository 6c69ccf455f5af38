// An engine of a scenario's own, in a machine of its own, for what must not be done to the one that all others use.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ownMachine } from './machine.ts';
import { must } from './scenario.ts';
import type { RunOptions, Scenario, Started } from './scenario.ts';

export interface OwnEngine {
  start(options?: readonly string[]): Promise<void>;
  /** Ends dockerd itself; its containers are another matter. */
  end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void>;
  /** The words that run a program on its machine, and the options that a step then takes. */
  inside(argv: readonly string[]): readonly string[];
  readonly options: RunOptions;
  docker(...words: readonly string[]): Promise<string>;
}

/**
 * It has the image netexec/busybox:1, and goes with the scenario. Not started yet.
 * @param apart with process numbers of its own, as an engine of another kernel: it cannot be ended and started again
 */
export async function ownEngine(s: Scenario, { apart = false } = {}): Promise<OwnEngine> {
  const machine = await ownMachine(s, { network: true });
  await must(s.run(machine.inside(['ip', 'link', 'set', 'lo', 'up'])));
  // Of the Debian whose engine the scenarios run with (test/engines/with-engine).
  const layer = process.env['NETEXEC_ENGINE_LAYER'];
  if (layer)
    await must(s.run(machine.inside(['mount', '-t', 'overlay', '-o', `lowerdir=${layer}:/usr`, 'machine', '/usr'])));
  // On a real file system: overlay2 needs one.
  const folder = mkdtempSync('/var/tmp/docker-netexec-engine.');
  const on = (name: string): string => join(folder, name);
  const start = (...argv: readonly string[]): Promise<Started> => s.start(machine.inside(argv), { timeout: 1_800_000 });
  const host = `unix://${on('docker.sock')}`;
  const options = { env: { DOCKER_HOST: host } };
  // As where systemd starts both: the one that dockerd starts would end with it.
  const stores = ['--root', on('containerd'), '--state', on('containerd-run')];
  const containerd = apart
    ? undefined
    : await start('containerd', '--config', '/dev/null', '--address', on('containerd.sock'), ...stores);
  const places = ['--data-root', on('data'), '--exec-root', on('run'), '--pidfile', on('pid'), '--host', host];
  const dockerd = ['dockerd', '--storage-driver=overlay2', ...places];
  const line = apart
    ? // It starts a containerd beside itself.
      ['unshare', '--pid', '--fork', '--mount-proc', '--kill-child', '--', ...dockerd]
    : [...dockerd, '--containerd', on('containerd.sock')];
  let daemon: Started | undefined;
  const end = async (signal: 'SIGTERM' | 'SIGKILL'): Promise<void> => {
    daemon?.kill(signal);
    await daemon?.ended;
    daemon = undefined;
  };
  s.t.after(async () => {
    if (daemon !== undefined) await s.run(['sh', '-c', leaveAndRemove], options);
    await end('SIGTERM');
    containerd?.kill('SIGTERM');
    await containerd?.ended;
    rmSync(folder, { recursive: true, force: true });
  });
  return {
    start: async (words = []) => {
      daemon = await start(...line, ...words);
      await s.eventually(async () => assert.equal((await s.docker(['version'], options)).status, 0));
      await must(
        s.run(['sh', '-c', copyImage, 'sh', process.env['DOCKER_HOST'] ?? 'unix:///var/run/docker.sock'], options),
      );
    },
    end,
    inside: (argv) => machine.inside(argv),
    options,
    docker: async (...words) => (await must(s.docker(words, options))).stdout.trim(),
  };
}

// What a swarm runs, it would start again.
const leaveAndRemove = 'docker swarm leave --force >/dev/null 2>&1; docker ps -aq | xargs -r docker rm -f';

const copyImage = `docker image inspect netexec/busybox:1 >/dev/null 2>&1 ||
  docker --host "$1" save netexec/busybox:1 | docker load`;
