// Sentences for a call that leads to no engine's answer: the words, docker's configuration, the engine itself.
import { list, nearestHint, own, quoted } from './explanation.ts';
import type { Explanation } from './explanation.ts';
import { unreachable } from './failure.ts';
import type { EndpointFailure, EngineFailure, UsageFailure } from './failure.ts';
import { checkUsage, usageLine } from '../arguments/help-text.ts';
import { netexecOptions } from '../arguments/options.ts';
import { shellWord } from '../text/printable.ts';

export function explainUsage(failure: UsageFailure): Explanation {
  const help = 'see docker netexec --help';
  switch (failure.kind) {
    case 'unknown-flag':
      if (!failure.belongsToDocker) return own(`unknown flag: ${failure.flag}`, flagHint(failure.flag) ?? help);
      return own(
        `unknown flag: ${failure.flag}`,
        `it is docker's own, and goes before netexec: docker ${failure.flag} … netexec …`,
      );
    case 'flag-needs-value':
      return own(`flag needs an argument: ${failure.flag}`, help);
    case 'flag-takes-no-value':
      return own(`flag takes no value: ${failure.flag}, but ${quoted(failure.value)} was given`, help);
    case 'invalid-value':
      return own(`invalid value ${quoted(failure.value)} for ${failure.flag}: expected ${failure.expected}`, help);
    case 'flags-exclude-each-other': {
      const [one, other] = failure.flags;
      return own(one === other ? `${one} was given twice` : `${one} and ${other} exclude each other`, help);
    }
    case 'flag-for-reports':
      return own(
        `${failure.flag} is for reports`,
        'reports: --list-networks, --list-names, --hostaliases, --check, --doctor',
      );
    case 'flag-needs-flag':
      return own(`${failure.flag} goes with ${failure.other} only`, help);
    case 'surplus-argument':
      return own(`${failure.flag} takes no further argument: ${quoted(failure.argument)}`, help);
    case 'service-beside-networks':
      return own(
        `with --on there is no SERVICE, and -- stands before COMMAND: ${quoted(failure.word)}`,
        `docker netexec --on NETWORK -- ${shellWord(failure.word)} …`,
      );
    case 'not-drawn':
      return own(
        `--format ${failure.drawing} does not go with ${failure.flag}`,
        `it draws networks: docker netexec --list-networks --format ${failure.drawing}`,
      );
    case 'template-invalid':
      return own(
        `invalid --format ${quoted(failure.template)}: character ${failure.position + 1}: ${failure.reason}`,
        help,
      );
    case 'missing-service':
      return own(
        `no SERVICE given${whatRuns(failure)}`,
        `Usage: ${failure.usage === 'check' ? checkUsage : usageLine}; ${help}`,
      );
    default:
      return unreachable(failure);
  }
}

function whatRuns({ project, running }: UsageFailure & { kind: 'missing-service' }): string {
  if (project !== undefined)
    return running.length === 0
      ? `, and nothing of project ${quoted(project)} runs`
      : `; project ${quoted(project)} runs: ${list(running)}`;
  return running.length === 0 ? '' : `, and no Compose project here; running projects: ${list(running)}`;
}

/** Of an option that netexec does not have: what is meant, or, for those of `docker exec`, why there is none. */
function flagHint(flag: string): string | undefined {
  if (flag === '-d' || flag === '--detach')
    return 'netexec waits for COMMAND; to have both in the background: docker netexec … &';
  if (portFlags.includes(flag)) return 'a port of this machine leads inside by --forward 8080:80';
  if (flag === '--privileged') return 'COMMAND has your own rights; --cap-add leaves it a capability';
  if (!flag.startsWith('--')) return undefined;
  const flags = netexecOptions.map(({ name }) => `--${name}`);
  const longer = flags.filter((each) => each.startsWith(flag));
  return longer.length > 0 ? `did you mean ${longer.join(' or ')}?` : nearestHint(flag, flags);
}

/** By which docker, Compose, kubectl and ssh open a port, or their users try to. */
const portFlags: readonly string[] = ['-L', '-P', '--publish', '--publish-all', '--expose', '--port', '--ports'];

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
        failure.transport === 'ssh'
          ? `run docker netexec on that machine: ssh into it; for this machine's engine: ${waysBack(failure)}`
          : 'on Windows, run docker netexec inside WSL, with an engine that runs there',
      );
    default:
      return unreachable(failure);
  }
}

/** What leads to an engine of this machine. DOCKER_HOST wins over the default context, but not over one that is named. */
function waysBack({ source, here }: EndpointFailure & { kind: 'engine-elsewhere' }): string {
  const unset = here?.unset ?? source === 'DOCKER_HOST';
  const answering = here === undefined || here.contexts.length === 0 ? ['default'] : here.contexts;
  return answering
    .map((context) =>
      context === 'default' && unset ? 'unset DOCKER_HOST' : `docker --context ${shellWord(context)} netexec …`,
    )
    .join(', or ');
}

export function explainEngine(failure: EngineFailure): Explanation {
  switch (failure.kind) {
    case 'engine-unreachable':
      return own(
        `the engine at ${failure.host}, from ${failure.source}, cannot be reached: ${failure.reason}`,
        'is it running? docker version, docker context ls',
      );
    case 'engine-untrusted':
      return own(
        `the engine at ${failure.host}, from ${failure.source}, is not trusted: its certificate fails with ${failure.reason}`,
        'is it signed by the ca.pem of the context, or of DOCKER_CERT_PATH?',
      );
    case 'engine-permission':
      return own(
        `${failure.user} may not talk to the engine: no permission on ${failure.socket}`,
        `join the group that owns it (often: sudo usermod -aG docker ${shellWord(failure.user)}, then log in again), or use sudo docker netexec`,
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
        'install runc, or use sudo docker netexec, which needs no container',
      );
    case 'engine-nonsense':
      return own(
        `unexpected response from the engine to ${failure.request}: ${failure.problem}`,
        'is it a Docker engine that listens there? docker version',
      );
    case 'image-not-made':
      return own(
        `the engine did not make the empty image ${failure.image}: ${failure.reason ?? `it imported ${failure.there ? 'something else' : 'nothing'}`}`,
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
