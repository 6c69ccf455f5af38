// The proxies that an environment names: one on localhost is this machine's outside, and the container's inside.
import type { Environment } from '../engine/engine-address.ts';
import { isWithin } from '../check/own-addresses.ts';
import { isAny, isLoopback } from '../check/socket-tables.ts';
import type { ListeningSocket } from '../check/socket-tables.ts';
import { isIP } from '../names/ip-address.ts';

export interface ProxyVariable {
  /** The variable. */
  readonly name: string;
  /** `127.0.0.1:3128`, without user and password. */
  readonly place: string;
  readonly host: string;
  readonly port: number | undefined;
}

const names = /^(?:(?:https?|all|ftp|socks|wss?)_proxy|npm_config_(?:https?_)?proxy)$/i;

/** @returns none where the environment says that none is to be used */
export function proxiesIn(env: Environment): readonly ProxyVariable[] {
  if (exceptions(env).includes('*')) return [];
  return Object.entries(env).flatMap(([name, value]) => (names.test(name) && value ? (read(name, value) ?? []) : []));
}

/** `http://user:password@127.0.0.1:3128/`, or parts of that. */
function read(name: string, value: string): ProxyVariable | undefined {
  const [, bracketed, plain, digits] =
    /^(?:[a-z][a-z0-9+.-]*:\/\/)?(?:[^/]*@)?(?:\[([^\]/]+)\]|([^:/]+))(?::(\d+))?(?:\/.*)?$/i.exec(value.trim()) ?? [];
  const host = bracketed ?? plain;
  if (host === undefined) return undefined;
  const place = `${bracketed === undefined ? host : `[${host}]`}${digits === undefined ? '' : `:${digits}`}`;
  return { name, place, host, port: digits === undefined ? undefined : Number(digits) };
}

/** @param hostName this machine's own, which stands in COMMAND's hosts file with a loopback address */
export const isLocal = ({ host }: ProxyVariable, hostName: string): boolean =>
  isIP(host)
    ? isLoopback(host) || isAny(host) || host.startsWith('::ffff:127.')
    : /^(?:.*\.)?localhost\.?$/i.test(host) || host.toLowerCase() === hostName.toLowerCase();

/** @param listeners what listens in the container's network; undefined where that may not be seen */
export const isServed = ({ port }: ProxyVariable, listeners: readonly ListeningSocket[] | undefined): boolean =>
  listeners?.some(
    (each) => each.transport === 'tcp' && each.port === port && (isLoopback(each.address) || isAny(each.address)),
  ) ?? false;

/** @param where whose network COMMAND is in: `web` */
export function proxyNote(proxies: readonly ProxyVariable[], where: string, isSeen: boolean): string {
  const variables = listed(proxies.map(({ name }) => name));
  const places = listed([...new Set(proxies.map(({ place }) => place))]);
  const verb = proxies.length === 1 ? 'points' : 'point';
  const nobody = isSeen ? ', where nothing is listening' : '';
  const it = proxies.length === 1 ? 'it' : 'them';
  const cure = proxies.map(({ name }) => `-e ${name}=`).join(' ');
  const ports = [...new Set(proxies.flatMap(({ port }) => port ?? []))];
  const here =
    ports.length === 0
      ? 'use '
      : `use ${ports.map((port) => `--reverse ${port}`).join(' ')} to reach this machine's, or `;
  return `${variables} ${verb} to ${places}, which is ${where}'s own localhost there${nobody}; ${here}${cure} to run without ${it}`;
}

const listed = (words: readonly string[]): string =>
  words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;

/** The proxy by which programs go to a URL. */
export function proxyFor(scheme: 'http' | 'https', host: string, env: Environment): ProxyVariable | undefined {
  const wanted = [`${scheme}_proxy`, `${scheme}_PROXY`.toUpperCase(), 'all_proxy', 'ALL_PROXY'];
  const found = wanted.find((name) => env[name]);
  const isExcepted = host === 'localhost' || isLoopback(host) || exceptions(env).some((each) => covers(each, host));
  return found === undefined || isExcepted ? undefined : read(found, env[found] ?? '');
}

const exceptions = (env: Environment): readonly string[] =>
  (env['no_proxy'] || env['NO_PROXY'] || '').split(/[\s,]+/).filter((each) => each !== '');

/** `corp.test` and `.corp.test` cover `wiki.corp.test`; networks count for addresses. */
function covers(exception: string, host: string): boolean {
  if (exception === '*') return true;
  if (exception.includes('/')) return isWithin(host, exception);
  const name = exception
    .replace(/:\d+$/, '')
    .replace(/^\*?\./, '')
    .toLowerCase();
  return host.toLowerCase() === name || host.toLowerCase().endsWith(`.${name}`);
}
