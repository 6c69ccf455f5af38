// The words of --check and --doctor, which look for what is wrong: of a connection, of this machine; and of what stands alone.
import { elevations, reportKinds } from './argv.ts';
import type { Common, Elevate, TargetRequest } from './argv.ts';
import { fail, success } from '../failure.ts';
import type { Result } from '../failure.ts';
import { oneOf } from './option-values.ts';
import { has, last } from './option-words.ts';
import type { Taken } from './option-words.ts';
import { netexecOptions } from './options.ts';

export interface CheckRequest extends TargetRequest {
  /** Empty: all that SERVICE could reach. */
  readonly endpoints: readonly string[];
  readonly format: Format;
  /** Of each step, in seconds. */
  readonly timeout: number;
  readonly elevate: Elevate | undefined;
}

export interface DoctorRequest {
  readonly format: Format;
  readonly elevate: Elevate | undefined;
}

const formats = ['table', 'json'] as const;
type Format = (typeof formats)[number];

/** Options of others: neither --check nor --doctor takes them. */
const ofRuns = [
  'network',
  'resolver',
  'provider',
  'env',
  'service-env',
  'user',
  'workdir',
  'cap-add',
  'pid',
  'restart',
  'dry-run',
];
const ofReports = ['quiet', 'no-trunc'];

export function readCheck(taken: Taken, common: Common): Result<CheckRequest> {
  const [service = '', ...endpoints] = taken.rest;
  const other = [...reportKinds, ...ofRuns, ...ofReports].find((name) => has(taken, name));
  if (other !== undefined) return fail({ kind: 'flags-exclude-each-other', flags: ['--check', `--${other}`] });
  const wanted = readCommon(taken);
  if (!wanted.ok) return wanted;
  const timeout = last(taken, 'timeout') ?? '3';
  if (!/^\d{1,3}(\.\d{1,3})?$/.test(timeout) || Number(timeout) === 0) {
    const expected = 'a number of seconds, below 1000';
    return fail({ kind: 'invalid-value', flag: '--timeout', value: timeout, expected });
  }
  return success({
    ...common,
    ...wanted.value,
    service,
    endpoints: endpoints[0] === '--' ? endpoints.slice(1) : endpoints,
    timeout: Number(timeout),
  });
}

export function readDoctor(taken: Taken): Result<DoctorRequest> {
  const places = ['project-name', 'file', 'project-directory', 'container', 'index', 'timeout'];
  const other = ['check', ...reportKinds, ...places, ...ofRuns, ...ofReports].find((name) => has(taken, name));
  if (other !== undefined) return fail({ kind: 'flags-exclude-each-other', flags: ['--doctor', `--${other}`] });
  const [surplus] = taken.rest;
  if (surplus !== undefined) return fail({ kind: 'surplus-argument', argument: surplus, flag: '--doctor' });
  return readCommon(taken);
}

/** Nothing of netexec's may stand beside it: what is meant by that would not be done. */
export function readAlone(taken: Taken, name: string): Result<undefined> {
  const other = netexecOptions.find((option) => option.name !== name && has(taken, option.name));
  if (other !== undefined) return fail({ kind: 'flags-exclude-each-other', flags: [`--${name}`, `--${other.name}`] });
  const [surplus] = taken.rest;
  return surplus === undefined
    ? success(undefined)
    : fail({ kind: 'surplus-argument', argument: surplus, flag: `--${name}` });
}

function readCommon(taken: Taken): Result<DoctorRequest> {
  const elevate = oneOf('--elevate', last(taken, 'elevate'), elevations);
  if (!elevate.ok) return elevate;
  const format = oneOf('--format', last(taken, 'format') || undefined, formats);
  if (!format.ok) return format;
  return success({ elevate: elevate.value, format: format.value ?? 'table' });
}
