// Hears what the program that looks from inside prints in a helper container: checked, and bounded in size and time.
import type { Duplex } from 'node:stream';
import { decodeFinding } from '../../core/check/findings.ts';
import type { Finding } from '../../core/check/findings.ts';
import type { ProbeRequest } from '../../core/check/probe-request.ts';
import { parseJson } from '../../core/json/decode.ts';
import { hear } from '../own-container/hear.ts';

/** Of what a helper container says at most: in bytes, until a line's end and in all; and in findings. */
const most = { line: 4 * 1024 * 1024, all: 32 * 1024 * 1024, findings: 10_000 };

/** In milliseconds: how long it may say nothing, beside what its steps take. */
const patience = 15_000;

const lineEnd = 0x0a;

/**
 * Every endpoint that is over has an end; without any the machine is all there is.
 * @returns as far-end.ts takes it: `ended` with whether all was said
 */
export function hearFindings(
  stream: Duplex,
  { endpoints, timeout }: Pick<ProbeRequest, 'endpoints' | 'timeout'>,
  take: (finding: Finding) => void,
) {
  let greet!: (value: true) => void;
  const greeted = new Promise<true>((resolve) => (greet = resolve));
  const over = new Set<number>();
  let [said, told, hasMachine, makesSense] = [0, 0, false, true];
  /** The line that has no end yet, and how much of this it has: a piece may be a byte, and there may be millions. */
  let [line, length] = [Buffer.alloc(64 * 1024), 0];
  let watch: NodeJS.Timeout | undefined;
  const hearLine = (text: Buffer): boolean => {
    const found = decodeFinding(parseJson(text.toString()));
    if (!found.ok || (told += 1) > most.findings) return false;
    take(found.value);
    if (found.value.kind === 'begin' && found.value.step === 'end') over.add(found.value.endpoint);
    hasMachine ||= found.value.kind === 'machine';
    return true;
  };
  const keep = (data: Buffer): void => {
    if (length + data.length > line.length) line = Buffer.concat([line], 2 * (length + data.length));
    data.copy(line, length);
    length += data.length;
  };
  const hearData = (data: Buffer): boolean => {
    let at = 0;
    for (let end = data.indexOf(lineEnd); end !== -1; end = data.indexOf(lineEnd, at)) {
      keep(data.subarray(at, end));
      const whole = line.subarray(0, length);
      [length, at] = [0, end + 1];
      if (!hearLine(whole)) return false;
    }
    keep(data.subarray(at));
    return length <= most.line;
  };
  const ended = hear(stream, (data) => {
    greet(true);
    // Each step has its own time. A helper container that is stuck has none.
    watch ??= setTimeout(() => void stream.destroy(), patience + 5 * timeout);
    watch.refresh();
    makesSense &&= (said += data.length) <= most.all && hearData(data);
    return makesSense;
  }).then(() => {
    clearTimeout(watch);
    return makesSense && hasMachine && endpoints.every((_, index) => over.has(index));
  });
  return { far: { ended, close: () => void stream.destroy() }, greeted };
}
