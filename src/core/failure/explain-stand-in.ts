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
        `service ${quoted(service)} runs: ${list(failure.containers)}`,
        `to stop it for as long as COMMAND runs: ${lineWith(['--stand-in', '--replace'])}`,
      );
    case 'stand-in-taken':
      return own(
        `netexec (pid ${failure.pid}) stands in for service ${quoted(service)} already`,
        `to run COMMAND beside that one's: ${lineWith([])}`,
      );
    case 'stand-in-of-stack':
      return own(
        `service ${quoted(service)} is a stack's: Swarm keeps its tasks running, in the place of any other`,
        `to run COMMAND in a task's network: ${lineWith([])}`,
      );
    case 'stand-in-shares': {
      const [, other] = /^service:(.+)$/.exec(failure.mode) ?? [];
      return own(
        `service ${quoted(service)} has no network of its own: network_mode: ${failure.mode}`,
        other === undefined ? undefined : `its network is that of ${other}: docker netexec ${shellWord(other)} …`,
      );
    }
    case 'stand-in-unread':
      return own(
        `what service ${quoted(service)} is made of is not known: ${failure.reason ?? 'there is no Compose file here'}`,
        failure.reason === undefined
          ? 'name it: docker netexec -f FILE --stand-in …'
          : `what stands in the way: ${composeByFiles(called, ['config', '--quiet'])}`,
      );
    default:
      return unreachable(failure);
  }
}
