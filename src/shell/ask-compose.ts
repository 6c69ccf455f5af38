// Has Compose itself read the files: `docker compose config` knows of includes, variables and profiles. It takes a while.
import { execa } from 'execa';
import * as z from 'zod/mini';
import { decode } from '../core/decode.ts';
import type { ComposeLocation } from '../core/project.ts';
import { begin } from './trace.ts';

const schema = z.object({
  name: z.string(),
  services: z.nullish(z.record(z.string(), z.unknown())),
  networks: z.nullish(
    z.record(
      z.string(),
      z.object({ name: z.string(), internal: z.optional(z.boolean()), external: z.optional(z.boolean()) }),
    ),
  ),
});

/** @returns undefined where Compose is missing, or refuses the files */
export async function askCompose(
  location: ComposeLocation,
  options: readonly string[],
): Promise<z.infer<typeof schema> | undefined> {
  const files = location.files.flatMap((file) => ['--file', file]);
  const folder = location.folder === undefined ? [] : ['--project-directory', location.folder];
  const answered = begin('docker compose config');
  const asked = await execa('docker', ['compose', ...options, ...files, ...folder, 'config', '--format', 'json'], {
    reject: false,
    timeout: 5000,
    stdin: 'ignore',
    // With it set, compose would take itself for the plugin that docker started.
    env: { DOCKER_CLI_PLUGIN_ORIGINAL_CLI_COMMAND: undefined },
  });
  answered();
  if (asked.failed) return undefined;
  const decoded = decode(schema, parseJson(asked.stdout));
  return decoded.ok ? decoded.value : undefined;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
