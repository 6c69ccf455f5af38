// Sentences for what an engine of another kernel cannot do.
import { own } from './explanation.ts';
import type { Explanation } from './explanation.ts';
import type { FarEndFailure } from './far-end-failure.ts';
import { unreachable } from './failure.ts';

export function explainFarEnd(failure: FarEndFailure): Explanation {
  switch (failure.kind) {
    case 'far-end-unmade':
      return own(
        `the engine has no image of netexec's far end: ${failure.reason}`,
        'run docker netexec on its machine',
      );
    case 'far-end-silent':
      return own(
        "netexec's far end was started in the service's network, and does not answer",
        'docker ps shows whether docker-netexec-… runs there; docker events what became of it',
      );
    case 'far-end-foreign':
      return own(
        `the engine's machine is ${failure.there}, and this netexec is for ${failure.here}: its far end cannot run there`,
        'run docker netexec on that machine, or ssh -L PORT:ADDRESS:PORT to it',
      );
    case 'only-here':
      return own(
        `${failure.what} takes a network of this machine's kernel, and the engine ${failure.host} is elsewhere`,
        '--forward and --proxy without COMMAND work there; for the rest run docker netexec on its machine',
      );
    default:
      return unreachable(failure);
  }
}
