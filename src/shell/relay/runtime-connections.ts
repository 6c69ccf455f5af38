// Connections by the runtime's own means, where the C library of Linux is not there to be called.
import { mostAtOnce } from './join.ts';
import type { Attach, Handlers, Stream, StreamOwner } from './join.ts';

/** The runtime cannot be told to leave off: so many may be on their way. */
let pending = 0;

/** @returns the connection, or why it is not made: a code */
export async function connectByRuntime(hostname: string, port: number, givenUp: AbortSignal): Promise<Attach | string> {
  if (pending >= mostAtOnce()) return 'EMFILE';
  pending += 1;
  let handlers: Handlers | undefined;
  /** What has come before anybody listens; what is said waits in the kernel. */
  const early: (() => void)[] = [];
  const tell = (act: (to: Handlers) => void): void => {
    if (handlers === undefined) early.push(() => tell(act));
    else act(handlers);
  };
  const socket = {
    open: (stream: Stream) => stream.pause(),
    data: (stream: Stream, data: Uint8Array) => tell((to) => to.data(stream, data)),
    drain: (stream: Stream) => tell((to) => to.drain(stream)),
    end: (stream: Stream) => tell((to) => to.end(stream)),
    error: (stream: Stream) => tell((to) => to.error(stream)),
    close: (stream: Stream, error?: Error) => tell((to) => to.close(stream, error)),
  };
  try {
    const stream = await Bun.connect<StreamOwner>({ hostname, port, allowHalfOpen: true, socket });
    if (givenUp.aborted) {
      stream.terminate();
      return 'given up';
    }
    return (data, given) => {
      stream.data = data;
      handlers = given;
      given.open(stream);
      for (const each of early.splice(0)) each();
      stream.resume();
    };
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? 'UNKNOWN';
  } finally {
    pending -= 1;
  }
}
