// What the end of the container is to a run, and what is said of it.
import type { Target } from './plan.ts';

/**
 * What the end of the container is to a run. `ignore`: its COMMAND is a program of netexec's own, which sees for itself.
 * `stop`: COMMAND is ended with it. `end` and `wait`: it is the inner end of a relay, which leads nowhere then; it is over with the container, or is back with it.
 */
export type OnContainerEnd = 'ignore' | 'warn' | 'restart' | 'stop' | 'end' | 'wait';

export const comesBack = (onContainerEnd: OnContainerEnd): boolean =>
  onContainerEnd === 'restart' || onContainerEnd === 'wait';

/**
 * @param status undefined where the engine does not tell it
 * @returns `shop-web-1 exited with status 3: stopping COMMAND`
 */
export function describeEnd(
  onContainerEnd: OnContainerEnd,
  container: string,
  status: number | undefined,
  { own }: Pick<Target, 'own'>,
): string {
  const ended = `${container} exited${status === undefined ? '' : ` with status ${status}`}`;
  // A place of netexec's own does not come back.
  const hint = own === undefined ? hintOfEnd[onContainerEnd] : undefined;
  return `${ended}${toldOfEnd[onContainerEnd]}${hint === undefined ? '' : ` (${hint})`}`;
}

const goesOn = ', and its network is gone: COMMAND continues without one';

/** What becomes of COMMAND. */
const toldOfEnd: Readonly<Record<OnContainerEnd, string>> = {
  ignore: goesOn,
  warn: goesOn,
  restart: ': stopping COMMAND, to restart it with the container',
  stop: ': stopping COMMAND',
  wait: ': its ports stay open and wait for it',
  end: ': closing its ports',
};

/** What --restart would do. */
const hintOfEnd: { readonly [By in OnContainerEnd]?: string } = {
  ignore: '--restart would restart it',
  warn: '--restart would restart it',
  end: 'with --restart they would stay open',
};
