// A newcomer at work: in the folder of a project like many others, at a terminal of 80 columns, line after line is typed, and
// what the screen shows then is looked at.
import assert from 'node:assert/strict';
import { cpSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Caller, Callers } from './callers.ts';
import { openTerminal, prompt } from './command-terminal.ts';
import { must } from './scenario.ts';
import type { RunOptions, Scenario } from './scenario.ts';

export const project = 'shop';

export interface Typed {
  readonly line: string;
  /** Of the prompt that comes next; 0 unless told. */
  readonly status?: number;
  /** In what is there, or in what would be there if no sentence was broken. */
  readonly shows?: readonly RegExp[];
  readonly hides?: RegExp;
  /** Ctrl-C is pressed when this is there; where netexec itself ends by it the prompt has a line of its own. */
  readonly until?: RegExp;
}

/** A prompt that tells the status of the line before. */
export const bash: readonly string[] = ['env', `PS1=$? ${prompt} `, 'bash', '--noprofile', '--norc', '-i'];
const setUp = `set -g fish_greeting; set -g fish_autosuggestion_enabled 0; function fish_prompt; printf '%s ${prompt} ' $status; end`;
export const fish: readonly string[] = ['fish', '--init-command', setUp];

export type Walker = Awaited<ReturnType<typeof walker>>;

/** @param env of the caller's shell, beside what the caller has */
export async function walker(
  s: Scenario,
  callers: Callers,
  caller: Caller,
  shell: readonly string[],
  env: NonNullable<RunOptions['env']> = {},
) {
  const cwd = join(callers.home(caller), 'shop');
  mkdirSync(cwd, { recursive: true });
  cpSync(join(s.projectFolder, 'compose.yaml'), join(cwd, 'compose.yaml'));
  await must(s.run(['chown', '-R', `--reference=${callers.home(caller)}`, cwd]));
  const step = callers.step(s, caller, { cwd, env: { COMPOSE_PROJECT_NAME: undefined, SHELL: '/bin/bash', ...env } });
  const terminal = await openTerminal(s, step, { columns, shell });

  const type = async ({ line, status = 0, shows = [], hides, until }: Typed): Promise<void> => {
    await terminal.begin();
    await terminal.type(line);
    if (until !== undefined) {
      await terminal.shows(until, 60);
      await terminal.press('C-c');
    }
    // Below the line: before that is shown the prompt in front of it stands alone.
    const [, ended] = await terminal.shows(new RegExp(`\\n(\\d+) ${prompt}$`), 60);
    const rows = (await terminal.whole()).split('\n');
    const [, ...seen] = rows.slice(0, -1);
    const text = seen.join('\n');
    if (status === 130 && line.startsWith('docker netexec --')) assert.equal(rows.at(-1), `130 ${prompt}`);
    assert.deepEqual(seen.filter(isBroken), [], text);
    const unbroken = text.replaceAll(/\n {2,}/g, ' ');
    for (const each of shows) assert.ok(each.test(text) || each.test(unbroken), `${each} is not in:\n${text}`);
    if (hides !== undefined) assert.doesNotMatch(text, hides);
    assert.equal(ended, String(status), text);
  };
  return {
    terminal,
    step,
    cwd,
    /** Each line is a test of its own. */
    types: async (lines: readonly Typed[]): Promise<void> => {
      for (const typed of lines) await s.subtest(typed.line, () => type(typed));
    },
    /** What stands below the line so far, once a TAB has shown this. */
    completes: async (line: string, shows: RegExp): Promise<void> => {
      await terminal.begin();
      await terminal.keys(line);
      await s.eventually(async () => {
        await terminal.press('Tab');
        await terminal.shows(shows, 3);
      });
      await terminal.press('C-c');
      await terminal.atPrompt();
    },
  };
}

const columns = 80;

/** In the middle of a word. A path, what is there to be copied, what is for programs, or COMMAND's, is as long as it is. */
const isBroken = (row: string): boolean =>
  row.length > columns &&
  !/\S{50,}|^ *(?:(?:sudo )?docker .*|\{.*\}|(?:psql:|docker:|curl:|listening on) .*)$/.test(row);
