// Failure → what the user reads, and the exit status: the one place where failures become sentences.
import leven from 'leven';
import { usageLine } from './help.ts';
import { unreachable } from './failure.ts';
import { printable } from './printable.ts';
import type {
  CommandFailure,
  ContainerFailure,
  EndpointFailure,
  EngineFailure,
  Failure,
  HostFailure,
  ProjectFailure,
  UsageFailure,
} from './failure.ts';

export interface Explanation {
  readonly what: string;
  readonly hint: string | undefined;
  /** 125 when netexec itself failed, 126 when COMMAND cannot be invoked, 127 when it was not found. */
  readonly status: 125 | 126 | 127;
}

/** @returns `netexec: WHAT`, and `hint: …` on a line of its own where there is one; safe to send to a terminal */
export function renderFailure(failure: Failure): { readonly text: string; readonly status: number } {
  const { what, hint, status } = explain(failure);
  const lines = [`netexec: ${printable(what)}`, ...(hint === undefined ? [] : [`hint: ${printable(hint)}`])];
  return { text: `${lines.join('\n')}\n`, status };
}

export function explain(failure: Failure): Explanation {
  switch (failure.kind) {
    case 'unknown-flag':
    case 'flag-needs-value':
    case 'flag-takes-no-value':
    case 'invalid-value':
    case 'flags-exclude-each-other':
    case 'flag-for-reports':
    case 'surplus-argument':
    case 'template-invalid':
    case 'missing-service':
      return explainUsage(failure);
    case 'docker-config-invalid':
    case 'context-not-found':
    case 'endpoint-invalid':
    case 'tls-file-unreadable':
    case 'engine-elsewhere':
      return explainEndpoint(failure);
    case 'engine-unreachable':
    case 'engine-permission':
    case 'engine-silent':
    case 'engine-refused':
    case 'engine-nonsense':
      return explainEngine(failure);
    case 'compose-file-missing':
    case 'compose-file-invalid':
    case 'folder-missing':
    case 'project-name-invalid':
    case 'project-ambiguous':
    case 'no-project':
    case 'project-empty':
    case 'service-unknown':
    case 'service-not-running':
    case 'replica-unknown':
      return explainProject(failure);
    case 'container-unknown':
    case 'container-not-running':
    case 'container-not-here':
    case 'network-not-joined':
    case 'stage-failed':
      return explainContainer(failure);
    case 'platform-unsupported':
    case 'tool-missing':
    case 'user-unknown':
    case 'group-unknown':
    case 'not-permitted':
    case 'runtime-folder-unusable':
    case 'runtime-folder-full':
      return explainHost(failure);
    case 'command-not-found':
    case 'command-not-executable':
      return explainCommand(failure);
    default:
      return unreachable(failure);
  }
}

function explainUsage(failure: UsageFailure): Explanation {
  const help = 'see docker netexec --help';
  switch (failure.kind) {
    case 'unknown-flag':
      if (!failure.belongsToDocker) return own(`unknown flag: ${failure.flag}`, help);
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
      return own(`${failure.flag} is for reports`, 'reports: --list-networks, --list-names, --hostaliases');
    case 'surplus-argument':
      return own(`${failure.flag} takes no further argument: ${quoted(failure.argument)}`, help);
    case 'template-invalid':
      return own(
        `invalid --format ${quoted(failure.template)}: character ${failure.position + 1}: ${failure.reason}`,
        help,
      );
    case 'missing-service':
      return own('no SERVICE given', `Usage: ${usageLine}`);
    default:
      return unreachable(failure);
  }
}

function explainEndpoint(failure: EndpointFailure): Explanation {
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
          ? "run docker netexec on that machine: ssh into it; for this machine's engine: docker --context default netexec …"
          : 'on Windows, run docker netexec inside WSL, with an engine that runs there',
      );
    default:
      return unreachable(failure);
  }
}

