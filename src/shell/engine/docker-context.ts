// What docker's files say of contexts, where they say anything: which is in force, its document, and its TLS files.
import { readdirSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { join } from 'node:path/posix';
import { readContextDocument, readContextName } from '../../core/engine/docker-contexts.ts';
import type { ContextDocument } from '../../core/engine/docker-contexts.ts';
import { contextEngineAddress } from '../../core/engine/engine-address.ts';
import type { EngineAddress } from '../../core/engine/engine-address.ts';
import { fail, success } from '../../core/failure/failure.ts';
import type { Result } from '../../core/failure/failure.ts';
import { readDockerFile } from './docker-file.ts';

export { readDockerConfig } from '../../core/engine/docker-files.ts';

/** @param folder docker's configuration */
export function findContext(folder: string, context: string): Result<EngineAddress> {
  const document = readContext(folder, context);
  if (!document.ok) return document;
  const { tlsFolder } = document.value;
  const files = listFolder(tlsFolder);
  return files.ok ? contextEngineAddress(document.value, files.value) : files;
}

function readContext(folder: string, context: string): Result<ContextDocument> {
  const key = createHash('sha256').update(context).digest('hex');
  const file = join(folder, 'contexts', 'meta', key, 'meta.json');
  const read = readDockerFile(file);
  if ('text' in read)
    return readContextDocument(file, context, join(folder, 'contexts', 'tls', key, 'docker'), read.text);
  return fail(
    read.problem === undefined
      ? { kind: 'context-not-found', context, file, known: knownContexts(folder) }
      : { kind: 'docker-config-invalid', file, reason: read.problem },
  );
}

export function knownContexts(folder: string): readonly string[] {
  const meta = join(folder, 'contexts', 'meta');
  const keys = listFolder(meta);
  const names = (keys.ok ? keys.value : []).flatMap((key) => {
    const read = readDockerFile(join(meta, key, 'meta.json'));
    return 'text' in read ? (readContextName(read.text) ?? []) : [];
  });
  return ['default', ...names.toSorted()];
}

/** @returns nothing where there is no such folder, as docker has it; a file in its place has no others in it */
function listFolder(folder: string): Result<readonly string[]> {
  try {
    return success(readdirSync(folder));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return success([]);
    return fail({ kind: 'tls-file-unreadable', file: folder, reason: code ?? String(error) });
  }
}
