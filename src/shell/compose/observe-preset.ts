// Looks for `x-netexec` in the Compose files: at the top, and in each service.
import { lstatSync, statSync } from 'node:fs';
import { LineCounter, isAlias, isMap, isScalar, parseDocument } from 'yaml';
import type { Document, YAMLMap } from 'yaml';
import type { ProjectRequest } from '../../core/arguments/argv.ts';
import { choosePreset } from '../../core/arguments/preset.ts';
import type { Preset, PresetEntry, PresetKey } from '../../core/arguments/preset.ts';
import { substitute } from '../../core/compose/interpolation.ts';
import type { Lookup } from '../../core/compose/interpolation.ts';
import { fail, success } from '../../core/failure/failure.ts';
import type { Result } from '../../core/failure/failure.ts';
import { shellWord } from '../../core/text/printable.ts';
import type { Caller } from '../observe/caller-environment.ts';
import { locateQuietly } from './project-of-folder.ts';

const key = 'x-netexec';

/** Nobody writes so much by hand; a parser would take minutes. */
const largest = 1024 * 1024;

/** @returns undefined where no file has it */
export function observePreset(request: ProjectRequest, caller: Caller): Result<Preset | undefined> {
  const { files, read, dotEnv } = locateQuietly(request, caller);
  const lookup: Lookup = (name) => caller.env[name] ?? dotEnv[name];
  const entries: PresetEntry[] = [];
  for (const file of files) {
    const text = read(file);
    if (text?.ok !== true || !text.text.includes(key) || text.text.length > largest) continue;
    const found = entriesIn(file, text.text, lookup);
    if (!found.ok) return found;
    const [entry] = found.value;
    const owner = entry === undefined || isNamed(request, caller) ? undefined : strangerOf(file, caller);
    if (entry !== undefined && owner !== undefined)
      return fail({
        kind: 'preset-invalid',
        file,
        line: entry.line,
        reason: `netexec does not use this x-netexec: the file belongs to another user (uid ${owner})`,
        hint: `if you trust the file, name it: -f ${shellWord(file)}`,
      });
    entries.push(...found.value);
  }
  return choosePreset(entries);
}

const isNamed = ({ files, projectDirectory }: ProjectRequest, { env }: Caller): boolean =>
  files.length > 0 || projectDirectory !== undefined || Boolean(env['COMPOSE_FILE']);

/**
 * It may say what is run, and is looked for in all folders above, /tmp too, where anybody may put one.
 * @returns the uid of its owner, where that is none of whom the caller goes by: himself, root, or whose the folder is
 */
function strangerOf(file: string, { env, folder }: Caller): number | undefined {
  try {
    const trusted = [process.getuid?.(), 0, Number(env['SUDO_UID'] ?? 0), ...(folder ? [statSync(folder).uid] : [])];
    return [lstatSync(file), statSync(file)].map(({ uid }) => uid).find((uid) => !trusted.includes(uid));
  } catch {
    // What was there a moment ago.
    return undefined;
  }
}

function entriesIn(file: string, text: string, lookup: Lookup): Result<readonly PresetEntry[]> {
  const lines = new LineCounter();
  const document = parseDocument(text, { logLevel: 'silent', merge: true, prettyErrors: false, lineCounter: lines });
  const [problem] = document.errors;
  const lineOf = (offset = 0): number => lines.linePos(offset).line;
  const wrong = (offset: number | undefined, reason: string): Result<never> =>
    fail({ kind: 'preset-invalid', file, line: lineOf(offset), reason, hint: undefined });
  if (problem !== undefined) return wrong(problem.pos[0], problem.message);
  const top = document.contents;
  const services = childOf(top, 'services', document);
  const owners = [
    [undefined, top] as const,
    ...(isMap(services) ? services.items.map((item) => [textOf(item.key), item.value] as const) : []),
  ];
  const found: PresetEntry[] = [];
  for (const [service, owner] of owners) {
    const map = resolved(owner, document);
    const item = isMap(map) ? itemOf(map, key) : undefined;
    if (item === undefined) continue;
    const offset = offsetOf(item.key);
    const entry = resolved(item.value, document);
    if (!isMap(entry)) return wrong(offset, 'x-netexec: expected keys, such as service: NAME');
    const keys: PresetKey[] = [];
    for (const each of entry.items) {
      const name = textOf(each.key);
      const written = toValue(each.value, document);
      const value = substituted(written, lookup);
      if (!value.ok) return wrong(offsetOf(each.key), `${name}: ${value.problem}`);
      keys.push({ name, line: lineOf(offsetOf(each.key)), value: value.value, written });
    }
    found.push({ file, line: lineOf(offset), service, keys });
  }
  return success(found);
}

const textOf = (node: unknown): string => (isScalar(node) ? String(node.value) : String(node));

const offsetOf = (node: unknown): number | undefined =>
  (node as { readonly range?: readonly number[] | null } | null)?.range?.[0];

const itemOf = (map: YAMLMap, name: string) => map.items.find((item) => textOf(item.key) === name);

const resolved = (node: unknown, document: Document): unknown => (isAlias(node) ? node.resolve(document) : node);

function childOf(owner: unknown, name: string, document: Document): unknown {
  const map = resolved(owner, document);
  return isMap(map) ? resolved(itemOf(map, name)?.value, document) : undefined;
}

/** A text, a number, a switch or a list of them; of anything else its kind is told by what it is not. */
function toValue(given: unknown, document: Document): unknown {
  const node = resolved(given, document);
  if (isScalar(node)) return node.value;
  const items = (node as { readonly items?: readonly unknown[] } | null)?.items;
  return items === undefined || isMap(node)
    ? undefined
    : items.map((item) => {
        const each = resolved(item, document);
        return isScalar(each) ? each.value : undefined;
      });
}

type Substituted = { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly problem: string };

function substituted(value: unknown, lookup: Lookup): Substituted {
  if (typeof value === 'string') return substitute(value, lookup);
  if (!Array.isArray(value)) return { ok: true, value };
  const each = value.map((item) => substituted(item, lookup));
  return each.find(({ ok }) => !ok) ?? { ok: true, value: each.map((item) => (item.ok ? item.value : '')) };
}
