// Has Compose itself read the files: `docker compose config` knows of includes, variables and profiles. It takes a while.
import * as z from 'zod/mini';
import { decode, parseJson } from '../../core/json/decode.ts';
import type { ComposeLocation } from '../../core/compose/project.ts';
import { ask } from '../process/ask.ts';
import type { Answer } from '../process/ask.ts';

const schema = z.object({
  name: z.string(),
  services: z.nullish(z.record(z.string(), z.nullish(z.object({ profiles: z.nullish(z.array(z.string())) })))),
  networks: z.nullish(
    z.record(
      z.string(),
      z.object({ name: z.string(), internal: z.optional(z.boolean()), external: z.optional(z.boolean()) }),
    ),
  ),
});

/** @returns undefined where Compose is missing, or refuses the files, or would need what netexec has read already */
export async function askCompose(
  { words }: ComposeLocation,
  options: readonly string[],
): Promise<z.infer<typeof schema> | undefined> {
  const asked = await askComposeText(words, options, ['--format', 'json']);
  if (asked === undefined || !asked.ok) return undefined;
  const decoded = decode(schema, parseJson(asked.stdout));
  return decoded.ok ? decoded.value : undefined;
}

/**
 * @param words of the location
 * @param options of Compose's, before its command
 * @param what of `docker compose config`
 * @param seconds it may take: by ssh Compose logs in first
 */
export async function askComposeText(
  words: ComposeLocation['words'],
  options: readonly string[],
  what: readonly string[],
  seconds = 5,
): Promise<Answer | undefined> {
  if (words === undefined) return undefined;
  const asking = ['docker', 'compose', ...options, ...words, 'config', ...what] as const;
  // With it set, compose would take itself for the plugin that docker started.
  return ask(seconds, asking, { DOCKER_CLI_PLUGIN_ORIGINAL_CLI_COMMAND: undefined });
}
