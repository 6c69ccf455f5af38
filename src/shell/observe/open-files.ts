// The soft limit of open files that netexec was called with, where no launcher has told: Bun has raised its own by then,
// and docker, being of Go, may have, too. Whoever has called them has theirs.
import { calledByDocker } from './caller-environment.ts';
import { readOrEmpty } from '../files/attempt.ts';

/** @returns undefined where it cannot be found out */
export function callersOpenFiles(): string | undefined {
  const [soft, hard] = [guess(), limitOf('self')?.hard];
  // Others may have another hard limit.
  return soft !== undefined && hard !== undefined && valueOf(soft) > valueOf(hard) ? hard : soft;
}

function guess(): string | undefined {
  const parent = limitOf(process.ppid);
  if (!calledByDocker() || parent === undefined) return parent?.soft;
  // Go stops one short, by which it knows its own doing.
  const isRaised = Number(parent.hard) - Number(parent.soft) <= 1 || parent.hard === 'unlimited';
  return isRaised ? (limitOf(parentOf(process.ppid))?.soft ?? parent.soft) : parent.soft;
}

interface Limit {
  readonly soft: string;
  readonly hard: string;
}

const valueOf = (limit: string): number => (limit === 'unlimited' ? Infinity : Number(limit));

function limitOf(id: number | 'self' | undefined): Limit | undefined {
  if (!id) return undefined;
  const [, soft, hard] = /^Max open files +(\S+) +(\S+)/m.exec(readOrEmpty(`/proc/${id}/limits`)) ?? [];
  return soft === undefined || hard === undefined ? undefined : { soft, hard };
}

const parentOf = (id: number): number => Number(/^PPid:\t(\d+)/m.exec(readOrEmpty(`/proc/${id}/status`))?.[1] ?? 0);
