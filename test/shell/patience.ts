// The plugin as it is installed, but with less patience for an engine.
import assert from 'node:assert/strict';
import { cpSync, existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Plugin } from './place.ts';

export const withPatience = (plugin: Plugin, seconds: number): Plugin => ({
  /** A copy of the other, made when it is first wanted: the other is there by then. */
  get file() {
    const config = join(plugin.config, 'impatient');
    if (!existsSync(config)) copyWith(seconds, plugin.config, config);
    return join(config, 'cli-plugins/docker-netexec');
  },
  get config() {
    return join(plugin.config, 'impatient');
  },
});

function copyWith(seconds: number, from: string, to: string): void {
  for (const part of ['cli-plugins', 'netexec']) cpSync(join(from, part), join(to, part), { recursive: true });
  const folder = join(to, 'netexec');
  const files = readdirSync(folder).filter((name) => name.endsWith('.cjs'));
  // That of the run, and that of the way by the engine.
  assert.ok(files.filter((name) => shorten(join(folder, name), seconds)).length > 1);
}

function shorten(file: string, seconds: number): boolean {
  const patient = readFileSync(file, 'utf8');
  const short = patient.replace('patience={seconds:15}', `patience={seconds:${seconds}}`);
  if (short !== patient) writeFileSync(file, short);
  return short !== patient;
}
