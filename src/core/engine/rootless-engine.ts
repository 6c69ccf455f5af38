// Whether an engine is a rootless one, by its account of itself.
import * as z from 'zod/mini';
import { decode } from '../json/decode.ts';

// docker has it among its security options, Podman a word of its own for it.
const schema = z.object({
  SecurityOptions: z.nullish(z.array(z.string())),
  Rootless: z.nullish(z.boolean()),
});

/** @param info the answer to GET /info */
export function isRootlessEngine(info: unknown): boolean {
  const decoded = decode(schema, info);
  if (!decoded.ok) return false;
  const { SecurityOptions: options, Rootless: rootless } = decoded.value;
  return rootless === true || (options ?? []).some((option) => /^name=rootless(,|$)/.test(option));
}
