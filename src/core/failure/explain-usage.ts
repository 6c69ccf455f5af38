// Sentences for a command line that is wrong: what is to be typed instead.
import { after, continuedLine, correctedLine, lineWithout, lineWithValue, meant, typed } from './corrected-line.ts';
import { list, nearestOf, own, quoted } from './explanation.ts';
import type { Called, Explanation } from './explanation.ts';
import { unreachable } from './failure.ts';
import type { UsageFailure } from './usage-failure.ts';
import { dockerOptions } from '../arguments/docker-options.ts';
import { checkUsage, printEnvUsage, usageLine } from '../arguments/help-text.ts';
import { formsOf } from '../arguments/option-words.ts';
import { composeByFiles } from '../compose/compose-line.ts';
import { either } from '../arguments/option-values.ts';
import { actions, netexecOptions } from '../arguments/options.ts';

/** Why some do not go together, where that is not plain. */
const apart: Readonly<Record<string, string>> = {
  '--on --all': 'with --on there are no replicas, and COMMAND runs once',
  '--host-network --on --wait': '--wait connects from the container of a SERVICE, and --on has none',
  '--stand-in --all': 'COMMAND replaces all replicas, and runs once',
};

const help = 'see docker netexec --help';

export function explainUsage(failure: UsageFailure, called: Called): Explanation {
  switch (failure.kind) {
    case 'unknown-flag':
      return own(`unknown flag: ${failure.flag}`, flagHint(failure, called) ?? help);
    case 'flag-needs-value':
      return own(`flag needs an argument: ${failure.flag}`, valueHint(failure.flag, called) ?? help);
    case 'flag-takes-no-value': {
      const { flag, value } = failure;
      const line = correctedLine(called, [`${flag}=${value}`], [flag]);
      return own(`flag takes no value: ${flag}, but ${quoted(value)} was given`, `omit the value${after(line) ?? ''}`);
    }
    case 'invalid-value':
      return own(
        `invalid value ${quoted(failure.value)} for ${failure.flag}: expected ${failure.expected}`,
        choiceHint(failure, called) ?? help,
      );
    case 'endpoint-parted': {
      const { host, port } = failure;
      return own(`${quoted(port)} is not a host`, meant(called, [host, port], [`${host}:${port}`]));
    }
    case 'flags-exclude-each-other':
      return explainClash(failure, called);
    case 'flag-for-reports': {
      const line = lineWithout(called, failure.flag);
      const omit = line === undefined ? '' : `, or omit it: ${line}`;
      return own(`${failure.flag} has no effect here`, `use it with ${companionsOf(failure.flag)}${omit}`);
    }
    case 'flag-for-command':
      return own(
        `${failure.flag} applies to COMMAND, and there is none`,
        `omit it, or specify COMMAND: ${continuedLine(called, ['--', 'COMMAND']) ?? usageLine}`,
      );
    case 'surplus-argument': {
      const line = correctedLine(called, [failure.argument], []);
      const what = `too many arguments for ${failure.flag}: ${quoted(failure.argument)}`;
      return own(what, line === undefined ? help : `omit it: ${line}`);
    }
    case 'flag-needs-flag':
      return own(
        `${failure.flag} requires ${failure.other}`,
        `add it${after(correctedLine(called, [failure.flag], [failure.other, failure.flag])) ?? `: ${failure.other} ${failure.flag}`}`,
      );
    case 'service-beside-networks':
      return own(
        `with --on there is no SERVICE, and COMMAND needs -- before it: ${quoted(failure.word)}`,
        correctedLine(called, [failure.word, '--'], ['--']) ??
          correctedLine(called, [failure.word], ['--', failure.word]) ??
          'docker netexec --on NETWORK -- COMMAND',
      );
    case 'not-drawn':
      return own(
        `--format ${failure.drawing} does not work with ${failure.flag}`,
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
        // A project of a name that was typed may be none.
        failure.project !== undefined && failure.running.length === 0 && called.projectName === undefined
          ? `start it: ${composeByFiles(called, ['up', '-d'])}`
          : (withService(failure, called) ?? `${usages[failure.usage]}; ${help}`),
      );
    default:
      return unreachable(failure);
  }
}

