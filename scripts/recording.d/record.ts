// Types into a terminal (tmux) and writes down what it shows after each key, as an asciicast (docs.asciinema.org, v2).
// What is shown comes from the run; when it is shown does not, so that a new recording differs where the run does.
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { lineOf, prompt, recordings, size } from './screens.ts';
import type { Typed } from './screens.ts';

/** In milliseconds. */
const times = { key: 45, enter: 300, run: 250, read: 2000, comment: 400 } as const;
const keysAtOnce = 2;

const [, , home = '', name = ''] = process.argv;
const socket = join(home, 'tmux');
let now = 0;
const frames: (readonly [seconds: number, kind: 'o', text: string])[] = [];

openTerminal();
try {
  for (const lines of recordings[name] ?? []) {
    tmux('send-keys', 'C-l');
    await shown(prompt);
    show(times.enter);
    for (const typed of lines) await run(typed);
  }
  showEndFirst();
} finally {
  tmux('kill-server');
}
const header = { version: 2, width: size.columns, height: size.rows };
process.stdout.write([header, ...frames].map((line) => `${JSON.stringify(line)}\n`).join(''));

function openTerminal(): void {
  const { PATH = '', DOCKER_HOST: engine } = process.env;
  // The system's programs come first: those that a reader would have.
  const env = [`HOME=${home}`, `PATH=/usr/bin:/bin:${PATH}`, 'LANG=C.UTF-8', 'TERM=tmux-256color'];
  const shell = [`PS1=\\[\\e[36m\\]${prompt}\\[\\e[m\\] `, 'bash', '--noprofile', '--norc'];
  const there = engine === undefined ? [] : [`DOCKER_HOST=${engine}`];
  const wide = ['-x', String(size.columns), '-y', String(size.rows)];
  tmux('new-session', '-d', ...wide, '-c', join(home, 'shop'), 'env', '-i', ...env, ...there, ...shell);
  tmux('set-option', '-g', 'status', 'off');
  tmux('resize-window', ...wide);
}

async function run(typing: Typed): Promise<void> {
  const line = lineOf(typing);
  const comment = line.startsWith('#');
  const step = comment ? line.length : keysAtOnce;
  for (let typed = 0; typed < line.length; typed += step) {
    // By number: a dash or a semicolon would mean something to tmux.
    tmux(
      'send-keys',
      '-H',
      ...(Buffer.from(line.slice(typed, typed + step))
        .toString('hex')
        .match(/../g) ?? []),
    );
    await shown(`${prompt} ${line.slice(0, typed + step)}`);
    show(times.key);
  }
  if (!comment) now += times.enter;
  tmux('send-keys', 'Enter');
  if (typeof typing !== 'string') {
    await until((screen) => screen.includes(typing.prints));
    tmux('send-keys', 'Enter');
  }
  await shown(prompt);
  if (!comment) now += times.run;
  show(comment ? times.comment : times.read);
}

/** Waits until this is the last line. */
function shown(line: string): Promise<void> {
  return until((screen) => screen.split('\n').at(-1) === line.trimEnd(), line);
}

async function until(holds: (screen: string) => boolean, line = ''): Promise<void> {
  const end = Date.now() + 60_000;
  for (;;) {
    const screen = tmux('capture-pane', '-p').trimEnd();
    if (holds(screen)) return;
    if (Date.now() > end) throw new Error(`the terminal waits for "${line}", but shows:\n${screen}`);
    await pause(20);
  }
}

/** Takes down what the terminal shows, for so long. */
function show(milliseconds: number): void {
  const rows = tmux('capture-pane', '-p', '-e').trimEnd().split('\n');
  const cursor = tmux('display-message', '-p', '#{e|+:#{cursor_y},1};#{e|+:#{cursor_x},1}').trim();
  frames.push([now / 1000, 'o', `\u001bc${rows.join('\r\n')}\u001b[${cursor}H`]);
  now += milliseconds;
}

/** The last screen stands first: it is the picture where nothing moves, and what one sees before it is played. */
function showEndFirst(): void {
  const [, , text] = frames.at(-1) ?? [0, 'o', ''];
  const later = frames.map(([seconds, kind, shows]) => [seconds + times.read / 1000, kind, shows] as const);
  frames.splice(0, frames.length, [0, 'o', text], ...later, [(now + times.read) / 1000, 'o', text]);
}

function tmux(...words: readonly string[]): string {
  return execFileSync('tmux', ['-S', socket, '-f', '/dev/null', ...words], { encoding: 'utf8' });
}
