// netexec's own variables: what stands in the place of an option that is not given.
import type { RunRequest } from './argv.ts';
import { oneOf, readProvider } from './option-values.ts';
import type { Environment } from '../engine/engine-address.ts';
import { success } from '../failure/failure.ts';
import type { Result } from '../failure/failure.ts';
import { needsProvider } from '../names/resolvers.ts';
import { elevations } from '../ways/ways.ts';
import type { Elevate } from '../ways/ways.ts';

/** A wildcard domain whose names spell the addresses that they lead to. */
export const defaultProvider = 'sslip.io';

/** With NETEXEC_ELEVATE and, where it matters, NETEXEC_PROVIDER. */
export function withSettings(run: RunRequest, env: Environment): Result<RunRequest> {
  const elevate = elevateWith(run.elevate, env);
  if (!elevate.ok) return elevate;
  const provider = needsProvider(run.resolver) ? providerIn(env) : success(undefined);
  if (!provider.ok) return provider;
  return success({ ...run, elevate: elevate.value, provider: run.provider ?? provider.value });
}

export function elevateWith(given: Elevate | undefined, env: Environment): Result<Elevate | undefined> {
  const elevate = oneOf('NETEXEC_ELEVATE', env['NETEXEC_ELEVATE'] || undefined, elevations);
  return elevate.ok ? success(given ?? elevate.value) : elevate;
}

export const providerIn = (env: Environment): Result<string | undefined> =>
  readProvider('NETEXEC_PROVIDER', env['NETEXEC_PROVIDER'] || undefined);
