// Sentences for what this machine, or COMMAND, lacks.
import { list, own, quoted } from './explanation.ts';
import type { Called, Explanation } from './explanation.ts';
import { asRoot } from './as-root.ts';
import { unreachable } from './failure.ts';
import type { CommandFailure } from './command-failure.ts';
import type { HostFailure } from './failure.ts';
import { packageOf } from '../tools/tool-table.ts';
import { shellWord } from '../text/printable.ts';
import { usageLine } from '../arguments/help-text.ts';
import { takeOptions } from '../arguments/option-words.ts';
import { takenOptions } from '../arguments/options.ts';
import { continuedLine, correctedLine, meant, meantNearest } from './corrected-line.ts';

export function explainHost(failure: HostFailure, called: Called): Explanation {
  switch (failure.kind) {
    case 'platform-unsupported':
      return own(
        `${failure.what} needs Linux network namespaces, and this is ${failure.platform}`,
        '--forward, --proxy and --reverse without COMMAND, --check and reports work here; for everything else, run docker netexec on a Linux machine',
      );
    case 'ids-differ':
      return own(
        `the real and the effective ${failure.what} differ: ${failure.real} and ${failure.effective}`,
        `run netexec as one of them, not through a set-${failure.what}-ID program`,
      );
    case 'capabilities-lacking':
      return own(
        `COMMAND cannot have ${list(failure.capabilities.map((name) => name.toUpperCase()))}: ${failure.capabilities.length === 1 ? 'it is' : 'they are'} not in your capability bounding set`,
        'run netexec from a shell that has kept it, or without --cap-add',
      );
    case 'own-process-namespace':
      return own(
        "this PID namespace is not the host's",
        'run netexec on the host, or start its container with --pid=host',
      );
    case 'tool-missing':
      return own(
        `program ${quoted(failure.tool)} not found: searched ${failure.searched}`,
        `install ${packageOf(failure.tool)}`,
      );
    case 'tool-of-busybox':
      return own(
        `${failure.file} is BusyBox's ${quoted(failure.tool)}, which lacks options that netexec needs`,
        `install the one from ${packageOf(failure.tool)}`,
      );
    case 'user-unknown':
      return own(
        `this machine has no user ${quoted(failure.user)}`,
        '--user takes a user of the host, not of the container',
      );
    case 'group-unknown':
      return own(
        `this machine has no group ${quoted(failure.group)}`,
        '--user takes a group of the host, not of the container',
      );
    case 'not-permitted':
      return {
        ...own(
          failure.outside === true
            ? 'a private hosts file for COMMAND needs privilege or a user namespace, and neither is available:'
            : failure.tunnels === true
              ? "a tunnel to the engine's networks needs a user namespace and a TUN device, and they are not available:"
              : 'entering a network needs privilege, and none is available:',
          failure.tunnels === true
            ? 'as root no user namespace is needed; --forward HOST:PORT or --proxy PORT, without COMMAND, need neither'
            : failure.restrained
              ? 'run netexec outside the sandbox, container or service that restricts it'
              : failure.elevate === 'auto'
                ? `use ${asRoot(called)}, or allow sudo without a password`
                : `without --elevate ${failure.elevate}, netexec uses the first way that works`,
        ),
        details: failure.tried.map(({ way, reason }) => `${way}: ${reason}`),
      };
    case 'runtime-folder-full':
      return own(`cannot write to ${failure.folder}: ${failure.reason}`, 'set XDG_RUNTIME_DIR to another directory');
    case 'runtime-folder-unusable':
      return own(
        `cannot create a private file in ${failure.folder}: ${failure.reason}`,
        'set XDG_RUNTIME_DIR or TMPDIR to another directory',
      );
    default:
      return unreachable(failure);
  }
}

