// What happens to a connection of --proxy, and what is to be said to whom: by SOCKS5.
import type { Side } from '../../../../src/core/relay/joined-streams.ts';
import type { DialogueState } from '../../../../src/core/relay/proxy-dialogue.ts';

/** What happens: bytes from a side, or that the server is there, is not, or has ended. */
export type Happening =
  | readonly [Side, string]
  | 'reached'
  | 'client ended'
  | 'server ended'
  | { readonly error: string };

export const bytes = (...each: readonly (number | string)[]): string =>
  each.map((one) => (typeof one === 'string' ? one : String.fromCharCode(one))).join('');

export const hello = bytes(5, 1, 0);
export const accepted = bytes(5, 0);
export const reply = (code: number): string => bytes(5, code, 0, 1, 0, 0, 0, 0, 0, 0);
export const web80 = bytes(5, 1, 0, 3, 3, 'web', 0, 80);
export interface Row {
  readonly happens: readonly Happening[];
  readonly client?: string;
  readonly server?: string;
  readonly asked?: string;
  readonly state?: DialogueState['kind'];
}

export const socksRows: Readonly<Record<string, Row>> = {
  'SOCKS5, with a name': {
    happens: [['client', hello + web80], 'reached', ['client', 'ask'], ['server', 'answer']],
    client: `${accepted}${reply(0)}answer`,
    server: 'ask',
    asked: 'web 80',
    state: 'joined',
  },
  'SOCKS5, with an address of IPv4, and more before it is reached': {
    happens: [
      ['client', bytes(5, 2, 0, 2)],
      ['client', `${bytes(5, 1, 0, 1, 172, 20, 0, 3, 0x1f, 0x90)}early`],
      'reached',
    ],
    client: accepted + reply(0),
    server: 'early',
    asked: '172.20.0.3 8080',
    state: 'joined',
  },
  'SOCKS5, with an address of IPv6': {
    happens: [['client', hello + bytes(5, 1, 0, 4, 0xfd, ...Array.from({ length: 14 }, () => 0), 2, 0, 80)]],
    client: accepted,
    asked: 'fd00::2 80',
    state: 'asked',
  },
  'SOCKS5, by no method that asks for nothing': { happens: [['client', bytes(5, 1, 2)]], client: bytes(5, 0xff) },
  'SOCKS5, to listen': {
    happens: [['client', hello + bytes(5, 2, 0, 1, 0, 0, 0, 0, 0, 0)]],
    client: accepted + reply(7),
  },
  'SOCKS5, for UDP': {
    happens: [['client', hello + bytes(5, 3, 0, 1, 0, 0, 0, 0, 0, 0)]],
    client: accepted + reply(7),
  },
  'SOCKS5, with an address of no kind': {
    happens: [['client', hello + bytes(5, 1, 0, 9, 0, 0, 0)]],
    client: accepted + reply(8),
  },
  'SOCKS5, with another version behind the greeting': {
    happens: [['client', `${hello}GET / HTTP`]],
    client: accepted + reply(1),
  },
  'SOCKS5, with a name that is none': {
    happens: [['client', hello + bytes(5, 1, 0, 3, 4, 'a\nb!', 0, 80)]],
    client: accepted + reply(4),
  },
  'SOCKS5, with port 0': {
    happens: [['client', hello + bytes(5, 1, 0, 3, 3, 'web', 0, 0)]],
    client: accepted + reply(4),
  },
  'SOCKS5, half a greeting': { happens: [['client', bytes(5, 2, 0)], 'client ended'] },
  SOCKS4: { happens: [['client', bytes(4, 1, 0, 80, 1, 2, 3, 4, 0)]], client: bytes(0, 0x5b, 0, 0, 0, 0, 0, 0) },
};
