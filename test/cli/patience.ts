// The plugin as it is installed, but with another patience for an engine: made of the sources, since the executable is of one piece.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { copyCheckout, removeFolder, temporaryFolder } from './place.ts';
import type { Plugin } from './place.ts';

export const withPatience = (plugin: Plugin, seconds: number): Plugin => ({
  /** Made when it is first wanted: the other is there by then. */
  get file() {
    const config = join(plugin.config, `patience-${seconds}`);
    if (!existsSync(config)) makeWith(seconds, config);
    return join(config, 'cli-plugins/docker-netexec');
  },
  get config() {
    return join(plugin.config, `patience-${seconds}`);
  },
});

function makeWith(seconds: number, config: string): void {
  const folder = temporaryFolder();
  const checkout = copyCheckout(folder);
  // For an answer of the engine's, and for ssh to log in.
  for (const [name, usual] of [
    ['engine', 15],
    ['ssh', 120],
  ] as const) {
    const file = join(checkout, `src/shell/engine/${name}.ts`);
    const patient = readFileSync(file, 'utf8');
    const short = patient.replace(`patience = { seconds: ${usual} }`, `patience = { seconds: ${seconds} }`);
    assert.notEqual(short, patient);
    writeFileSync(file, short);
  }
  execFileSync(join(checkout, 'scripts/install'), { env: { ...process.env, DOCKER_CONFIG: config } });
  removeFolder(folder);
}
