// What --check is asked to reach: HOST, HOST:PORT or a URL → a host, a port, and what is spoken there.
import { fail, success } from '../failure/failure.ts';
import type { Result } from '../failure/failure.ts';
import { hostPort, isIP } from '../names/ip-address.ts';

export const protocols = ['tcp', 'http', 'postgres', 'redis', 'mysql', 'kafka'] as const;
export type Protocol = (typeof protocols)[number];

export interface CheckedEndpoint {
  /** As it was given, without user and password. */
  readonly text: string;
  readonly host: string;
  /** Undefined: whatever the service listens on. */
  readonly port: number | undefined;
  readonly protocol: Protocol;
  readonly tls: boolean;
  /** Only a guess from the port: another protocol is no fault then. */
  readonly guessed: boolean;
  /** For HTTP. */
  readonly path: string;
}

interface Scheme {
  readonly port: number | undefined;
  readonly protocol: Protocol;
  readonly tls?: boolean;
}

const schemes: Readonly<Record<string, Scheme>> = {
  tcp: { port: undefined, protocol: 'tcp' },
  tls: { port: undefined, protocol: 'tcp', tls: true },
  http: { port: 80, protocol: 'http' },
  ws: { port: 80, protocol: 'http' },
  https: { port: 443, protocol: 'http', tls: true },
  wss: { port: 443, protocol: 'http', tls: true },
  postgres: { port: 5432, protocol: 'postgres' },
  postgresql: { port: 5432, protocol: 'postgres' },
  redis: { port: 6379, protocol: 'redis' },
  rediss: { port: 6379, protocol: 'redis', tls: true },
  mysql: { port: 3306, protocol: 'mysql' },
  mariadb: { port: 3306, protocol: 'mysql' },
  kafka: { port: 9092, protocol: 'kafka' },
  amqp: { port: 5672, protocol: 'tcp' },
  mongodb: { port: 27_017, protocol: 'tcp' },
};

const usual: Readonly<Record<number, Scheme>> = {
  80: { port: 80, protocol: 'http' },
  443: { port: 443, protocol: 'http', tls: true },
  3000: { port: 3000, protocol: 'http' },
  3306: { port: 3306, protocol: 'mysql' },
  5432: { port: 5432, protocol: 'postgres' },
  6379: { port: 6379, protocol: 'redis' },
  8000: { port: 8000, protocol: 'http' },
  8080: { port: 8080, protocol: 'http' },
  8443: { port: 8443, protocol: 'http', tls: true },
  9092: { port: 9092, protocol: 'kafka' },
  9200: { port: 9200, protocol: 'http' },
};

/** @param flag what the failure names */
export function readEndpoints(texts: readonly string[], flag: string): Result<readonly CheckedEndpoint[]> {
  const wanted: CheckedEndpoint[] = [];
  for (const [index, text] of texts.entries()) {
    const endpoint = parseCheckedEndpoint(text);
    const host = texts[index - 1];
    if (/^\d{1,5}$/.test(text) && host !== undefined && host === wanted[index - 1]?.host)
      return fail({ kind: 'endpoint-parted', host, port: text });
    const expected = 'HOST, HOST:PORT with a port up to 65535, or a URL, such as https://api:8443';
    if (endpoint === undefined) return fail({ kind: 'invalid-value', flag, value: text, expected });
    wanted.push(endpoint);
  }
  return success(wanted);
}

/** @returns undefined where it is none of the three forms */
export function parseCheckedEndpoint(text: string): CheckedEndpoint | undefined {
  const match =
    /^(?:([a-z][a-z0-9+.-]*):\/\/)?(?:[^@/?#]*@)?(\[[^\]]+\]|[^:/?#@]*)(?::(\d{1,5}))?([/?][^#]*)?(?:#.*)?$/i.exec(
      text,
    );
  if (match === null) return undefined;
  const [, schemeName, bracketed = '', digits, tail] = match;
  const host = bracketed.replace(/^\[|\]$/g, '');
  // `postgres 5432` for `postgres:5432`: resolvers take a mere number for an address, and nobody has such a name.
  const valid = bracketed.startsWith('[') ? isIP(host) === 6 : /^(?!\d+$)[a-z0-9_][a-z0-9_.-]*$/i.test(host);
  const scheme = schemeName === undefined ? undefined : schemes[schemeName.toLowerCase()];
  if (!valid || (schemeName === undefined ? tail !== undefined : scheme === undefined)) return undefined;
  const port = digits === undefined ? scheme?.port : Number(digits);
  if (port === 0 || (port !== undefined && port > 65_535)) return undefined;
  const path = tail === undefined ? '/' : tail.startsWith('/') ? tail : `/${tail}`;
  const named = { host, path: scheme?.protocol === 'http' ? path : '/' };
  const endpoint = scheme === undefined ? guess(port) : { ...spoken(scheme), guessed: false };
  const shown = `${bracketed}${digits === undefined ? '' : `:${digits}`}`;
  return {
    ...named,
    port,
    ...endpoint,
    text: schemeName === undefined ? shown : `${schemeName}://${shown}${tail ?? ''}`,
  };
}

/** The same endpoint with a port that was found out. */
export function withPort(endpoint: CheckedEndpoint, port: number): CheckedEndpoint {
  const spokenThere = endpoint.guessed ? guess(port) : {};
  return { ...endpoint, ...spokenThere, port, text: hostPort(endpoint.host, port) };
}

function guess(port: number | undefined): Pick<CheckedEndpoint, 'protocol' | 'tls' | 'guessed'> {
  return { ...spoken(usual[port ?? 0] ?? { port, protocol: 'tcp' }), guessed: true };
}

const spoken = ({ protocol, tls = false }: Scheme): Pick<CheckedEndpoint, 'protocol' | 'tls'> => ({ protocol, tls });
