// The plugin as it is installed, but with less patience for an engine.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { copyCheckout, removeFolder, temporaryFolder } from './place.ts';
import type { Plugin } from './place.ts';

export const withPatience = (plugin: Plugin, seconds: number): Plugin => ({
  /** A copy of the other, made when it is first wanted: the other is there by then. */
  get file() {
    const config = join(plugin.config, 'impatient');
    const isExecutable = existsSync(join(plugin.config, 'netexec/netexec'));
    if (!existsSync(config)) (isExecutable ? makeWith : copyWith)(seconds, config, plugin.config);
    return join(config, 'cli-plugins/docker-netexec');
  },
  get config() {
    return join(plugin.config, 'impatient');
  },
});

/** An executable is of one piece. */
function makeWith(seconds: number, config: string): void {
  const folder = temporaryFolder();
  const checkout = copyCheckout(folder);
  assert.ok(shorten(join(checkout, 'src/shell/engine.ts'), seconds));
  execFileSync(join(checkout, 'scripts/executable'), [config]);
  removeFolder(folder);
}

function copyWith(seconds: number, to: string, from: string): void {
  for (const part of ['cli-plugins', 'netexec']) cpSync(join(from, part), join(to, part), { recursive: true });
  const folder = join(to, 'netexec');
  const files = readdirSync(folder).filter((name) => name.endsWith('.cjs'));
  // That of the run, and that of the way by the engine.
  assert.ok(files.filter((name) => shorten(join(folder, name), seconds)).length > 1);
}

function shorten(file: string, seconds: number): boolean {
  const patient = readFileSync(file, 'utf8');
  const short = patient.replace(/(patience ?= ?\{ ?seconds: ?)15\b/, `$1${seconds}`);
  if (short !== patient) writeFileSync(file, short);
  return short !== patient;
}
