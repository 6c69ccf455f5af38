// Sentences for secrets and configs that cannot be shown to COMMAND.
import { composeByFiles, dockerLine, netexecLine } from '../compose/compose-line.ts';
import { shellWord } from '../text/printable.ts';
import { own, quoted } from './explanation.ts';
import type { Called, Explanation } from './explanation.ts';
import { unreachable } from './failure.ts';
import type { ServiceFilesFailure } from './service-files-failure.ts';

export function explainServiceFiles(failure: ServiceFilesFailure, called: Called): Explanation {
  if (failure.kind === 'service-files-unread')
    return own(
      `the secrets and configs of service ${quoted(failure.service)} are not known: ${failure.reason}`,
      `what stands in the way: ${composeByFiles(called, ['config', '--quiet'])}`,
    );
  if (failure.kind === 'service-files-elsewhere')
    return own(
      `the secrets and configs of service ${quoted(failure.service)} are not known: ${failure.reason}`,
      `name the Compose file as it is here: ${netexecLine(called)} -f FILE --service-files ${shellWord(failure.service)}`,
    );
  if (failure.kind === 'service-files-too-many')
    return own(
      `service ${quoted(failure.service)} has more secrets and configs than can be shown: ${failure.reason}`,
      "a folder of them takes one line of the service's volumes, and is on this machine already",
    );
  if (failure.kind === 'service-files-of-task')
    return own(
      `the secrets and configs of service ${quoted(failure.service)} are the swarm's: --service-files shows those of Compose projects`,
      `what its container has: ${dockerLine(called)} exec ${shellWord(failure.container)} sh -c 'cat /run/secrets/*'`,
    );
  const { what, name, target } = failure;
  const subject = `${what} ${quoted(name)}`;
  const elsewhere = `a target below /run/secrets works on every machine: in the service, - { source: ${name}, target: /run/secrets/${name} }`;
  switch (failure.kind) {
    case 'service-file-taken':
      return own(`${subject} is not shown at ${target}: this machine has that already`, elsewhere);
    case 'service-file-placeless':
      return own(`${subject} cannot be shown at ${target}: ${failure.reason}`, elsewhere);
    case 'service-file-unreadable':
      return own(
        `${subject} cannot be read: ${failure.reason}`,
        failure.container === undefined
          ? undefined
          : `what the container has there: docker cp ${shellWord(`${failure.container}:${target}`)} -`,
      );
    default:
      return unreachable(failure);
  }
}
