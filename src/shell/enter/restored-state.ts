// What COMMAND has of netexec's by itself where that starts it, and has to be given where it is started elsewhere: the folder
// and the priorities.
import { closeSync, constants, openSync } from 'node:fs';
import type { Lifelines } from '../../core/entry/lifelines.ts';
import type { EntryPlan } from '../../core/entry/plan.ts';
import { changeFolder } from '../process/libc.ts';
import { pathOnly } from '../files/path-only.ts';
import { observePriorities } from '../observe/caller-priorities.ts';

export async function prioritiesFor({
  tools,
}: EntryPlan): Promise<Pick<Lifelines, 'nice' | 'priorities' | 'securebits'>> {
  const { nice, words, securebits } = await observePriorities(tools.sh);
  return { nice, priorities: words, securebits };
}

/** The entry comes back to netexec's own folder: this one, meanwhile. @returns what goes back to where netexec was called */
export function enterFolder(folder: string | undefined): () => void {
  if (folder === undefined) return () => {};
  const before = openSync('.', pathOnly | constants.O_DIRECTORY);
  const goBack = (): void => {
    // --restart looks for the project from there; also where that folder has no name any more.
    changeFolder(before);
    closeSync(before);
  };
  try {
    process.chdir(folder);
    return goBack;
  } catch (error) {
    goBack();
    throw error;
  }
}
