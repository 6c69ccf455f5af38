// Containers that netexec has the engine make: of an image that holds nothing, known by a label, and gone with their netexec.
import { existsSync } from 'node:fs';
import { emptyImageArchive, emptyImageId, helperImage, loadProblem } from '../../core/engine/empty-image.ts';
import { helperLabel, isContainerId, plainRuntime, readHelpers } from '../../core/engine/helper-specification.ts';
import { fail, success } from '../../core/failure/failure.ts';
import type { Failure, Result } from '../../core/failure/failure.ts';
import { startTime } from '../observe/prove-process.ts';
import { isLinux } from '../process/system.ts';
import { isLeft } from './supervisors.ts';
import { inJson, query } from './engine-actions.ts';
import type { EngineActions } from './engine-actions.ts';

/**
 * Has the engine make a container, and uses it.
 * @param image what `find` finds, which may be under way
 * @param specify the body of POST /containers/create; an undefined runtime is the engine's default
 * @param use is given its id
 * @param name of its own, where another is to be in its place
 */
export async function useOwnContainer<Value>(
  engine: EngineActions,
  image: Promise<Result<string>>,
  specify: (image: string, runtime: string | undefined) => object,
  use: (id: string) => Promise<Result<Value>>,
  name?: string,
  find = findImage,
): Promise<Result<Value>> {
  const useWith = async (found: Result<string>, runtime: string | undefined): Promise<Result<Value>> => {
    if (!found.ok) return found;
    const container = await create(engine, specify(found.value, runtime), name);
    return container.ok ? use(container.value) : container;
  };
  let used = await useWith(await image, plainRuntime);
  // Where two runs make the image at once, the tidying of one takes away that of the other.
  if (isMissing(used, /no such image/i)) used = await useWith(await find(engine), plainRuntime);
  const other = used.ok ? undefined : await otherRuntime(engine, used.failure);
  if (other === undefined) return used;
  const again = await useWith(await find(engine), undefined);
  const refused = !again.ok && again.failure.kind === 'engine-refused';
  return refused ? fail({ kind: 'runtime-fails', runtime: other, message: again.failure.message }) : again;
}

const isMissing = (answer: Result<unknown>, words = /^/): boolean =>
  !answer.ok &&
  answer.failure.kind === 'engine-refused' &&
  answer.failure.status === 404 &&
  words.test(answer.failure.message);

/** Where the engine has not the usual one, its default has to do. Podman knows of none in this place. */
async function otherRuntime(engine: EngineActions, failure: Failure): Promise<string | undefined> {
  if (failure.kind !== 'engine-refused' || !/runtime|runc/i.test(failure.message)) return undefined;
  const info = await engine.ask('GET /info');
  const { DefaultRuntime: name } = (info.ok ? info.value : {}) as { DefaultRuntime?: string };
  return name === plainRuntime ? undefined : name;
}

/** The one before may still be on its way out when --restart has the next one made. */
let createdBefore = 0;

/** In `docker ps` it tells whose it is. */
const ownName = (): string =>
  `docker-netexec-${process.pid}-${isLinux ? startTime('self') : Math.round(performance.timeOrigin)}-${(createdBefore += 1)}`;

async function create(engine: EngineActions, specification: object, name = ownName()): Promise<Result<string>> {
  const made = await engine.ask(`${creation}${query({ name })}`, inJson(specification));
  if (!made.ok) return made;
  const { Id: id } = made.value as { Id?: unknown };
  return isContainerId(id)
    ? success(id)
    : fail({ kind: 'engine-nonsense', request: creation, problem: 'Id: invalid format' });
}

const creation = 'POST /containers/create';

/** Those folders of this machine that may hold programs and their libraries. */
export const programFolders = (): readonly string[] =>
  ['/usr', '/bin', '/lib', '/lib64', '/nix'].filter((folder) => existsSync(folder));

export const removeContainer = (engine: EngineActions, id: string): Promise<unknown> =>
  engine.ask(`DELETE /containers/${id}?force=true`);

/** @returns the id of the empty image, which is made where it is missing, or where its name is another's */
export async function findImage(engine: EngineActions): Promise<Result<string>> {
  const inspect = (): Promise<Result<unknown>> => engine.ask(`GET /images/${helperImage}/json`);
  const before = await inspect();
  const present = before.ok ? emptyImageId(before.value) : undefined;
  if (present !== undefined) return success(present);
  const archive = { type: 'application/x-tar', text: emptyImageArchive(process.arch) };
  const progress = await engine.ask(`POST /images/load${query({ quiet: 'true' })}`, archive);
  if (!progress.ok) return progress;
  const made = await inspect();
  if (!made.ok && !isMissing(made)) return made;
  const id = made.ok ? emptyImageId(made.value) : undefined;
  if (id !== undefined) return success(id);
  const said = typeof progress.value === 'string' ? progress.value : JSON.stringify(progress.value);
  return fail({ kind: 'image-not-made', image: helperImage, there: made.ok, reason: loadProblem(said) });
}

/**
 * Those whose netexec has ended: they were made and never started, as it was killed in between, or their end was missed by an
 * engine that was started anew meanwhile and has let its containers live.
 */
export async function removeForgottenContainers(engine: EngineActions): Promise<void> {
  const filters = JSON.stringify({ label: [helperLabel] });
  const made = await engine.ask(`GET /containers/json${query({ all: 'true', filters })}`);
  for (const helper of made.ok ? readHelpers(made.value) : [])
    if (isLeft(helper)) await removeContainer(engine, helper.id);
}
