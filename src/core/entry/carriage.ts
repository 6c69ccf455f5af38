// How COMMAND's environment reaches it: by inheritance, or in a file, where something in between would change it.
import type { RunRequest } from '../arguments/argv.ts';
import { ways } from '../ways/ways.ts';
import type { Way } from '../ways/ways.ts';
import { isShellName, loaders } from './environment.ts';
import type { EntryPlan, HostFacts } from './plan.ts';

export function chooseCarriage(
  { serviceEnv }: RunRequest,
  way: Way,
  { pwdHolds, raw, fileVariables }: HostFacts,
  environment: Readonly<Record<string, string>>,
): EntryPlan['carriage'] {
  const { strips } = ways[way.kind];
  if (strips !== undefined) return { kind: 'file', cause: strips };
  if (serviceEnv) return { kind: 'file', cause: "only COMMAND may see the container's variables" };
  if (fileVariables.length > 0) return { kind: 'file', cause: 'only COMMAND may see the variables of --env-file' };
  if (!pwdHolds) return { kind: 'file', cause: 'a shell would set PWD' };
  if (loaders.some((name) => name in environment))
    return { kind: 'file', cause: 'libraries are preloaded for COMMAND only' };
  if (raw) return { kind: 'file', cause: 'it, or an argument of COMMAND, is not UTF-8' };
  const lost = Object.keys(environment).filter((name) => !isShellName(name) || shellsOwn.test(name));
  if (lost.length > 0) return { kind: 'file', cause: `a shell would not pass on ${lost.join(', ')}` };
  return { kind: 'inherit', cause: 'nothing in between changes it' };
}

/** Variables that a shell sets for itself, or the stage in it. */
const shellsOwn = /^(IFS|OPTIND|PPID|LINENO|SHELLOPTS|BASHOPTS|netexec_.*)$/;
