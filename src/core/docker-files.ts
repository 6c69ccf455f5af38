// docker's own files → what they say, read as docker reads them: its decoder is Go's, which takes keys in any case, the
// last of several, and null for nothing said (encoding/json).
import { fail, success } from './failure.ts';
import type { Result } from './failure.ts';

export interface DockerConfig {
  readonly currentContext: string | undefined;
  /** What docker warns of; it goes on then with what could be read. */
  readonly problem: string | undefined;
}

export interface ContextDocument {
  readonly name: string;
  /** Empty: docker's usual one. */
  readonly host: string;
  readonly skipTlsVerify: boolean;
  /** The folder for this context's ca.pem, cert.pem and key.pem. */
  readonly tlsFolder: string;
}

/** @param text of config.json. What stands behind the first value in it is not looked at. */
export function readDockerConfig(text: string): DockerConfig {
  const nothing = { currentContext: undefined, problem: undefined };
  if (text.trim() === '') return nothing;
  const json = parseFirst(text);
  if (!json.ok) return { ...nothing, problem: json.reason };
  if (json.value === null) return nothing;
  if (!isObject(json.value)) return { ...nothing, problem: 'the whole: expected object' };
  const current = fieldOf(json.value, 'currentContext');
  return current === undefined || typeof current === 'string'
    ? { ...nothing, currentContext: current }
    : { ...nothing, problem: 'currentContext: expected string' };
}

/** @param text of the meta.json of the context of that name */
export function readContextDocument(
  file: string,
  name: string,
  tlsFolder: string,
  text: string,
): Result<ContextDocument> {
  const invalid = (reason: string): Result<never> => fail({ kind: 'docker-config-invalid', file, reason });
  const json = parse(text);
  if (!json.ok) return invalid(json.reason);
  const endpoints = isObject(json.value) ? fieldOf(json.value, 'Endpoints') : undefined;
  // This key is of a map, and those are as they are written.
  const docker = isObject(endpoints) ? endpoints['docker'] : undefined;
  if (!isObject(docker)) return invalid('Endpoints.docker: expected object');
  const host = fieldOf(docker, 'Host') ?? '';
  if (typeof host !== 'string') return invalid('Endpoints.docker.Host: expected string');
  const skipTlsVerify = fieldOf(docker, 'SkipTLSVerify') ?? false;
  if (typeof skipTlsVerify !== 'boolean') return invalid('Endpoints.docker.SkipTLSVerify: expected boolean');
  return success({ name, host, skipTlsVerify, tlsFolder });
}

/** The name that a meta.json gives itself, for a list of what there is. */
export function readContextName(text: string): string | undefined {
  const json = parse(text);
  const name = json.ok && isObject(json.value) ? fieldOf(json.value, 'Name') : undefined;
  return typeof name === 'string' ? name : undefined;
}

type Parsed = { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly reason: string };

function parse(text: string): Parsed {
  try {
    return { ok: true, value: JSON.parse(text) as unknown };
  } catch (error) {
    // It quotes from the file, in which passwords may be.
    const reason = (error as Error).message.replace(/, "?\.{0,3}.*is not valid JSON$/s, '');
    return { ok: false, reason };
  }
}

function parseFirst(text: string): Parsed {
  const whole = parse(text);
  if (whole.ok) return whole;
  const first = parse(text.slice(0, endOfFirst(text)));
  return first.ok ? first : whole;
}

/** Where the first value ends, if it is one: at the bracket that closes it, or at what no number and no word has in it. */
function endOfFirst(text: string): number {
  let depth = 0;
  for (const { 0: token, index } of text.matchAll(/"(?:[^"\\]|\\.)*"|[{}[\]]|[^\s"{}[\],:]+/gs)) {
    if (token === '{' || token === '[') depth += 1;
    else if (token === '}' || token === ']') depth -= 1;
    if (depth <= 0) return index + token.length;
  }
  return text.length;
}

/** The last that says something, whatever its case. */
const fieldOf = (json: Readonly<Record<string, unknown>>, name: string): unknown =>
  Object.entries(json)
    .filter(([key, value]) => key.toLowerCase() === name.toLowerCase() && value !== null)
    .at(-1)?.[1];

const isObject = (json: unknown): json is Readonly<Record<string, unknown>> =>
  typeof json === 'object' && json !== null && !Array.isArray(json);
