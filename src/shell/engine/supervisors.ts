// This netexec, and others, as the labels of their containers name them.
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname, uptime } from 'node:os';
import type { EngineAddress } from '../../core/engine/engine-address.ts';
import type { ListedHelper } from '../../core/engine/helper-specification.ts';
import { hasEndedBefore, isForgotten, supervisorText } from '../../core/engine/supervisor.ts';
import type { Machine } from '../../core/engine/supervisor.ts';
import type { Marker } from '../../core/own-container/replaced-marker.ts';
import { seesOtherNumbers, startTime } from '../observe/prove-process.ts';
import { isLinux } from '../process/system.ts';

/** Of the label: this netexec. */
export const supervisor = (): string => supervisorText(process.pid, startTime('self') ?? '', here());

// Where /proc has other numbers than netexec, its own would be another's.

/** Whether the netexec of a container that never starts has ended, as far as that can be told from here. */
export const hasLeft = (marker: Marker, { transport }: EngineAddress): boolean =>
  !seesOtherNumbers() &&
  hasEndedBefore(marker, transport.kind === 'unix' ? Date.now() / 1000 - uptime() : undefined, here(), startTime);

/** Whether a container is one that its netexec has left behind. */
export const isLeft = (helper: ListedHelper): boolean =>
  !seesOtherNumbers() && isForgotten(helper, Date.now() / 1000, here(), startTime);

const here = (): Machine =>
  isLinux
    ? {
        boot: readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim(),
        namespace: readlinkSync('/proc/self/ns/pid'),
      }
    : { boot: `${process.platform}:${hostname()}`, namespace: 'none' };
