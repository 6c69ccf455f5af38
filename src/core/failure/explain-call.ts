// Sentences for a call that leads to no engine's answer: docker's configuration, the engine itself.
import { own, quoted } from './explanation.ts';
import type { Called, Explanation } from './explanation.ts';
import { asRoot } from './as-root.ts';
import { unreachable } from './failure.ts';
import type { EndpointFailure, EngineFailure } from './failure.ts';
import { shellWord } from '../text/printable.ts';

export function explainEndpoint(failure: EndpointFailure): Explanation {
  switch (failure.kind) {
    case 'docker-config-invalid':
      return own(`docker's configuration ${failure.file} cannot be used: ${failure.reason}`, undefined);
    case 'context-not-found':
      return own(
        `docker has no context ${quoted(failure.context)}: there is no ${failure.file}`,
        `there are: ${failure.known.join(', ')}`,
      );
    case 'endpoint-invalid':
      return own(
        `the engine's address ${quoted(failure.host)}, from ${failure.source}, cannot be used: ${failure.reason}`,
        undefined,
      );
    case 'tls-file-unreadable':
      return own(`the TLS file ${failure.file} cannot be read: ${failure.reason}`, undefined);
    case 'engine-elsewhere':
      return own(
        `the engine ${failure.host}, from ${failure.source}, is not on this machine: its containers' networks cannot be entered from here`,
        'on Windows, run docker netexec inside WSL, with an engine that runs there',
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
        ? "it is Docker Desktop's, whose containers are in a virtual machine, where netexec cannot enter"
        : ssh === undefined
          ? 'is it running?'
          : `docker asks for no password either: try ssh ${shellWord(ssh)} docker version`;
      return own(
        `the engine at ${failure.host}, from ${failure.source}, cannot be reached: ${failure.reason}`,
        tip +
          (failure.here === undefined || failure.here.contexts.length === 0
            ? apart
              ? ''
              : ' docker version, docker context ls'
            : `${apart ? '; for' : ' For'} an engine that answers: ${waysBack(failure)}`),
      );
    }
    case 'engine-untrusted':
      return own(
        `the engine at ${failure.host}, from ${failure.source}, is not trusted: its certificate fails with ${failure.reason}`,
        'is it signed by the ca.pem of the context, or of DOCKER_CERT_PATH?',
      );
    case 'engine-permission':
      return own(
        `${failure.user} may not talk to the engine: no permission on ${failure.socket}`,
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
        `the engine's default runtime, ${quoted(failure.runtime)}, cannot start the container by which netexec enters: ${failure.message}`,
        `install runc, or use ${asRoot(called)}, which needs no container`,
      );
    case 'engine-nonsense':
      return own(
        `unexpected response from the engine to ${failure.request}: ${failure.problem}`,
        'is it a Docker engine that listens there? docker version',
      );
    case 'image-not-made':
      return own(
        `the engine did not make the empty image ${failure.image}: ${failure.reason ?? `it loaded ${failure.there ? 'something else' : 'nothing'}`}`,
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
      `something before the engine answered ${request} with status ${status}`,
      'a proxy? is the engine behind it running?',
    );
  const [method = '', path = ''] = request.split(' ');
  const section = path.split('/')[1] ?? '';
  const sections = method === 'GET' ? new Set(['containers', section]) : ['containers', 'images'];
  const paths = Array.from(sections, (each) => `/${each}`);
  const names = [...(method === 'GET' ? [] : [method]), ...paths];
  const settings = names.map((name) => `${name.replace('/', '').toUpperCase()}=1`);
  return own(
    `something before the engine refuses ${request}: it answered with status ${status}`,
    `it must allow ${names.join(', ')} (docker-socket-proxy: ${settings.join(' ')})`,
  );
}
