// Sentences for --host-network, where there is nothing that names could lead to: the line that works instead.
import { after, correctedLine } from './corrected-line.ts';
import { own, quoted } from './explanation.ts';
import type { Called, Explanation } from './explanation.ts';
import { unreachable } from './failure.ts';
import type { HostNetworkFailure } from './host-network-failure.ts';
import { shellWord } from '../text/printable.ts';

export function explainHostNetwork(failure: HostNetworkFailure, called: Called): Explanation {
  switch (failure.kind) {
    case 'network-not-here': {
      const { network, driver, whose, of } = failure;
      const why =
        whose !== undefined
          ? `${whose} keeps its networks in its own namespace`
          : driver !== 'bridge'
            ? `its containers are not connected to the host (${driver})`
            : 'this machine has no address on it';
      const what = `this machine cannot reach addresses on ${quoted(network)}: ${why}`;
      return own(
        what,
        `run COMMAND in that network, without --host-network${after(correctedLine(called, ['--host-network'], [])) ?? `: docker netexec ${shellWord(of)} -- COMMAND`}`,
      );
    }
    case 'no-names':
      return own(
        `${failure.service} is not on any network with service names, which --host-network needs`,
        `use the names on the project's networks${after(correctedLine(called, [failure.service], ['--on', 'all'])) ?? ': docker netexec --host-network --on all -- COMMAND'}`,
      );
    default:
      return unreachable(failure);
  }
}
