// The process that the engine names is not the container, as seen from here: what that means.
import type { Container } from '../core/engine-state.ts';
import { fail } from '../core/failure.ts';
import type { Result } from '../core/failure.ts';
import type { Engine } from './engine.ts';

export async function containerElsewhere(
  container: Container,
  found: 'no-process' | 'another-process',
  engine: Engine,
): Promise<Result<never>> {
  const info = await engine.info();
  const json = info.ok ? (info.value.json as { OperatingSystem?: unknown; Name?: unknown }) : {};
  const names = [json.OperatingSystem, json.Name].filter((name) => typeof name === 'string');
  return fail({
    kind: 'container-not-here',
    container: container.name,
    pid: container.pid,
    host: engine.endpoint.host,
    engineName: names.length > 0 ? names.join(', ') : undefined,
    found,
  });
}
