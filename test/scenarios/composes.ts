// Two Composes to ask: this machine's, and Debian testing's, which reads settings in a newer way.
import assert from 'node:assert/strict';
import { mkdirSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { must } from './scenario.ts';
import type { Scenario } from './scenario.ts';

export interface Compose {
  readonly version: string;
  /** What a step gets so that `docker compose` is this one; `docker netexec` is the one under test. */
  readonly env: Readonly<Record<string, string>>;
}

export async function bothComposes(s: Scenario): Promise<readonly Compose[]> {
  const layer = join(tmpdir(), 'docker-netexec-test-hosts/compose-of-testing');
  const unpack = [join(import.meta.dirname, 'unpacked'), layer, 'testing', 'docker-compose'];
  const { stdout: files } = await must(s.run(unpack, { timeout: 300_000 }));
  const { DOCKER_CONFIG: config = '' } = await s.environment();
  const newer = join(s.folder, 'newer-compose');
  mkdirSync(join(newer, 'cli-plugins'), { recursive: true });
  symlinkSync(join(files, 'libexec/docker/cli-plugins/docker-compose'), join(newer, 'cli-plugins/docker-compose'));
  symlinkSync(join(config, 'netexec'), join(newer, 'netexec'));
  symlinkSync(join(config, 'cli-plugins/docker-netexec'), join(newer, 'cli-plugins/docker-netexec'));
  const versioned = async (env: Readonly<Record<string, string>>): Promise<Compose> => {
    const { stdout } = await must(s.docker(['compose', 'version', '--short'], { env }));
    return { version: stdout, env };
  };
  const composes = [await versioned({}), await versioned({ DOCKER_CONFIG: newer })];
  assert.match(composes[1]?.version ?? '', /^2\.[34]\d\./);
  return composes;
}
