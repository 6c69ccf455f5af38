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
      `cannot tell the secrets and configs of service ${quoted(failure.service)}: ${failure.reason}`,
      `see what is wrong: ${composeByFiles(called, ['config', '--quiet'])}`,
    );
  if (failure.kind === 'service-files-elsewhere')
    return own(
      `cannot tell the secrets and configs of service ${quoted(failure.service)}: ${failure.reason}`,
      `specify the Compose file on this machine: ${netexecLine(called)} -f FILE --service-files ${shellWord(failure.service)}`,
    );
  if (failure.kind === 'service-files-too-many')
    return own(
      `service ${quoted(failure.service)} has more secrets and configs than netexec can mount: ${failure.reason}`,
      "put them in a directory, and add that to the service's volumes: COMMAND has the directory on this machine already",
    );
  if (failure.kind === 'service-files-of-task')
    return own(
      `the secrets and configs of service ${quoted(failure.service)} are stored in the swarm: --service-files works only for Compose projects`,
      `see what its container has: ${dockerLine(called)} exec ${shellWord(failure.container)} sh -c 'cat /run/secrets/*'`,
    );
  const { what, name, target } = failure;
  const subject = `${what} ${quoted(name)}`;
  const elsewhere = `use a target below /run/secrets, which works on every machine; in the service: - { source: ${name}, target: /run/secrets/${name} }`;
  switch (failure.kind) {
    case 'service-file-taken':
      return own(`cannot mount ${subject} at ${target}: that path already exists on this machine`, elsewhere);
    case 'service-file-placeless':
      return own(`cannot mount ${subject} at ${target}: ${failure.reason}`, elsewhere);
    case 'service-file-unreadable':
      return own(
        `cannot read ${subject}: ${failure.reason}`,
        failure.container === undefined
          ? undefined
          : `see what the container has there: docker cp ${shellWord(`${failure.container}:${target}`)} -`,
      );
    default:
      return unreachable(failure);
  }
}
