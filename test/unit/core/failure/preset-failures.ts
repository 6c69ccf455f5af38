// One or more of every way in which x-netexec in a Compose file fails.
import type { PresetFailure } from '../../../../src/core/failure/preset-failure.ts';

type Table = { readonly [Kind in PresetFailure['kind']]: readonly Extract<PresetFailure, { kind: Kind }>[] };

const file = '/src/shop/compose.yaml';

export const presetFailures: Table = {
  'preset-invalid': [
    { kind: 'preset-invalid', file, line: 3, reason: 'x-netexec has no key "sevice"', hint: 'did you mean service?' },
    { kind: 'preset-invalid', file, line: 4, reason: 'service-env: expected true or false', hint: undefined },
  ],
  'preset-ambiguous': [
    {
      kind: 'preset-ambiguous',
      places: [
        { file, line: 3, service: undefined },
        { file, line: 9, service: 'web' },
      ],
    },
  ],
};
