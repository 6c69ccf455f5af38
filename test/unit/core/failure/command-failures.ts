// Failures of what COMMAND is to get, and of what it is to wait for.
import type { CommandFailure } from '../../../../src/core/failure/command-failure.ts';
import type { Failure } from '../../../../src/core/failure/failure.ts';

type Kinds = CommandFailure['kind'] | 'variables-unreadable';
type Table = { readonly [Kind in Kinds]: readonly Extract<Failure, { kind: Kind }>[] };

export const commandFailures: Table = {
  'variables-unreadable': [
    { kind: 'variables-unreadable', file: 'prod.env', reason: undefined },
    { kind: 'variables-unreadable', file: 'my prod.env', reason: 'line 3: unterminated quoted value' },
    { kind: 'variables-unreadable', file: '.', reason: 'it is a directory' },
  ],
  'all-without-terminal': (['COMMAND', 'password'] as const).map((lacks) => ({
    kind: 'all-without-terminal',
    service: 'web',
    lacks,
  })),
  'wait-over': [
    {
      kind: 'wait-over',
      endpoint: 'db:5432',
      seconds: 60,
      what: 'nothing in db listens on port 5432',
      hint: 'docker logs --tail 20 shop-db-1',
    },
  ],
  'command-not-found': [
    { kind: 'command-not-found', command: 'psqll', path: '/usr/bin:/bin' },
    { kind: 'command-not-found', command: './psqll', path: undefined },
    ...['-it', 'db:5432', 'psql -h db'].map((command) => ({
      kind: 'command-not-found' as const,
      command,
      path: '/usr/bin:/bin',
    })),
  ],
  'command-not-executable': [
    { kind: 'command-not-executable', command: '/etc/passwd', reason: 'it is not executable' },
  ],
};
