// Sentences for a service of a Swarm stack that cannot be entered from this node.
import { list, own, quoted } from './explanation.ts';
import type { Called, Explanation } from './explanation.ts';
import { dockerLine } from '../compose/compose-line.ts';
import { unreachable } from './failure.ts';
import type { StackFailure } from './stack-failure.ts';
import { shellWord } from '../text/printable.ts';

export function explainStack(failure: StackFailure, called: Called): Explanation {
  switch (failure.kind) {
    case 'task-elsewhere':
      return explainElsewhere(failure, called);
    case 'no-running-task':
      return own(
        `swarm service ${quoted(failure.name)} has no running task${failure.trouble === undefined ? '' : `: ${failure.trouble}`}`,
        failure.wanted === 0
          ? `start one: ${dockerLine(called)} service scale ${shellWord(`${failure.name}=1`)}`
          : `list its tasks: ${dockerLine(called)} service ps --no-trunc ${shellWord(failure.name)}`,
      );
    case 'no-manager':
      return own(
        `service ${quoted(failure.service)}${ofStack(failure.stack)} has no task on this node, and only a manager of the swarm knows where it runs`,
        `on a manager node, run docker service ps ${shellWord(failure.stack === undefined ? failure.service : `${failure.stack}_${failure.service}`)}`,
      );
    case 'not-attachable':
      return own(
        `network ${quoted(failure.network)} is not attachable: only tasks of swarm services can join it`,
        `run in a task's network: docker netexec -p ${shellWord(failure.project)} SERVICE …; or set networks.${failure.key}.attachable: true in the stack file, then remove the stack and deploy it again`,
      );
    default:
      return unreachable(failure);
  }
}

function explainElsewhere(
  { stack, service, tasks, attachable }: StackFailure & { kind: 'task-elsewhere' },
  called: Called,
): Explanation {
  const places = tasks.map(({ name, node, address }) => `${name} on ${node}${address === '' ? '' : ` (${address})`}`);
  const led = tasks.find(({ context }) => context !== undefined);
  const [first] = tasks;
  const words = [...(stack === undefined ? [] : ['-p', stack]), service].map(shellWord).join(' ');
  const there =
    led?.context === undefined
      ? `run docker netexec on ${first?.node}, or create a docker context for it: docker context create ${shellWord(first?.node ?? 'NODE')} --docker host=ssh://USER@${shellWord(first?.address || (first?.node ?? 'NODE'))}`
      : `use the docker context for ${led.node}: docker --context ${shellWord(led.context)} netexec ${words} …`;
  const here =
    attachable === undefined
      ? ''
      : `; to run on its network from here: ${dockerLine(called)} netexec ${stack === undefined ? '' : `-p ${shellWord(stack)} `}--on ${shellWord(attachable)} -- …`;
  return own(
    `service ${quoted(service)}${ofStack(stack)} has no task on this node; running tasks: ${list(places)}`,
    `${there}${here}`,
  );
}

const ofStack = (stack: string | undefined): string => (stack === undefined ? '' : ` of stack ${quoted(stack)}`);
