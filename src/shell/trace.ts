// Where the milliseconds of a run go: what takes time says when it begins and ends. Nobody listens, and it costs nothing,
// unless NETEXEC_TRACE is set (waterfall.ts).

/** Hears that something begins. @returns what is to be called when it has ended */
export type Listener = (what: string) => () => void;

const deaf = (): void => {};
let listener: Listener = () => deaf;

export const begin: Listener = (what) => listener(what);

export function listen(to: Listener): void {
  listener = to;
}