function explainClash({ flags }: UsageFailure & { kind: 'flags-exclude-each-other' }, called: Called): Explanation {
  const [one, other] = flags;
  if (one === other) return own(`${one} was given twice`, help);
  const line = lineWithout(called, other);
  const reason = reasonOf(one) ?? apart[`${one} ${other}`];
  const omit = line === undefined ? help : `omit ${other}: ${line}`;
  const choose = `use only one of them${line === undefined ? `; ${help}` : `, for example: ${line}`}`;
  return own(
    `${one} and ${other} cannot be used together`,
    // Of a report's, it is plain which of them is wrong.
    reason !== undefined ? `${reason}; ${omit}` : isAction(one) && line !== undefined ? omit : choose,
  );
}

const isAction = (flag: string): boolean => flag.slice(2) in actions;

/** Of an option that stands at the end, without its value. */
function valueHint(flag: string, called: Called): string | undefined {
  const word = netexecOptions.find((option) => formsOf(option).includes(flag))?.value?.word;
  if (word === undefined) return undefined;
  const line = /^[A-Z]+$/.test(word) ? continuedLine(called, [word]) : undefined;
  return `specify ${word}${after(line) ?? ''}`;
}

/** The nearest of a few words. */
function choiceHint(
  { flag, value, expected }: UsageFailure & { kind: 'invalid-value' },
  called: Called,
): string | undefined {
  const choices = /^[\w-]+(?:, [\w-]+)* or [\w-]+$/.test(expected) ? expected.split(/, | or /) : [];
  const nearest = nearestOf(value, choices);
  if (nearest === undefined) return undefined;
  // A variable's has no place in the line.
  const line = flag.startsWith('--') ? ` ${lineWithValue(called, flag, (given) => given === value, nearest)}` : '';
  return `did you mean ${nearest}?${line}`;
}

/** What it goes with, by the table. */
const companionsOf = (flag: string): string =>
  either((netexecOptions.find(({ name }) => `--${name}` === flag)?.goesWith ?? []).map((each) => `--${each}`));

const reasonOf = (flag: string): string | undefined => netexecOptions.find(({ name }) => `--${name}` === flag)?.because;

const usages = { run: usageLine, check: checkUsage, 'print-env': printEnvUsage } as const;

/** Of a line that has more in it than its beginning. */
function withService(failure: UsageFailure & { kind: 'missing-service' }, called: Called): string | undefined {
  const { project, running } = failure;
  const [only = 'SERVICE', ...others] = project === undefined ? [] : running;
  if (!called.line?.at(-1)?.startsWith('-') && called.line?.at(-2)?.startsWith('-') !== true) return undefined;
  return continuedLine(called, [others.length === 0 ? only : 'SERVICE']);
}

function whatRuns({ project, running }: UsageFailure & { kind: 'missing-service' }): string {
  if (project !== undefined)
    return running.length === 0
      ? `, and no service of project ${quoted(project)} is running`
      : `; running in project ${quoted(project)}: ${list(running)}`;
  return running.length === 0 ? '' : `, and no Compose project here; running projects: ${list(running)}`;
}

type Unknown = UsageFailure & { kind: 'unknown-flag' };

