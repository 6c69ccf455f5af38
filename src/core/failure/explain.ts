// Failure → what the user reads, and the exit status. The sentences themselves are in the files explain-*.ts.
import { explainEndpoint, explainEngine, explainUsage } from './explain-call.ts';
import { explainForward } from './explain-forward.ts';
import { explainCommand, explainHost } from './explain-host.ts';
import { explainStandIn } from './explain-stand-in.ts';
import { explainContainer, explainProject } from './explain-target.ts';
import type { Explanation } from './explanation.ts';
import { unreachable } from './failure.ts';
import type { Failure } from './failure.ts';
import { printable } from '../text/printable.ts';

/** @returns `netexec: WHAT`, and `hint: …` on a line of its own where there is one; safe to send to a terminal */
export function renderFailure(failure: Failure): { readonly text: string; readonly status: number } {
  const { what, hint, status } = explain(failure);
  const lines = [`netexec: ${printable(what)}`, ...(hint === undefined ? [] : [`hint: ${printable(hint)}`])];
  return { text: `${lines.join('\n')}\n`, status };
}

export function explain(failure: Failure): Explanation {
  switch (failure.kind) {
    case 'unknown-flag':
    case 'flag-needs-value':
    case 'flag-takes-no-value':
    case 'invalid-value':
    case 'flags-exclude-each-other':
    case 'flag-for-reports':
    case 'flag-needs-flag':
    case 'service-beside-networks':
    case 'surplus-argument':
    case 'not-drawn':
    case 'template-invalid':
    case 'missing-service':
      return explainUsage(failure);
    case 'docker-config-invalid':
    case 'context-not-found':
    case 'endpoint-invalid':
    case 'tls-file-unreadable':
    case 'engine-elsewhere':
      return explainEndpoint(failure);
    case 'engine-unreachable':
    case 'engine-untrusted':
    case 'engine-permission':
    case 'engine-silent':
    case 'engine-refused':
    case 'proxy-refused':
    case 'runtime-fails':
    case 'engine-nonsense':
    case 'image-not-made':
      return explainEngine(failure);
    case 'compose-file-missing':
    case 'compose-file-invalid':
    case 'env-file-invalid':
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
      return explainProject(failure);
    case 'container-unknown':
    case 'container-ambiguous':
    case 'container-not-running':
    case 'container-not-here':
    case 'network-not-made':
    case 'network-not-joined':
    case 'container-ended':
    case 'entry-held-up':
    case 'stage-failed':
      return explainContainer(failure);
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
      return explainHost(failure);
    case 'forward-invalid':
    case 'forward-twice':
    case 'port-taken':
    case 'port-refused':
      return explainForward(failure);
    case 'stand-in-runs':
    case 'stand-in-taken':
    case 'stand-in-shares':
    case 'stand-in-unread':
      return explainStandIn(failure);
    case 'command-not-found':
    case 'command-not-executable':
      return explainCommand(failure);
    default:
      return unreachable(failure);
  }
}
