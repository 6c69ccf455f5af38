// NETEXEC_TRACE: draws where the milliseconds of this call went, when it ends, on stderr or into a file.
import { subscribe } from 'node:diagnostics_channel';
import { appendFileSync, readFileSync } from 'node:fs';
import { calledByDocker } from '../observe/caller-environment.ts';
import { begin, entries, now, spans } from './trace.ts';
import type { StartedCommand, Span } from './trace.ts';

/** @param target a file, which it is added to; `1` or `2` for stderr: what COMMAND writes to stdout is another's to read */
export function drawWaterfall(target: string, loaded: number): void {
  const drawn: Span[] = [
    { what: 'start netexec', from: 0, to: loaded },
    { what: 'load netexec', from: loaded, to: now() },
  ];
  subscribe(spans.name, (span) => drawn.push(span as Span));
  subscribe(entries.name, (entry) => void followEntry(entry as StartedCommand));
  process.prependOnceListener('exit', () => {
    const text = draw(drawn, now(), beforeNetexec());
    if (target === '1' || target === '2') process.stderr.write(text);
    else appendTo(target, text);
  });
}

/** COMMAND's status is not lost for a drawing. */
function appendTo(file: string, text: string): void {
  try {
    appendFileSync(file, text);
  } catch (error) {
    process.stderr.write(`netexec: NETEXEC_TRACE: ${error instanceof Error ? error.message : String(error)}\n`);
  }
}

async function followEntry({ hasStarted, exited }: StartedCommand): Promise<void> {
  let next = begin('enter, up to COMMAND');
  const started = (): void => {
    next();
    next = begin('COMMAND');
    clearInterval(asking);
  };
  const asking = setInterval(() => hasStarted() && started(), 1);
  await exited;
  clearInterval(asking);
  next();
  begin('end netexec');
}

const width = 40;

function draw(drawn: readonly Span[], end: number, before: number | undefined): string {
  const scale = width / end;
  const lines = drawn
    .toSorted((one, other) => one.from - other.from)
    .map(({ what, from, to }) => {
      const until = Number.isNaN(to) ? end : to;
      const start = Math.min(Math.floor(from * scale), width - 1);
      const bar = '█'.repeat(Math.max(1, Math.round((until - from) * scale)));
      return `${number(from)} ${number(until - from)}  ${`${' '.repeat(start)}${bar}`.slice(0, width).padEnd(width)}  ${what}`;
    });
  const since = before === undefined ? '' : `; docker started about ${before} ms earlier`;
  return `netexec: ${end.toFixed(1)} ms since netexec started${since}\n   from     ms\n${lines.join('\n')}\n`;
}

const number = (milliseconds: number): string => milliseconds.toFixed(1).padStart(6);

/** How long the parent had been there when this process began; the kernel tells it in hundredths of a second. */
function beforeNetexec(): number | undefined {
  const started = (id: number | 'self'): number => {
    const stat = readFileSync(`/proc/${id}/stat`, 'utf8');
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]);
  };
  try {
    return calledByDocker() ? (started('self') - started(process.ppid)) * 10 : undefined;
  } catch {
    return undefined;
  }
}
