// A COMMAND that this machine does not have: the container may have it, and is asked through the engine, which may look.
import type { Container } from '../../core/engine/containers.ts';
import type { Failure } from '../../core/failure/failure.ts';
import { query } from '../engine/engine-actions.ts';
import type { Engine } from '../engine/engine.ts';
import { exchange } from '../engine/http.ts';
import { transportTo } from '../engine/transport.ts';
import { inspect } from './observe-target.ts';

type NotFound = Failure & { readonly kind: 'command-not-found' };

/** The engine's own, where the container is configured with none. */
const usualPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** @returns the failure, with the line that runs it there, where the container has it */
export async function lookInside(
  failure: NotFound,
  command: readonly string[],
  container: Container,
  engine: Engine,
): Promise<NotFound> {
  const { id, name, compose } = container;
  // `.` is a folder of every folder.
  if (!/^(?!\.{1,2}$)[\w.+-]+$/.test(failure.command)) return failure;
  const configured = await inspect(id, engine, true);
  const variables = (configured.ok ? configured.value?.environment : undefined) ?? [];
  const path = variables.findLast((entry) => entry.startsWith('PATH='))?.slice('PATH='.length) ?? usualPath;
  const files = path.split(':').flatMap((folder) => (folder.startsWith('/') ? `${folder}/${failure.command}` : []));
  const found = await Promise.all(files.slice(0, 20).map((file) => hasFile(engine, id, file)));
  if (!found.includes(true)) return failure;
  const index = compose?.number === undefined || compose.number === 1 ? [] : ['--index', String(compose.number)];
  const exec =
    compose === undefined || compose.task !== undefined
      ? ['docker', 'exec', '-it', name]
      : ['docker', 'compose', '-p', compose.project, 'exec', ...index, compose.service];
  return { ...failure, inside: { container: compose?.service ?? name, line: [...exec, ...command] } };
}

/** For a hint alone: who hears no answer by then does without. */
const patience = { milliseconds: 1000 };

/** As `docker cp` asks whether a file is there. */
async function hasFile(engine: Engine, id: string, path: string): Promise<boolean> {
  const transport = transportTo(engine.endpoint);
  if (!transport.ok) return false;
  const socket = transport.value.openStream();
  socket.on('error', () => {});
  const head = [`HEAD /containers/${id}/archive${query({ path })} HTTP/1.1`, `Host: ${transport.value.name}`];
  try {
    const { status } = await exchange(
      socket,
      `${[...head, 'Connection: close'].join('\r\n')}\r\n\r\n`,
      patience.milliseconds,
    );
    return status === 200;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
