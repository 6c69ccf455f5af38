// Looks at the files by which a COMMAND of a known kind may come to a host, and at the rights of its own, and adds what is to
// be said of it.
import { readFileSync, readdirSync, realpathSync, statSync } from 'node:fs';
import { join } from 'node:path/posix';
import type { EntryPlan } from '../../core/entry/plan.ts';
import { clientFiles, commandNotes, mayNameHost } from '../../core/entry/command-notes.ts';
import type { Kind } from '../../core/entry/command-notes.ts';
import { hasAttribute } from '../process/libc.ts';
import { caller } from './caller.ts';
import { observeProgram } from './program-loader.ts';

/** @param isPodman whether it is Podman's container */
export function withCommandNote(plan: EntryPlan, kind: Kind, isPodman: boolean): EntryPlan {
  const { command, context, environment, target } = plan;
  // In this machine's network localhost is what it was; and a script of that name may do anything.
  if (target.owner.networkMode === 'host' || !isOriginal(command.file)) return plan;
  const notes = commandNotes({
    words: command.words,
    kind,
    environment,
    context,
    configured: filesOf(kind, environment['HOME'] ?? '').some((file) => namesHost(kind, file)),
    lacking: lackingFor(kind, plan, isPodman),
  });
  return notes.length === 0 ? plan : { ...plan, notes: [...plan.notes, ...notes] };
}

/** Debian's clients of PostgreSQL are called by a script, which finds the one of the right version. */
const isOriginal = (file: string): boolean =>
  observeProgram(file).loader !== undefined || realPath(file).endsWith('/postgresql-common/pg_wrapper');

function realPath(file: string): string {
  try {
    return realpathSync(file);
  } catch {
    return file;
  }
}

function filesOf(kind: Kind, home: string): readonly string[] {
  return clientFiles[kind].flatMap((name) => {
    const path = name.replace(/^~/, home);
    try {
      return statSync(path).isDirectory() ? readdirSync(path).map((each) => join(path, each)) : [path];
    } catch {
      return [];
    }
  });
}

/** Where it cannot be read, it may. */
function namesHost(kind: Kind, file: string): boolean {
  try {
    return mayNameHost(kind, file, readFileSync(file, 'latin1'));
  } catch {
    return true;
  }
}

function lackingFor(kind: Kind, plan: EntryPlan, isPodman: boolean): readonly string[] {
  // What COMMAND does with packets is of a network of its own there.
  if (plan.tunnel !== undefined) return [];
  if (kind === 'capture') return lackingToCapture(plan);
  // An engine that has root lets every group in its containers ping (net.ipv4.ping_group_range), Podman one of its own.
  const isForbidden = kind === 'ping' && plan.identity.mapped && !isPodman;
  return isForbidden && !plan.capabilities.includes('net_raw') ? ['net_raw'] : [];
}

/** It may have rights of its own by its file, or its user's. */
function lackingToCapture({ identity, capabilities, command }: EntryPlan): readonly string[] {
  const { uid } = identity.become ?? caller().identity;
  const ownFile = (): boolean =>
    observeProgram(command.file).setId || hasAttribute(command.file, 'security.capability');
  if (!identity.mapped && (uid === 0 || ownFile())) return [];
  // In a user namespace it is root with a capability, and becomes the user that it was built for.
  const becomes = identity.mapped && command.file.endsWith('/tcpdump') && hasUser('tcpdump');
  const needed = ['net_raw', ...(becomes ? ['setuid', 'setgid'] : [])];
  return needed.filter((name) => !capabilities.some((each) => each === name));
}

function hasUser(name: string): boolean {
  try {
    return readFileSync('/etc/passwd', 'latin1')
      .split('\n')
      .some((line) => line.startsWith(`${name}:`));
  } catch {
    return false;
  }
}
