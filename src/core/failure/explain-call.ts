// Sentences for a call that leads to no engine's answer: docker's configuration, the engine itself.
import { own, quoted } from './explanation.ts';
import type { Called, Explanation } from './explanation.ts';
import { asRoot } from './as-root.ts';
import { unreachable } from './failure.ts';
import type { EngineAddressFailure, EngineFailure } from './failure.ts';
import { shellWord } from '../text/printable.ts';

export function explainEngineAddress(failure: EngineAddressFailure): Explanation {
  switch (failure.kind) {
    case 'docker-config-invalid':
      return own(`cannot use docker's configuration file ${failure.file}: ${failure.reason}`, undefined);
    case 'context-not-found':
      return own(
        `docker context ${quoted(failure.context)} not found: there is no ${failure.file}`,
        `available contexts: ${failure.known.join(', ')}`,
      );
    case 'endpoint-invalid':
      return own(
        `invalid engine address ${quoted(failure.host)} (from ${failure.source}): ${failure.reason}`,
        undefined,
      );
    case 'tls-file-unreadable':
      return own(`cannot read the TLS file ${failure.file}: ${failure.reason}`, undefined);
    case 'engine-elsewhere':
      return own(
        `the engine at ${failure.host} (from ${failure.source}) is not on this machine: netexec cannot enter its containers' networks from here`,
        'on Windows, run docker netexec inside WSL, with an engine that runs in WSL, too',
      );
    default:
      return unreachable(failure);
  }
}

/** What leads to an engine of this machine. DOCKER_HOST wins over the default context, but not over one that is named. */
function waysBack({ source, here }: EngineFailure & { kind: 'engine-unreachable' }): string {
  const unset = here?.unset ?? source === 'DOCKER_HOST';
  const answering = here === undefined || here.contexts.length === 0 ? ['default'] : here.contexts;
  return answering
    .map((context) =>
      context === 'default' && unset ? 'unset DOCKER_HOST' : `docker --context ${shellWord(context)} netexec …`,
    )
    .join(', or ');
}

export function explainEngine(failure: EngineFailure, called: Called): Explanation {
  switch (failure.kind) {
    case 'engine-unreachable': {
      const isDesktops = /\/\.docker\/(?:desktop|run)\/docker\.sock$/.test(failure.host);
      const [ssh] = /^ssh:\/\/[^/]*/.exec(failure.host) ?? [];
      const apart = isDesktops || ssh !== undefined;
      const tip = isDesktops
        ? 'Docker Desktop runs its containers in a virtual machine, which netexec cannot enter'
        : ssh === undefined
          ? 'is it running?'
          : `ssh must log in without asking for a password, as with docker itself; try ssh ${shellWord(ssh)} docker version`;
      return own(
        `cannot connect to the engine at ${failure.host} (from ${failure.source}): ${failure.reason}`,
        tip +
          (failure.here === undefined || failure.here.contexts.length === 0
            ? apart
              ? ''
              : ' Try docker version, or docker context ls'
            : `${apart ? '; to' : ' To'} use an engine that answers: ${waysBack(failure)}`),
      );
    }
    case 'engine-untrusted':
      return own(
        `cannot verify the certificate of the engine at ${failure.host} (from ${failure.source}): ${failure.reason}`,
        'check that the CA in ca.pem, of the context or in DOCKER_CERT_PATH, signed it',
      );
    case 'engine-permission':
      return own(
        `${failure.user} cannot connect to the engine: permission denied on ${failure.socket}`,
        `join the group that owns it (often: sudo usermod -aG docker ${shellWord(failure.user)}, then log in again), or use ${asRoot(called)}`,
      );
    case 'engine-silent':
      return own(
        `the engine at ${failure.host} did not answer ${failure.request} within ${failure.seconds} seconds`,
        undefined,
      );
    case 'engine-refused':
      return own(
        `the engine answered ${failure.request} with status ${failure.status}${failure.message === '' ? '' : `: ${failure.message}`}`,
        undefined,
      );
    case 'proxy-refused':
      return explainProxy(failure);
    case 'runtime-fails':
      return own(
        `the engine's default runtime, ${quoted(failure.runtime)}, cannot start netexec's helper container: ${failure.message}`,
        `install runc, or use ${asRoot(called)}, which needs no helper container`,
      );
    case 'engine-nonsense':
      return own(
        `unexpected response from the engine to ${failure.request}: ${failure.problem}`,
        'is a Docker engine listening there? Try docker version',
      );
    case 'image-not-made':
      return own(
        `the engine did not create the empty image ${failure.image}: ${failure.reason ?? `it loaded ${failure.there ? 'a different image' : 'nothing'}`}`,
        `try it by hand: head -c 1024 /dev/zero | docker import - ${failure.image}`,
      );
    default:
      return unreachable(failure);
  }
}

/** A proxy that lets through some of what the engine can do: what it must let through for what was asked. */
function explainProxy({ request, status }: EngineFailure & { kind: 'proxy-refused' }): Explanation {
  if (status >= 500 || status < 400)
    return own(
      `something in front of the engine, probably a proxy, answered ${request} with status ${status}`,
      'is the engine behind the proxy running?',
    );
  const [method = '', path = ''] = request.split(' ');
  const section = path.split('/')[1] ?? '';
  const sections = method === 'GET' ? new Set(['containers', section]) : ['containers', 'images'];
  const paths = Array.from(sections, (each) => `/${each}`);
  const names = [...(method === 'GET' ? [] : [method]), ...paths];
  const settings = names.map((name) => `${name.replace('/', '').toUpperCase()}=1`);
  return own(
    `something in front of the engine, probably a proxy, rejected ${request} with status ${status}`,
    `allow ${names.join(', ')} in the proxy (docker-socket-proxy: ${settings.join(' ')})`,
  );
}