export function explainCommand(failure: CommandFailure, called: Called): Explanation {
  switch (failure.kind) {
    case 'all-without-terminal':
      return failure.lacks === 'COMMAND'
        ? own(
            '--all needs COMMAND: it cannot start an interactive shell in each replica',
            continuedLine(called, ['--', 'COMMAND']) ?? `docker netexec --all ${shellWord(failure.service)} -- COMMAND`,
          )
        : own(
            '--all has no terminal on which sudo could ask for a password',
            'run it without --elevate sudo, or allow sudo without a password',
          );
    case 'wait-over':
      return own(`${failure.endpoint} is not ready after ${failure.seconds} s: ${failure.what}`, failure.hint);
    case 'command-not-found':
      return {
        what: `${failure.command === '' ? '""' : failure.command}: command not found${failure.path === undefined ? '' : ` on this machine's PATH`}`,
        hint:
          (failure.inside === undefined
            ? misplaced(failure.command, called)
            : `${failure.inside.container} has it: ${failure.inside.line.map(shellWord).join(' ')}`) ??
          // Every short word is near to some program's.
          (failure.command.length > 3 ? meantNearest(called, failure.command, called.programs ?? []) : undefined) ??
          (failure.path === undefined
            ? undefined
            : `COMMAND must be a program on this machine, not in the container; PATH is ${failure.path}`),
        status: 127,
      };
    case 'command-not-executable':
      return { what: `cannot run ${failure.command}: ${failure.reason}`, hint: undefined, status: 126 };
    default:
      return unreachable(failure);
  }
}

/** Words that are no program's name by their look, and what they were probably meant for. */
function misplaced(command: string, called: Called): string | undefined {
  if (command === '-h' || command === '--help') return missingProgram(command, called);
  if (command.startsWith('-')) return `netexec's options go before SERVICE: ${movedLine(command, called) ?? usageLine}`;
  if (/^[\w.-]+:\d+$/.test(command))
    return `is that an endpoint to check? ${checkLine(command, called) ?? `docker netexec --check SERVICE ${command}`}`;
  // There may be a password in it.
  if (/^[a-z]+:\/\//.test(command))
    return `is that an endpoint to check? ${checkLine(command, called) ?? 'docker netexec --check SERVICE URL'}`;
  if (/\s/.test(command)) {
    // What a shell would read otherwise is left to one.
    const line = /^[\w\s@%+=:,./-]+$/.test(command)
      ? correctedLine(called, [command], command.trim().split(/\s+/))
      : undefined;
    return line === undefined
      ? `COMMAND is one quoted word: remove the quotes, or use a shell: sh -c '…'`
      : `COMMAND is one quoted word: remove the quotes: ${line}`;
  }
  if (command === 'exec') return `omit exec: ${correctedLine(called, ['exec'], []) ?? usageLine}`;
  if (command === 'cd') return 'cd is a shell builtin; use -w DIR to start COMMAND in another directory';
  if (command === 'export') return 'export is a shell builtin; use -e KEY=VALUE to set a variable';
  if (/^(?:\.|alias|eval|set|source|type|ulimit|umask|unset)$/.test(command))
    return `${command} is a shell builtin: bash -c '${command} …'`;
  if (/^[\w-]+\.(?:sh|py|js|mjs|ts|rb|pl|php)$/.test(command)) return meant(called, [command], [`./${command}`]);
  return undefined;
}

/** Of `postgres -h postgres`: what has the option is missing. */
const missingProgram = (command: string, called: Called): string =>
  `specify the program: ${correctedLine(called, [command], ['--', 'COMMAND', command]) ?? usageLine}`;

/** Options stand behind SERVICE: they go in front of it. */
function movedLine(command: string, called: Called): string | undefined {
  const { line = [] } = called;
  const at = line.indexOf(command);
  if (at < 1 || at !== line.lastIndexOf(command) || line[at - 1] === '--') return undefined;
  const behind = takeOptions(line.slice(at), takenOptions);
  if (!behind.ok) return undefined;
  const options = line.slice(at, line.length - behind.value.rest.length);
  const { on, dashes, rest } = { ...behind.value, on: behind.value.options.on };
  // With --on there is no SERVICE.
  const right = on === undefined ? [line[at - 1] ?? ''] : dashes || rest.length === 0 ? [] : ['--'];
  return correctedLine(called, [line[at - 1] ?? '', ...options], [...options, ...right]);
}

function checkLine(command: string, called: Called): string | undefined {
  const { line = [] } = called;
  const service = line[line.indexOf(command) - 1] ?? '';
  return service === '--' ? undefined : correctedLine(called, [service, command], ['--check', service, command]);
}
