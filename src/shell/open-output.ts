// A stream into a descriptor whose reader may take its time: a pipe or a socket (the executable has its own).
import { Socket } from 'node:net';
import type { Writable } from 'node:stream';

export const openOutput = (descriptor: number): Writable =>
  new Socket({ fd: descriptor, readable: false, writable: true });
