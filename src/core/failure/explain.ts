// Failure → what the user reads, and the exit status. The sentences themselves are in the files explain-*.ts.
import { explainEngineAddress, explainEngine } from './explain-call.ts';
import { explainFarEnd } from './explain-far-end.ts';
import { explainPort } from './explain-port.ts';
import { explainCommand, explainHost } from './explain-host.ts';
import { explainPreset } from './explain-preset.ts';
import { explainServiceFiles } from './explain-service-files.ts';
import { explainHostNetwork } from './explain-host-network.ts';
import { explainStack } from './explain-stack.ts';
import { explainStandIn } from './explain-stand-in.ts';
import { explainContainer, explainProject } from './explain-target.ts';
import { explainUsage } from './explain-usage.ts';
import { own } from './explanation.ts';
import type { Called, Explanation } from './explanation.ts';
import { nothingTyped } from '../compose/compose-line.ts';
import { unreachable } from './failure.ts';
import type { Failure } from './failure.ts';
import { printable } from '../text/printable.ts';
import { block, hanging } from '../text/wrapped.ts';

/**
 * @param called by which a hint's lines find the same engine and project
 * @param width of the terminal that shows it; undefined where none does
 * @returns `netexec: WHAT`, what there is to say besides, and `hint: …` on a line of its own where there is one; safe to send to a terminal
 */
export function renderFailure(
  failure: Failure,
  called: Called = nothingTyped,
  width?: number,
): { readonly text: string; readonly status: number } {
  const { what, details = [], hint, status } = explain(failure, called);
  const lines = [
    hanging(`netexec: ${printable(what)}`, width),
    ...details.map((detail) => `  ${block(printable(detail), width, 4)}`),
    ...(hint === undefined ? [] : [hanging(`hint: ${printable(hint)}`, width)]),
  ];
  return { text: `${lines.join('\n')}\n`, status };
}

export function explain(failure: Failure, called: Called = nothingTyped): Explanation {
  switch (failure.kind) {
    case 'unknown-flag':
    case 'flag-needs-value':
    case 'flag-takes-no-value':
    case 'invalid-value':
    case 'endpoint-parted':
    case 'flags-exclude-each-other':
    case 'flag-for-reports':
    case 'flag-for-command':
    case 'flag-needs-flag':
    case 'service-beside-networks':
    case 'surplus-argument':
    case 'not-drawn':
    case 'template-invalid':
    case 'missing-service':
      return explainUsage(failure, called);
    case 'docker-config-invalid':
    case 'context-not-found':
    case 'endpoint-invalid':
    case 'tls-file-unreadable':
    case 'engine-elsewhere':
      return explainEngineAddress(failure);
    case 'engine-unreachable':
    case 'engine-untrusted':
    case 'engine-permission':
    case 'engine-silent':
    case 'engine-refused':
    case 'proxy-refused':
    case 'runtime-fails':
    case 'engine-nonsense':
    case 'image-not-made':
      return explainEngine(failure, called);
    case 'compose-file-missing':
    case 'compose-file-invalid':
    case 'env-file-invalid':
    case 'variables-unreadable':
    case 'pipe-silent':
    case 'folder-missing':
    case 'project-name-invalid':
    case 'project-ambiguous':
    case 'no-project':
    case 'project-empty':
    case 'service-unknown':
    case 'service-not-running':
    case 'service-behind-profile':
    case 'replica-unknown':
      return explainProject(failure, called);
    case 'container-unknown':
    case 'container-ambiguous':
    case 'container-not-running':
    case 'container-not-here':
    case 'network-not-made':
    case 'network-not-joined':
    case 'container-ended':
    case 'entry-held-up':
    case 'stage-failed':
      return explainContainer(failure, called);
    case 'platform-unsupported':
    case 'ids-differ':
    case 'capabilities-lacking':
    case 'own-process-namespace':
    case 'tool-missing':
    case 'tool-of-busybox':
    case 'user-unknown':
    case 'group-unknown':
    case 'not-permitted':
    case 'runtime-folder-unusable':
    case 'runtime-folder-full':
      return explainHost(failure, called);
    case 'port-invalid':
    case 'port-twice':
    case 'ports-too-many':
    case 'port-taken':
    case 'port-refused':
    case 'handover-failed':
    case 'reverse-twice':
    case 'ports-in-circle':
    case 'network-is-own':
    case 'reverse-refused':
    case 'intercept-twice':
    case 'intercept-own':
      return explainPort(failure, called);
    case 'far-end-unmade':
    case 'far-end-silent':
    case 'far-end-foreign':
    case 'relay-unusable':
    case 'far-libraries-missing':
    case 'own-container-lost':
    case 'only-here':
    case 'pinned-by-podman':
    case 'not-by-tunnel':
      return explainFarEnd(failure, called);
    case 'network-not-here':
    case 'no-names':
      return explainHostNetwork(failure, called);
    case 'stand-in-runs':
    case 'stand-in-taken':
    case 'stand-in-of-stack':
    case 'stand-in-shares':
    case 'stand-in-unread':
      return explainStandIn(failure, called);
    case 'service-files-of-task':
    case 'service-files-unread':
    case 'service-files-elsewhere':
    case 'service-files-too-many':
    case 'service-file-taken':
    case 'service-file-placeless':
    case 'service-file-unreadable':
      return explainServiceFiles(failure, called);
    case 'preset-invalid':
    case 'preset-ambiguous':
      return explainPreset(failure);
    case 'task-elsewhere':
    case 'no-running-task':
    case 'no-manager':
    case 'not-attachable':
      return explainStack(failure, called);
    case 'no-alias-targets':
      return own(
        "Podman's DNS server only knows bare service names: HOSTALIASES has nothing to map them to",
        'names resolve without it; to map them to addresses, for a program outside the network: docker netexec --hostaliases --resolver hostaliases',
      );
    case 'all-without-terminal':
    case 'wait-over':
    case 'command-not-found':
    case 'command-not-executable':
      return explainCommand(failure, called);
    default:
      return unreachable(failure);
  }
}
