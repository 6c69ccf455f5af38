// Looks whether the caller may open the device of a tunnel, and has the programs for it.
import { closeSync, openSync } from 'node:fs';
import { required } from '../../core/tools/tools.ts';
import type { RequiredTool } from '../../core/tools/tools.ts';
import { findTrusted } from './program.ts';

const device = '/dev/net/tun';

/** @returns what keeps the caller from it */
export function deviceRefusal(): string | undefined {
  try {
    closeSync(openSync(device, 'r+'));
    return undefined;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EACCES' || code === 'EPERM') return `you may not open ${device}: chmod 666 ${device}, as root`;
    return `${device} is missing: load the kernel module tun, or give the container the device (${code})`;
  }
}

export const missingTool = (): RequiredTool | undefined =>
  required.tunnel.find((tool) => findTrusted(tool) === undefined);
