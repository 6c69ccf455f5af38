// Sentences for what an engine of another kernel cannot do.
import { own } from './explanation.ts';
import type { Explanation } from './explanation.ts';
import type { FarEndFailure } from './far-end-failure.ts';
import { unreachable } from './failure.ts';

export function explainFarEnd(failure: FarEndFailure): Explanation {
  switch (failure.kind) {
    case 'far-end-unmade':
      return own(
        `cannot create the helper image on the engine: ${failure.reason}`,
        "run docker netexec on the engine's host",
      );
    case 'far-end-silent':
      return own(
        "the helper container in the service's network does not respond",
        'check whether docker-netexec-… is running: docker ps; see what happened to it: docker events',
      );
    case 'far-end-foreign':
      return own(
        `the engine's host is ${failure.there}, but this netexec is built for ${failure.here}: its helper container cannot run there`,
        'run docker netexec on that host, or forward the port with ssh -L PORT:ADDRESS:PORT',
      );
    case 'not-by-tunnel':
      return own(
        `${failure.what} does not work through a tunnel: ${failure.why}`,
        "leave it out, or run docker netexec on the engine's host",
      );
    case 'only-here':
      return own(
        `${failure.what} needs an engine that runs on this machine's kernel, and the one at ${failure.host} does not`,
        "COMMAND, --forward and --proxy work with such an engine; for everything else, run docker netexec on the engine's host",
      );
    default:
      return unreachable(failure);
  }
}
