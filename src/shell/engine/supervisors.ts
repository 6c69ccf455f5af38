// This netexec, and others, as the labels of their containers name them.
import { readFileSync, readlinkSync } from 'node:fs';
import type { ListedHelper } from '../../core/engine/helper-specification.ts';
import { hasEnded, isForgotten, supervisorText } from '../../core/engine/supervisor.ts';
import type { Machine } from '../../core/engine/supervisor.ts';
import { startTime } from '../observe/prove-process.ts';

/** Of the label: this netexec. */
export const supervisor = (): string => supervisorText(process.pid, startTime('self') ?? '', here());

/** Whether the netexec of a label has ended; undefined where that cannot be told from here. */
export const supervisorHasEnded = (text: string): boolean | undefined => hasEnded(text, here(), startTime);

/** Whether a container is one that its netexec has left behind. */
export const isLeft = (helper: ListedHelper): boolean => isForgotten(helper, Date.now() / 1000, here(), startTime);

const here = (): Machine => ({
  boot: readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim(),
  namespace: readlinkSync('/proc/self/ns/pid'),
});
