// The words of a report → what is asked for.
import { reportKinds } from './argv.ts';
import type { Common, ReportKind, ReportRequest } from './argv.ts';
import { has, last, switched } from './option-words.ts';
import type { Taken } from './option-words.ts';
import { drawings } from './option-values.ts';
import { fail, success } from '../failure.ts';
import type { Result } from '../failure.ts';

const runOptions = 'network env service-env user workdir cap-add pid elevate restart dry-run timeout'.split(' ');

export function readReport(kind: ReportKind, taken: Taken, common: Common): Result<ReportRequest> {
  const other = reportKinds.find((name) => name !== kind && has(taken, name));
  if (other !== undefined) return fail({ kind: 'flags-exclude-each-other', flags: [`--${kind}`, `--${other}`] });
  const runOnly = runOptions.find((name) => has(taken, name));
  if (runOnly !== undefined) return fail({ kind: 'flags-exclude-each-other', flags: [`--${kind}`, `--${runOnly}`] });
  const [subject, ...extra] = taken.rest;
  const surplus = kind === 'list-networks' ? subject : extra[0];
  if (surplus !== undefined) return fail({ kind: 'surplus-argument', argument: surplus, flag: `--${kind}` });
  const format = last(taken, 'format');
  const drawing = drawings.find((each) => each === format);
  if (drawing !== undefined && kind !== 'list-networks') return fail({ kind: 'not-drawn', flag: `--${kind}`, drawing });
  return success({
    ...common,
    kind,
    subject: subject === '' ? undefined : subject,
    format,
    quiet: switched(taken, 'quiet') ?? false,
    noTrunc: switched(taken, 'no-trunc') ?? false,
  });
}
