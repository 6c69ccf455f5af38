// Looks up the user of --user, wherever the machine keeps its users.
import { fail, success } from '../../core/failure/failure.ts';
import type { Result } from '../../core/failure/failure.ts';
import type { Identity } from '../../core/entry/plan.ts';
import { ask } from '../process/ask.ts';

/** Seconds: the accounts may be kept elsewhere. */
const patience = 10;

/** @param text USER[:GROUP], each a name or a number, as in `docker exec --user` */
export async function findUser(text: string): Promise<Result<Identity>> {
  const [user = '', group] = text.split(':', 2);
  const entry = await lookUp('passwd', user);
  const uid = entry?.[2] ?? (isNumber(user) ? user : undefined);
  if (uid === undefined) return fail({ kind: 'user-unknown', user });
  const gid = group === undefined ? (entry?.[3] ?? uid) : await findGroup(group);
  if (gid === undefined) return fail({ kind: 'group-unknown', group: group ?? '' });
  // A group given outright stands alone, as it does for docker.
  const groups = entry === undefined || group !== undefined ? [gid] : await groupsOf(entry[0] ?? user, gid);
  return success({ uid: Number(uid), gid: Number(gid), groups: groups.map(Number) });
}

async function findGroup(group: string): Promise<string | undefined> {
  const entry = await lookUp('group', group);
  return entry?.[2] ?? (isNumber(group) ? group : undefined);
}

async function groupsOf(user: string, gid: string): Promise<readonly string[]> {
  const { ok, stdout } = await ask(patience, ['id', '-G', '--', user]);
  return ok ? stdout.split(' ') : [gid];
}

/** An entry of the user database (getent(1)), its fields apart. musl's getent takes `--` for a key, so no key may look like an option. */
async function lookUp(database: 'passwd' | 'group', key: string): Promise<readonly string[] | undefined> {
  if (/^(-|$)/.test(key)) return undefined;
  const { ok, stdout } = await ask(patience, ['getent', database, key]);
  return ok ? stdout.split('\n')[0]?.split(':') : undefined;
}

const isNumber = (text: string): boolean => /^\d{1,10}$/.test(text) && Number(text) < 2 ** 32 - 1;