/** What is meant, or, for options of docker's own commands, why there is none. */
function flagHint(failure: Unknown, called: Called): string | undefined {
  const { flag, word } = failure;
  const instead = (right: readonly string[]): string | undefined => correctedLine(called, [flag], right);
  if (flag === '--install') return installHint(called);
  if (flag === '-d' || flag === '--detach') {
    const line = instead([]);
    return `netexec waits for COMMAND; to run both in the background: ${line === undefined ? 'docker netexec …' : line} &`;
  }
  if (proxyFlags.includes(flag)) return proxyHint(failure, called);
  if (flag === '-R')
    return `to reach this machine from inside, use --reverse${portLine(failure, called, '--reverse') ?? ' 9003'}`;
  if (portFlags.includes(flag))
    return `to reach a port inside from this machine, use --forward${portLine(failure, called) ?? ' 8080:80'}`;
  if (flag === '--privileged') return 'COMMAND runs with your own privileges; --cap-add adds a capability';
  if (flag === '--rm') return `netexec leaves no container behind, so omit it${after(instead([])) ?? ''}`;
  if (flag === '--service') return `SERVICE needs no option${after(correctedLine(called, ['--service'], [])) ?? ''}`;
  if (flag === '--name') return 'netexec leaves no container behind that could have a name, so omit it';
  return (
    meantFlag(word.startsWith('--') ? flag : `-${word.replace(/=.*/s, '')}`, called, word) ??
    (failure.belongsToDocker ? movedHint(flag, called) : undefined)
  );
}

/** @param flag what was typed, with both its dashes */
function meantFlag(flag: string, called: Called, word: string): string | undefined {
  const names = netexecOptions.map(({ name }) => `--${name}`);
  // Of a short one, its letter alone says too little.
  const isShort = flag.length === 3;
  const short: Readonly<Record<string, string>> = { '--v': '--version', '--V': '--version' };
  const longer = isShort ? [] : names.includes(flag) ? [flag] : names.filter((each) => each.startsWith(flag));
  const nearest = short[flag] ?? (isShort ? undefined : nearestOf(flag, names));
  if (longer.length > 1) return `did you mean ${longer.join(' or ')}?`;
  const right = longer[0] ?? nearest;
  const wrong = word.startsWith('--') ? flag : word.replace(/=.*/s, '');
  return right === undefined ? undefined : meant(called, [wrong], [right]);
}

/** One of docker's own goes in front of `netexec`, with its value. */
function movedHint(flag: string, called: Called): string {
  const { line = [] } = called;
  const [front, at] = [line.indexOf('netexec'), line.indexOf(flag)];
  const option = dockerOptions.find((each) => formsOf(each).includes(flag));
  const length = option !== undefined && 'value' in option ? 2 : 1;
  const moved = line.slice(at, at + length);
  const rest = [...line.slice(front, at), ...line.slice(at + length)];
  const said = 'it is an option of docker, and goes before netexec:';
  return front > 0 && at > front
    ? `${said} ${typed([...line.slice(0, front), ...moved, ...rest])}`
    : `${said} docker ${flag} … netexec …`;
}

/** By which docker, Compose, kubectl and ssh open a port, or their users try to. */
const portFlags: readonly string[] = ['-L', '-P', '--publish', '--publish-all', '--expose', '--port', '--ports'];

/** By which ssh, curl and others name a proxy. */
const proxyFlags: readonly string[] = ['-D', '--socks', '--socks5', '--socks-proxy', '--http-proxy', '--https-proxy'];
function proxyHint(failure: Unknown, called: Called): string {
  const dockers = failure.belongsToDocker ? ` (docker's own ${failure.flag} goes before netexec)` : '';
  return `for a SOCKS5 and HTTP proxy into SERVICE's network${dockers}, use --proxy${portLine(failure, called, '--proxy') ?? ' 1080'}`;
}

/** Where a value stands behind it. */
const portLine = ({ flag }: Unknown, called: Called, option = '--forward'): string | undefined =>
  /^[\w.[\]:]*\d$/.test(called.line?.[called.line.indexOf(flag) + 1] ?? '')
    ? after(correctedLine(called, [flag], [option]))
    : undefined;

/** The README's line. */
const installHint = ({ plugin = 'docker-netexec-linux-x64' }: Called): string =>
  /\/cli-plugins\/[^/]+$/.test(plugin)
    ? `it is already installed as ${plugin}`
    : `install it: ${typed(['install', '-D', plugin])} ~/.docker/cli-plugins/docker-netexec`;
