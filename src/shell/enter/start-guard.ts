// Starts the guard where COMMAND is netexec's own child: the kernel unties a child that takes on other rights, as sudo's,
// su's and tcpdump's do, and it would outlive netexec.
import { closeSync, openSync } from 'node:fs';
import guard from './guard.sh';
import { descriptors } from '../../core/entry/descriptors.ts';
import { trustedPath } from '../observe/program.ts';

export interface Guard {
  /** Has COMMAND signalled, where it is not netexec's own child but a child's. */
  signal(signal: NodeJS.Signals, group?: boolean): void;
  /** Has it end COMMAND, as if netexec were gone. */
  close(): void;
  /** COMMAND has ended. */
  end(): void;
}

/**
 * Beside the entry, which takes longer: COMMAND is not there before its guard is. Should netexec be killed in between,
 * the stage sees that it has another parent.
 * @param sh the shell to run it with
 * @param command netexec's child, not waited for as yet: its number is nobody else's
 * @param ready the descriptor of the file that is told that COMMAND starts, where COMMAND will be a child of that process
 */
export function startGuard(sh: string, command: Bun.Subprocess, ready: number | undefined): Guard {
  let guarding = spawnGuard(sh, command.pid, ready);
  let over = false;
  const watch = async (): Promise<void> => {
    await guarding.exited;
    if (over || guarding.signalCode === null || command.exitCode !== null || command.signalCode !== null) return;
    guarding = spawnGuard(sh, command.pid, ready);
    await watch();
  };
  // Unguarded, COMMAND would be nobody's to end.
  watch().catch(() => command.kill('SIGKILL'));
  return {
    signal: (signal, group = false) => {
      guarding.stdin.write(`${signal.replace('SIG', '')}${group ? ' group' : ''}\n`);
      guarding.stdin.flush();
    },
    close: () => {
      over = true;
      guarding.stdin.end();
    },
    end: () => {
      over = true;
      guarding.kill('SIGKILL');
    },
  };
}

function spawnGuard(sh: string, pid: number, ready: number | undefined): Bun.Subprocess {
  const told = ready === undefined ? undefined : openSync(`/proc/self/fd/${ready}`, 'r');
  const between = Array.from({ length: descriptors.guard.ready - 3 }, () => 'ignore' as const);
  try {
    return Bun.spawn([sh, '-c', guard, 'netexec', String(pid), ready === undefined ? '' : 'yes'], {
      // A session of its own: nothing that the terminal, or COMMAND, sends around meets it.
      detached: true,
      // That folder stays the one process's.
      cwd: `/proc/${pid}`,
      env: { PATH: trustedPath },
      stdio: ['pipe', 'ignore', 'ignore', ...(told === undefined ? [] : [...between, told])],
    });
  } finally {
    if (told !== undefined) closeSync(told);
  }
}
