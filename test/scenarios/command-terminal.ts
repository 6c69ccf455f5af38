// A terminal with an interactive bash in it, typed into and looked at as a person would: tmux, with a server of its own.
import { join } from 'node:path';
import { must } from './scenario.ts';
import type { RunOptions, Scenario } from './scenario.ts';

export type Terminal = Awaited<ReturnType<typeof openTerminal>>;

/** Shown while bash waits for a line, and never part of one that is typed. */
export const prompt = 'ready>';

const bash: readonly string[] = ['env', `PS1=${prompt} `, 'bash', '--noprofile', '--norc', '-i'];

export interface Opened {
  readonly columns?: number;
  /** Another one than bash, with the same prompt. */
  readonly shell?: readonly string[];
}

/** Opens one of 100 columns and 30 rows. A test that ends takes all that runs in it along. */
export async function openTerminal(s: Scenario, given: RunOptions = {}, { columns = 100, shell = bash }: Opened = {}) {
  const socket = join('/tmp', `netexec-tmux-${process.pid}-${++opened}`);
  const tmux = (args: readonly string[]) => must(s.run(['tmux', '-S', socket, '-f', '/dev/null', ...args], given));
  await tmux(['new-session', '-d', '-x', String(columns), '-y', '30', ...shell]);
  s.t.after(async () => {
    await s.run(['tmux', '-S', socket, 'kill-server'], given);
    await s.run(['rm', '-f', socket]);
  });

  /** The rows as one text, without the blanks at their ends; what the terminal has broken at its edge is one row. */
  const screen = async (...more: readonly string[]): Promise<string> =>
    (await tmux(['capture-pane', '-p', '-J', ...more])).stdout.replaceAll(/ +$/gm, '').trimEnd();
  const shows = (wanted: RegExp, seconds = 15): Promise<RegExpExecArray> =>
    s.eventually(async () => {
      const text = await screen();
      const found = wanted.exec(text);
      if (found === null) throw new Error(`${wanted} is not on the screen:\n${text}`);
      return found;
    }, seconds);
  const type = async (line: string): Promise<void> => {
    await tmux(['send-keys', '-l', line]);
    await tmux(['send-keys', 'Enter']);
  };
  const atPrompt = (): Promise<unknown> => shows(new RegExp(`${prompt}$`));

  let asked = 0;
  await atPrompt();
  return {
    screen: () => screen(),
    shows,
    atPrompt,
    /** A line and Enter. */
    type,
    keys: (line: string) => tmux(['send-keys', '-l', line]),
    /** A key as tmux names it: C-c, Enter. */
    press: (key: string) => tmux(['send-keys', key]),
    /** Empties the screen, the prompt included, unseen by what runs there. */
    clear: () => tmux(['send-keys', '-R']),
    close: () => tmux(['kill-session']),
    /** What has gone off its upper edge, too. */
    whole: () => screen('-S', '-'),
    /** Has the shell begin at the top of an empty one. */
    begin: async () => {
      await tmux(['send-keys', 'C-l']);
      await shows(new RegExp(`^.*${prompt}$`));
      await tmux(['clear-history']);
    },
    resize: (width: number, height: number) => tmux(['resize-window', '-x', `${width}`, '-y', `${height}`]),
    /** The exit status of the line before. */
    status: async (): Promise<number> => {
      const mark = `status-${++asked}`;
      // What is typed must not look like the answer.
      await type(`echo ${mark}'='$?`);
      return Number((await shows(new RegExp(`^${mark}=(\\d+)$`, 'm')))[1]);
    },
  };
}

let opened = 0;
