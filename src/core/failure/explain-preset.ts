// Sentences for an x-netexec that is wrong: where it stands, and what would be right.
import { own } from './explanation.ts';
import type { Explanation } from './explanation.ts';
import { unreachable } from './failure.ts';
import type { PresetFailure } from './preset-failure.ts';

export function explainPreset(failure: PresetFailure): Explanation {
  switch (failure.kind) {
    case 'preset-invalid':
      return own(`${failure.file}:${failure.line}: ${failure.reason}`, failure.hint ?? 'see docker netexec --help');
    case 'preset-ambiguous': {
      const places = failure.places.map(
        ({ file, line, service }) => `${file}:${line} (${service === undefined ? 'top level' : `in ${service}`})`,
      );
      return own(`more than one x-netexec found: ${places.join(', ')}`, 'specify SERVICE, or keep only one of them');
    }
    default:
      return unreachable(failure);
  }
}
