// Where Compose's versions would find different projects: asks the one that is installed which it is.
import type { Environment } from '../../core/engine/engine-address.ts';
import { success } from '../../core/failure/failure.ts';
import type { Result } from '../../core/failure/failure.ts';
import { normalizeProjectName } from '../../core/compose/project.ts';
import { askCompose } from './ask-compose.ts';
import type { Located } from './compose-files.ts';
import { composeName } from './project-name.ts';

/** Without Compose, or where it refuses, it is as the newest versions do. */
export async function settleLocation({ other, ...location }: Located, env: Environment): Promise<Result<Located>> {
  if (other === undefined) return success(location);
  const name = await nameOf(location, env);
  const otherName = other.ok ? await nameOf(other.value, env) : undefined;
  if (other.ok && name === otherName && location.folder === other.value.folder) return success(location);
  const asked = (await askCompose(location, []))?.name;
  if (asked !== undefined && asked === name) return success(location);
  return other.ok && (asked === undefined || asked !== otherName) ? success(location) : other;
}

async function nameOf(location: Located, env: Environment): Promise<string | undefined> {
  const name = await composeName(location, env);
  return name.ok && name.value !== undefined ? normalizeProjectName(name.value.name) : undefined;
}