function explainEngine(failure: EngineFailure): Explanation {
  switch (failure.kind) {
    case 'engine-unreachable':
      return own(
        `the engine at ${failure.host}, from ${failure.source}, cannot be reached: ${failure.reason}`,
        'is it running? docker version, docker context ls',
      );
    case 'engine-permission':
      return own(
        `${failure.user} may not talk to the engine: no permission on ${failure.socket}`,
        `join the group that owns it (often: sudo usermod -aG docker ${failure.user}, then log in again), or use sudo docker netexec`,
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
    case 'engine-nonsense':
      return own(
        `the engine's answer to ${failure.request} makes no sense: ${failure.problem}`,
        'is it a Docker engine that listens there? docker version',
      );
    default:
      return unreachable(failure);
  }
}

function explainProject(failure: ProjectFailure): Explanation {
  switch (failure.kind) {
    case 'compose-file-missing':
      return own(`there is no Compose file ${failure.file}, named by ${failure.source}`, undefined);
    case 'compose-file-invalid':
      return own(
        `the Compose file ${failure.file} cannot be read: ${failure.reason}`,
        'docker compose config says more',
      );
    case 'folder-missing':
      return own(`${failure.flag} ${failure.folder}: ${failure.reason}`, undefined);
    case 'project-name-invalid':
      return own(
        `invalid project name ${quoted(failure.name)}, from ${failure.source}`,
        'lowercase letters, digits, hyphens and underscores, starting with a letter or digit',
      );
    case 'project-ambiguous':
      return own(
        `more than one project was started from ${failure.folder}: ${list(failure.projects)}`,
        `say which: docker netexec -p ${failure.projects[0] ?? 'NAME'} ${failure.service} …`,
      );
    case 'no-project':
      return own(
        `no Compose project in ${failure.folder} or above${alsoNoContainer(failure.name)}`,
        failure.running.length === 0
          ? 'no project is running; start one: docker compose up -d'
          : `running projects: ${list(failure.running)}; choose one: docker netexec -p ${failure.running[0] ?? 'NAME'} …`,
      );
    case 'project-empty':
      return own(
        `project ${quoted(failure.project)} (${failure.source}) has no containers${alsoNoContainer(failure.service)}`,
        failure.running.length === 0
          ? 'start it: docker compose up -d'
          : `start it: docker compose up -d; running projects: ${list(failure.running)}`,
      );
    case 'service-unknown':
      return own(
        `no service ${quoted(failure.service)} in project ${quoted(failure.project)}${alsoNoContainer(failure.service)}; it has: ${list(failure.services)}`,
        nearestHint(failure.service, failure.services),
      );
    case 'service-not-running':
      return own(
        `service ${quoted(failure.service)} of project ${quoted(failure.project)} is not running: ${
          failure.containers.length === 0
            ? 'it is declared, but has no container'
            : failure.containers.map(({ name, state, status }) => `${name} is ${state} (${status})`).join(', ')
        }`,
        `start it: docker compose -p ${failure.project} up -d ${failure.service}`,
      );
    case 'replica-unknown':
      return own(
        `service ${quoted(failure.service)} of project ${quoted(failure.project)} has no running container number ${failure.index}; there are: ${failure.running.join(', ')}`,
        undefined,
      );
    default:
      return unreachable(failure);
  }
}

function explainContainer(failure: ContainerFailure): Explanation {
  switch (failure.kind) {
    case 'container-unknown':
      return own(
        `no container ${quoted(failure.container)}${failure.running.length === 0 ? '; none is running' : `; running: ${list(failure.running)}`}`,
        nearestHint(failure.container, failure.running),
      );
    case 'container-not-running':
      return own(
        `container ${quoted(failure.container)} is not running: it is ${failure.state} (exit code ${failure.exitCode})`,
        `start it: docker start ${failure.container}`,
      );
    case 'container-not-here':
      return explainElsewhere(failure);
    case 'network-not-joined':
      return own(
        `${failure.of} has no network ${quoted(failure.network)}; it has: ${list(failure.networks)}`,
        nearestHint(failure.network, failure.networks),
      );
    case 'stage-failed':
      return own(
        failure.reason === undefined
          ? `the network could not be entered: ${failure.way === 'sudo' ? 'sudo' : 'the stage before COMMAND'} ended with status ${failure.status}`
          : `the network could not be entered: ${failure.reason}`,
        failure.way === 'sudo' ? 'is sudo allowed without a password? sudo -n true' : 'what it said stands above',
      );
    default:
      return unreachable(failure);
  }
}

function explainElsewhere(failure: ContainerFailure & { kind: 'container-not-here' }): Explanation {
  const engine = failure.engineName === undefined ? failure.host : `${failure.host} (${failure.engineName})`;
  const seen = failure.found === 'no-process' ? 'there is no such process here' : 'here that is another process';
  return own(
    `container ${quoted(failure.container)} does not run on this machine's kernel: the engine ${engine} says it is process ${failure.pid}, but ${seen}`,
    'an engine in a virtual machine (Docker Desktop, Colima) or on another host keeps its networks there: run docker netexec there, or use an engine of this machine (docker context ls)',
  );
}

function explainHost(failure: HostFailure): Explanation {
  switch (failure.kind) {
    case 'platform-unsupported':
      return own(
        `network namespaces are Linux's, and this is ${failure.platform}`,
        'run docker netexec in the machine where the containers run',
      );
    case 'tool-missing':
      return own(
        `the program ${quoted(failure.tool)} is missing: searched ${failure.searched}`,
        ['nsenter', 'unshare', 'setpriv', 'prlimit', 'mount', 'umount'].includes(failure.tool)
          ? 'it comes with util-linux'
          : undefined,
      );
    case 'user-unknown':
      return own(
        `this machine has no user ${quoted(failure.user)}`,
        '--user names a user of the host, not of the container',
      );
    case 'group-unknown':
      return own(
        `this machine has no group ${quoted(failure.group)}`,
        '--user names a group of the host, not of the container',
      );
    case 'not-permitted':
      return own(
        `entering a network needs privilege, and none is to be had: ${failure.tried.map(({ way, reason }) => `${way}: ${reason}`).join('; ')}`,
        'use sudo docker netexec, or let sudo work without a password',
      );
    case 'runtime-folder-full':
      return own(`nothing can be written into ${failure.folder}: ${failure.reason}`, 'XDG_RUNTIME_DIR says where');
    case 'runtime-folder-unusable':
      return own(
        `no private file can be made in ${failure.folder}: ${failure.reason}`,
        'XDG_RUNTIME_DIR or TMPDIR says where',
      );
    default:
      return unreachable(failure);
  }
}

function explainCommand(failure: CommandFailure): Explanation {
  switch (failure.kind) {
    case 'command-not-found':
      return {
        what: `${failure.command}: command not found${failure.path === undefined ? '' : ` on this machine's PATH`}`,
        hint:
          failure.path === undefined
            ? undefined
            : `COMMAND is a program of this machine, not of the container; PATH is ${failure.path}`,
        status: 127,
      };
    case 'command-not-executable':
      return { what: `${failure.command}: cannot be run: ${failure.reason}`, hint: undefined, status: 126 };
    default:
      return unreachable(failure);
  }
}

const own = (what: string, hint: string | undefined): Explanation => ({ what, hint, status: 125 });

const quoted = (word: string): string => `"${word}"`;

const list = (words: readonly string[]): string => {
  const shown = words.slice(0, 20).join(', ');
  return words.length > 20 ? `${shown} and ${words.length - 20} more` : shown || 'none';
};

const alsoNoContainer = (name: string | undefined): string =>
  name === undefined ? '' : `, and no container is named ${quoted(name)}`;

function nearestHint(word: string, candidates: readonly string[]): string | undefined {
  const nearest = candidates
    .map((candidate) => ({ candidate, distance: leven(word.toLowerCase(), candidate.toLowerCase()) }))
    .toSorted((one, other) => one.distance - other.distance)[0];
  return nearest !== undefined && nearest.distance <= Math.max(1, word.length / 3)
    ? `did you mean ${nearest.candidate}?`
    : undefined;
}
