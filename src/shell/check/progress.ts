// Says on a terminal what is being waited for, on a line that is gone when there is an answer.
import { printable } from '../../core/text/printable.ts';

const names = {
  dns: 'looking up the name',
  connect: 'connecting',
  tls: 'negotiating TLS',
  words: "waiting for the server's greeting",
} as const;

export interface Progress {
  begin(endpoint: string, step: keyof typeof names): void;
  end(endpoint: string): void;
  /** Takes the line away, for something else to be printed. */
  clear(): void;
  stop(): void;
}

/** Quick steps are not worth a word. */
const patience = 500;

export function showProgress(stream: NodeJS.WriteStream): Progress {
  const waiting = new Map<string, { readonly step: keyof typeof names; readonly since: number }>();
  let drawn = false;
  const clear = (): void => {
    if (drawn) stream.write('\r\u001b[K');
    drawn = false;
  };
  const draw = (): void => {
    clear();
    const now = performance.now();
    const long = [...waiting].filter(([, { since }]) => now - since > patience);
    const [first] = long;
    if (first === undefined) return;
    const [endpoint, { step, since }] = first;
    const more = long.length > 1 ? `, and ${long.length - 1} more` : '';
    const line = `${printable(endpoint)}: ${names[step]}, ${Math.round((now - since) / 1000)} s${more}`;
    stream.write(line.slice(0, (stream.columns || 80) - 1));
    drawn = true;
  };
  const timer = stream.isTTY ? setInterval(draw, patience) : undefined;
  return {
    begin: (endpoint, step) => void waiting.set(endpoint, { step, since: performance.now() }),
    end: (endpoint) => void waiting.delete(endpoint),
    clear,
    stop: () => {
      clearInterval(timer);
      clear();
    },
  };
}
