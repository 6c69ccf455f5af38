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
        ({ file, line, service }) => `${file}:${line} (${service === undefined ? 'at the top' : `in ${service}`})`,
      );
      return own(`there is more than one x-netexec: ${places.join(', ')}`, 'say SERVICE, or leave one of them');
    }
    default:
      return unreachable(failure);
  }
}
