// docker's options, environment and configuration → the engine to talk to, by docker's own rules (docker/cli, cli/command/cli.go).
import { join } from 'node:path/posix';
import type { DockerOptions } from '../arguments/argv.ts';
import type { ContextDocument } from './docker-contexts.ts';
import { fail, success } from '../failure/failure.ts';
import type { Result } from '../failure/failure.ts';
import { hostPort } from '../names/ip-address.ts';
import { readSshAddress } from './ssh-address.ts';
import type { SshAddress } from './ssh-address.ts';

export interface EngineAddress {
  /** As docker writes it: unix:///var/run/docker.sock, tcp://127.0.0.1:2376. */
  readonly host: string;
  /** Where the choice comes from, for messages: `--host`, `DOCKER_HOST`, `context "rootless"`, `default`. */
  readonly source: string;
  readonly transport:
    | { readonly kind: 'unix'; readonly socketPath: string }
    | { readonly kind: 'tcp'; readonly hostname: string; readonly port: number; readonly tls: Tls | undefined }
    | { readonly kind: 'ssh'; readonly to: SshAddress };
}

/** Files to read before connecting; those that are not `required` may be missing. */
export interface Tls {
  readonly ca: TlsFile | undefined;
  readonly cert: TlsFile | undefined;
  readonly key: TlsFile | undefined;
  readonly verify: boolean;
}

interface TlsFile {
  readonly file: string;
  readonly required: boolean;
}

export type Environment = Readonly<Record<string, string | undefined>>;

const defaultHost = 'unix:///var/run/docker.sock';

/**
 * The context that is in force, or undefined for docker's "default" one (which is DOCKER_HOST, or the usual socket).
 * Order: --context, --host, DOCKER_HOST, DOCKER_CONTEXT, config.json's currentContext.
 */
export function chooseContext(
  options: DockerOptions,
  env: Environment,
  currentContext: string | undefined,
): string | undefined {
  const name =
    options.context ??
    (options.host !== undefined || env['DOCKER_HOST']
      ? undefined
      : env['DOCKER_CONTEXT'] || currentContext || undefined);
  return name === 'default' || name === '' ? undefined : name;
}

/** The endpoint of the default context: --host, DOCKER_HOST or the usual socket, with TLS as docker would use it. */
export function defaultEngineAddress(
  options: DockerOptions,
  env: Environment,
  configFolder: string,
): Result<EngineAddress> {
  const wanted =
    options.tls === true || options.tlsVerify !== undefined || Boolean(env['DOCKER_TLS'] || env['DOCKER_TLS_VERIFY']);
  const usual = wanted ? 'tcp://localhost:2376' : defaultHost;
  // An explicit `--context default` passes over nothing: docker still honours DOCKER_HOST then.
  const [host, source] = options.host
    ? [options.host, '--host']
    : options.host === undefined && env['DOCKER_HOST']
      ? [env['DOCKER_HOST'], 'DOCKER_HOST']
      : [usual, "docker's default"];
  const folder = env['DOCKER_CERT_PATH'] || configFolder;
  const verify = options.tlsVerify ?? Boolean(env['DOCKER_TLS_VERIFY']);
  const tls: Tls = {
    ca: { file: options.tlsCaCert ?? join(folder, 'ca.pem'), required: verify || options.tlsCaCert !== undefined },
    cert: { file: options.tlsCert ?? join(folder, 'cert.pem'), required: options.tlsCert !== undefined },
    key: { file: options.tlsKey ?? join(folder, 'key.pem'), required: options.tlsKey !== undefined },
    verify,
  };
  return parseHost(host, source, wanted ? tls : undefined);
}

export function contextEngineAddress(context: ContextDocument, tlsFiles: readonly string[]): Result<EngineAddress> {
  const file = (name: string): TlsFile | undefined =>
    tlsFiles.includes(name) ? { file: join(context.tlsFolder, name), required: true } : undefined;
  const wanted = tlsFiles.length > 0 || context.skipTlsVerify;
  const tls = { ca: file('ca.pem'), cert: file('cert.pem'), key: file('key.pem'), verify: !context.skipTlsVerify };
  return parseHost(context.host || defaultHost, `context "${context.name}"`, wanted ? tls : undefined);
}

/** Reads a host as docker's ParseHost does (opts/hosts.go): no scheme is tcp, the port of tcp is 2375 whatever TLS says. */
function parseHost(text: string, source: string, tls: Tls | undefined): Result<EngineAddress> {
  const host = text.trim();
  const invalid = (reason: string): Result<EngineAddress> =>
    fail({ kind: 'endpoint-invalid', host: text, source, reason });
  const scheme = /^([a-z]+):\/\//.exec(host)?.[1] ?? 'tcp';
  const address = host.replace(/^[a-z]+:\/\//, '');
  switch (scheme) {
    case 'unix': {
      const socketPath = address === '' ? '/var/run/docker.sock' : address;
      return success({ host: `unix://${socketPath}`, source, transport: { kind: 'unix', socketPath } });
    }
    case 'tcp':
    case 'http':
    case 'https': {
      const match = /^(\[[^\]]*\]|[^:/]*)(?::(\d+))?(?:\/.*)?$/.exec(address);
      const name = (match?.[1] || 'localhost').replace(/^\[|\]$/g, '');
      const port = Number(match?.[2] ?? 2375);
      if (!match || port > 65_535) return invalid('expected HOST:PORT');
      const shown = `tcp://${hostPort(name, port)}`;
      return success({ host: shown, source, transport: { kind: 'tcp', hostname: name, port, tls } });
    }
    case 'ssh': {
      const to = readSshAddress(host);
      return typeof to === 'string' ? invalid(to) : success({ host, source, transport: { kind: 'ssh', to } });
    }
    case 'npipe':
      return fail({ kind: 'engine-elsewhere', host, source });
    default:
      return invalid(`${scheme}:// is not supported; use unix://, tcp:// or ssh://`);
  }
}
