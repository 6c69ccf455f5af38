// Sentences for a service that cannot be stood in for.
import { list, own, quoted } from './explanation.ts';
import { correctedLine } from './corrected-line.ts';
import type { Called, Explanation } from './explanation.ts';
import { composeByFiles } from '../compose/compose-line.ts';
import { unreachable } from './failure.ts';
import type { StandInFailure } from './stand-in-failure.ts';
import { shellWord } from '../text/printable.ts';

export function explainStandIn(failure: StandInFailure, called: Called): Explanation {
  const { service } = failure;
  const lineWith = (words: readonly string[]): string =>
    correctedLine(called, ['--stand-in'], words) ?? ['docker netexec', ...words, shellWord(service), '…'].join(' ');
  switch (failure.kind) {
    case 'stand-in-runs':
      return own(
        `service ${quoted(service)} is running: ${list(failure.containers)}`,
        `to stop it while COMMAND runs: ${lineWith(['--stand-in', '--replace'])}`,
      );
    case 'stand-in-taken':
      return own(
        `netexec (pid ${failure.pid}) is already standing in for service ${quoted(service)}`,
        `to run COMMAND in its network: ${lineWith([])}`,
      );
    case 'stand-in-of-stack':
      return own(
        `service ${quoted(service)} belongs to a stack: Swarm keeps its tasks running, so COMMAND cannot take its place`,
        `to run COMMAND in a task's network: ${lineWith([])}`,
      );
    case 'stand-in-shares': {
      const [, other] = /^service:(.+)$/.exec(failure.mode) ?? [];
      return own(
        `service ${quoted(service)} does not have its own network: network_mode: ${failure.mode}`,
        other === undefined ? undefined : `it uses the network of ${other}: docker netexec ${shellWord(other)} …`,
      );
    }
    case 'stand-in-unread':
      return own(
        `cannot read the definition of service ${quoted(service)}: ${failure.reason ?? 'no Compose file found'}`,
        failure.reason === undefined
          ? 'specify the Compose file: docker netexec -f FILE --stand-in …'
          : `see what is wrong: ${composeByFiles(called, ['config', '--quiet'])}`,
      );
    default:
      return unreachable(failure);
  }
}
