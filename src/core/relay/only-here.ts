// What of a request cannot be had with an engine of another kernel, without network namespaces, or through a tunnel.
import { hasOwnContainer, isAlone } from '../arguments/argv.ts';
import type { Request, RunRequest } from '../arguments/argv.ts';
import { resolvers } from '../names/resolvers.ts';
import { mintingPort } from './packets.ts';

/** @returns the first option that ports without COMMAND cannot have with such an engine */
export function onlyHere(request: RunRequest): string | undefined {
  const { relay } = resolvers[request.resolver];
  return relay === 'private' ? undefined : `--resolver ${relay}`;
}

/** Where no COMMAND can run, there is no shell: what leads here is for the service's own programs. */
export const isAloneElsewhere = ({ localPorts, reverses, command }: RunRequest): boolean =>
  localPorts.length + reverses.length > 0 && command.length === 0;

/** @returns what a system without network namespaces cannot do of it: ports and reports need the engine alone */
export function needsNamespaces(request: Request): string | undefined {
  if (request.action === 'doctor' || request.action === 'uninstall') return `--${request.action}`;
  if (request.action !== 'run') return undefined;
  if (hasOwnContainer(request.run)) return request.run.standIn ? '--stand-in' : '--on';
  return onlyHere(request.run) ?? (isAloneElsewhere(request.run) && !isForCommand(request.run) ? undefined : 'COMMAND');
}

/** What a COMMAND gets, and ports have no use for. */
const isForCommand = ({ env, envFiles, serviceEnv, serviceFiles, user, workdir }: RunRequest): boolean =>
  env.length + envFiles.length > 0 || serviceEnv || serviceFiles || user !== undefined || workdir !== undefined;

/** @returns whether it goes by numbers of processes: ports alone may be had by the engine, and reports need nothing else */
export const needsOwnNumbers = (request: Request): boolean =>
  'check' in request ||
  (request.action === 'run' &&
    (hasOwnContainer(request.run) || onlyHere(request.run) !== undefined || !isAlone(request.run)));

export interface Lacking {
  readonly what: string;
  readonly why: string;
}

/** @returns what of a request a tunnel has none of */
export function notByTunnel(request: RunRequest): Lacking | undefined {
  const { pid, capabilities, intercepts, reverses, hostNetwork, resolver } = request;
  const own = "COMMAND has its own network, not the container's";
  const rows: readonly (readonly [is: boolean, what: string, why: string])[] = [
    [pid, '--pid', "it connects to the container's network, not to its processes"],
    [capabilities.length > 0, '--cap-add', own],
    [intercepts.length > 0, '--intercept', own],
    [
      reverses.some(({ inside }) => inside === mintingPort),
      `--reverse ${mintingPort}`,
      'netexec uses that port itself',
    ],
    [hostNetwork, '--host-network', "it leaves COMMAND in this machine's network"],
    [!resolvers[resolver].view, `--resolver ${resolver}`, "COMMAND cannot reach this machine's name servers"],
  ];
  const row = rows.find(([is]) => is);
  return row && { what: row[1], why: row[2] };
}

/** @param json of GET /info. @returns the engine's machine as `linux/x86_64`, where the executable does not run there */
export function foreignPlatform(json: unknown, here: string): string | undefined {
  const { OSType: system, Architecture: processor } = (json ?? {}) as Readonly<Record<string, unknown>>;
  if (typeof system !== 'string' || typeof processor !== 'string') return undefined;
  const there = `${system}/${processors[processor] ?? processor}`;
  return there === here ? undefined : there;
}

/** As the engine calls them, and as the runtime does. */
const processors: Readonly<Record<string, string>> = { x86_64: 'x64', amd64: 'x64', aarch64: 'arm64', arm64: 'arm64' };
