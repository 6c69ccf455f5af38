// Every kind of command line that is wrong.
import type { UsageFailure } from '../../../../src/core/failure/usage-failure.ts';

type Table = { readonly [Kind in UsageFailure['kind']]: readonly Extract<UsageFailure, { kind: Kind }>[] };

export const usageFailures: Table = {
  'unknown-flag': [
    ...[
      '--bogus',
      '--list',
      '--chekc',
      '-x',
      '-d',
      '--privileged',
      '-L',
      '-R',
      '--publish',
      '--socks',
      '--install',
      '--rm',
      '-v',
    ].map((flag) => ({
      kind: 'unknown-flag' as const,
      flag,
      word: flag,
      belongsToDocker: false,
    })),
    { kind: 'unknown-flag', flag: '--context', word: '--context', belongsToDocker: true },
    { kind: 'unknown-flag', flag: '-D', word: '-D', belongsToDocker: true },
  ],
  'flag-needs-value': [{ kind: 'flag-needs-value', flag: '--index' }],
  'flag-takes-no-value': [{ kind: 'flag-takes-no-value', flag: '--container', value: 'maybe' }],
  'invalid-value': [{ kind: 'invalid-value', flag: '--index', value: '0', expected: 'a number, 1 or greater' }],
  'endpoint-parted': [{ kind: 'endpoint-parted', host: 'postgres', port: '5432' }],
  'flags-exclude-each-other': [
    { kind: 'flags-exclude-each-other', flags: ['--container', '--index'] },
    { kind: 'flags-exclude-each-other', flags: ['--host-network --on', '--wait'] },
    { kind: 'flags-exclude-each-other', flags: ['--host', '--host'] },
  ],
  'flag-for-reports': ['--format', '--timeout'].map((flag) => ({ kind: 'flag-for-reports', flag })),
  'flag-for-command': [{ kind: 'flag-for-command', flag: '--user' }],
  'surplus-argument': [{ kind: 'surplus-argument', argument: 'web', flag: '--list-networks' }],
  'flag-needs-flag': [{ kind: 'flag-needs-flag', flag: '--replace', other: '--stand-in' }],
  'service-beside-networks': [{ kind: 'service-beside-networks', word: './seed data.py' }],
  'not-drawn': [{ kind: 'not-drawn', flag: '--hostaliases', drawing: 'mermaid' }],
  'template-invalid': [
    { kind: 'template-invalid', template: '{{.Nope}}', position: 2, reason: 'there is no field .Nope' },
  ],
  'missing-service': [
    { kind: 'missing-service', usage: 'run', project: undefined, running: [] },
    { kind: 'missing-service', usage: 'run', project: undefined, running: ['blog', 'shop'] },
    { kind: 'missing-service', usage: 'run', project: 'shop', running: ['db', 'web'] },
    { kind: 'missing-service', usage: 'check', project: 'shop', running: [] },
    { kind: 'missing-service', usage: 'print-env', project: 'shop', running: ['web'] },
  ],
};
