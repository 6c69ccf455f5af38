// Which secrets and configs a service has, by Compose's own reading of its files.
import { normalize } from 'node:path/posix';
import * as z from 'zod/mini';
import { decode, parseJson } from '../json/decode.ts';
import type { DeclaredFile } from './service-files.ts';

const originSchema = z.object({
  file: z.optional(z.string()),
  environment: z.optional(z.string()),
  content: z.optional(z.string()),
});

const useSchema = z.nullish(
  z.array(
    z.object({
      source: z.string(),
      target: z.optional(z.string()),
      // Compose 2.26 tells a number, newer ones its octal digits.
      mode: z.optional(z.union([z.number(), z.string()])),
    }),
  ),
);
const sourceSchema = z.nullish(z.record(z.string(), originSchema));
const schema = z.object({
  services: z.record(z.string(), z.object({ secrets: useSchema, configs: useSchema })),
  secrets: sourceSchema,
  configs: sourceSchema,
});

/**
 * @param text of `docker compose config --format json`, where a dollar is two
 * @returns undefined where it is something else, or has no such service
 */
export function declaredFiles(text: string, service: string): readonly DeclaredFile[] | undefined {
  const decoded = decode(schema, parseJson(text.replaceAll('$$', '$')));
  const own = decoded.ok ? decoded.value.services[service] : undefined;
  if (!decoded.ok || own === undefined) return undefined;
  const { secrets, configs } = decoded.value;
  return [
    ...usedFiles('secret', own.secrets, secrets, '/run/secrets/'),
    ...usedFiles('config', own.configs, configs, '/'),
  ];
}

/** @param base where a target that is no path of its own is: as Compose has it */
const usedFiles = (
  what: DeclaredFile['what'],
  uses: z.infer<typeof useSchema>,
  sources: z.infer<typeof sourceSchema>,
  base: string,
): readonly DeclaredFile[] =>
  (uses ?? []).map(({ source, target = source, mode = 0o444 }) => ({
    what,
    name: source,
    target: normalize(target.startsWith('/') ? target : base + target),
    mode: ((typeof mode === 'string' ? Number.parseInt(mode, 8) : mode) & 0o444) | 0o400,
    from: sources?.[source] ?? {},
  }));
