// Sentences for what an engine of another kernel cannot do.
import { continuedLine, lineWithout } from './corrected-line.ts';
import { own } from './explanation.ts';
import type { Called, Explanation } from './explanation.ts';
import type { FarEndFailure } from './far-end-failure.ts';
import { unreachable } from './failure.ts';
import { usageLine } from '../arguments/help-text.ts';
import { relayNames } from '../own-container/relay-executable.ts';

export function explainFarEnd(failure: FarEndFailure, called: Called): Explanation {
  switch (failure.kind) {
    case 'far-end-unmade':
      return own(
        `cannot create the helper image on the engine: ${failure.reason}`,
        "run docker netexec on the engine's host",
      );
    case 'own-container-lost':
      return own(
        `container ${failure.container} ended when the connection to the engine was lost, and its network is gone`,
        'run the same command again',
      );
    case 'far-end-silent':
      return own(
        "the helper container in the service's network does not respond",
        'check whether docker-netexec-… is running: docker ps; see what happened to it: docker events',
      );
    case 'far-end-foreign':
      return foreign(failure);
    case 'relay-unusable':
      return own(
        `cannot use ${failure.file}, which NETEXEC_RELAY names: ${failure.reason}`,
        'name a file docker-netexec-linux-… of a release, or unset NETEXEC_RELAY',
      );
    case 'far-libraries-missing':
      return own(
        failure.container === ''
          ? 'the helper container needs the libraries of a container on its networks, and there is none'
          : `the helper container cannot run with the libraries of ${failure.container}, which lacks ${failure.loaders.join(' and ')} or a library beside it`,
        `${failure.container === '' ? 'start a service there' : 'name another service of the network'}, or run docker netexec on the engine's host`,
      );
    case 'not-by-tunnel': {
      const line = lineWithout(called, failure.what);
      return own(
        `${failure.what} does not work through a tunnel: ${failure.why}`,
        `omit it${line === undefined ? ',' : `: ${line};`} or run docker netexec on the engine's host`,
      );
    }
    case 'only-here':
      return own(
        `${failure.what} needs an engine that runs on this machine's kernel, and the one at ${failure.host} does not`,
        "COMMAND, --check, --forward, --proxy and --reverse work with such an engine; for everything else, run docker netexec on the engine's host",
      );
    case 'pinned-by-podman':
      return own(
        "--network without COMMAND does not work here: Podman's DNS server does not answer for one network alone",
        failure.hasCommands
          ? `with COMMAND, it works: ${continuedLine(called, ['--', 'COMMAND']) ?? usageLine}`
          : 'omit it, and use names that only one of the networks has',
      );
    default:
      return unreachable(failure);
  }
}

function foreign({ there, here, folder }: Extract<FarEndFailure, { kind: 'far-end-foreign' }>): Explanation {
  const what = `the engine's host is ${there}, but this netexec is built for ${here}`;
  const [file = ''] = relayNames(there);
  return there.startsWith('linux/')
    ? own(
        `${what}, and ${file} was not found`,
        `download ${file} from the release of this version ${folder === undefined ? 'and name it' : `to ${folder}, or name it`}: NETEXEC_RELAY=FILE`,
      )
    : own(`${what}: its helper container cannot run there`, 'switch the engine to Linux containers');
}
