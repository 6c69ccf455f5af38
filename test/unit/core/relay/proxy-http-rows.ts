// What happens to a connection of --proxy, and what is to be said to whom: by HTTP, or what might be.
import { bytes } from './proxy-rows.ts';
import type { Row } from './proxy-rows.ts';

const got = (status: string, sentence: string): string => {
  const fields = `Content-Type: text/plain; charset=utf-8\r\nContent-Length: ${sentence.length + 10}\r\nConnection: close`;
  return `HTTP/1.1 ${status}\r\n${fields}\r\n\r\nnetexec: ${sentence}\n`;
};
const get = (url: string, ...fields: readonly string[]): string =>
  [`GET ${url} HTTP/1.1`, ...fields, '', ''].join('\r\n');

const refused = 'web:80: connection refused: nothing is listening there';

const nonsense = got('400 Bad Request', 'this is not a proxy request');
const noPort = got('400 Bad Request', 'CONNECT needs HOST:PORT');
const noHost = got('400 Bad Request', 'the address has no HOST or HOST:PORT');
const noEnd = got(
  '501 Not Implemented',
  'cannot tell where this request ends: send one Content-Length, or use chunked encoding',
);
const toWeb = 'GET / HTTP/1.1\r\nHost: web\r\nConnection: close\r\n\r\n';

export const httpRows: Readonly<Record<string, Row>> = {
  CONNECT: {
    happens: [
      ['client', 'CONNECT web:443 HTTP/1.1\r\nHost: web:443\r\n\r\nhello'],
      'reached',
      ['client', 'more'],
      ['server', 'answer'],
    ],
    client: 'HTTP/1.1 200 Connection established\r\n\r\nanswer',
    server: 'hellomore',
    asked: 'web 443',
    state: 'joined',
  },
  'CONNECT, to an address of IPv6': {
    happens: [['client', 'CONNECT [fd00::2]:443 HTTP/1.0\n\n']],
    asked: 'fd00::2 443',
    state: 'asked',
  },
  'CONNECT, refused': {
    happens: [['client', 'CONNECT web:80 HTTP/1.1\r\n\r\n'], { error: 'ECONNREFUSED' }],
    client: got('502 Bad Gateway', refused),
    asked: 'web 80',
  },
  'CONNECT, without a port': {
    happens: [['client', 'CONNECT web HTTP/1.1\r\n\r\n']],
    client: noPort,
  },
  'CONNECT, to port 0': {
    happens: [['client', 'CONNECT web:0 HTTP/1.1\r\n\r\n']],
    client: noPort,
  },
  'an address': {
    happens: [
      [
        'client',
        get(
          'http://web:8080/a?b=c',
          'Host: other',
          'User-Agent: u',
          'Proxy-Connection: keep-alive',
          'Proxy-Authorization: secret',
          'Connection: X-Mine, close, Content-Length',
          'X-Mine: 1',
          'Keep-Alive: 5',
          'TE: trailers',
          'Cookie: \xe9',
        ),
      ],
      'reached',
      [
        'server',
        'HTTP/1.1 200 OK\r\nConnection: keep-alive, X-Its\r\nKeep-Alive: 5\r\nX-Its: 1\r\nX-More: 2\r\n\r\nbody',
      ],
      ['server', 'more'],
      ['client', 'GET http://other/ HTTP/1.1\r\n\r\n'],
    ],
    client: 'HTTP/1.1 200 OK\r\nConnection: close\r\nX-More: 2\r\n\r\nbodymore',
    server: 'GET /a?b=c HTTP/1.1\r\nHost: web:8080\r\nConnection: close\r\nUser-Agent: u\r\nCookie: \xe9\r\n\r\n',
    asked: 'web 8080',
    state: 'asked',
  },
  'an address without a path, with another case': {
    happens: [['client', get('HTTP://Web?a')]],
    server: 'GET /?a HTTP/1.1\r\nHost: Web\r\nConnection: close\r\n\r\n',
    asked: 'Web 80',
    state: 'asked',
  },
  'an address of IPv6': {
    happens: [['client', get('http://[::1]:81/')]],
    server: 'GET / HTTP/1.1\r\nHost: [::1]:81\r\nConnection: close\r\n\r\n',
    asked: '::1 81',
    state: 'asked',
  },
  'a method with a hyphen': {
    happens: [['client', 'VERSION-CONTROL http://web/ HTTP/1.1\r\n\r\n']],
    server: toWeb.replace('GET', 'VERSION-CONTROL'),
    asked: 'web 80',
    state: 'asked',
  },
  'OPTIONS of a whole server': {
    happens: [['client', 'OPTIONS http://web HTTP/1.1\r\n\r\n']],
    server: 'OPTIONS * HTTP/1.1\r\nHost: web\r\nConnection: close\r\n\r\n',
    asked: 'web 80',
    state: 'asked',
  },
  'a field that goes on in the next line': {
    happens: [['client', get('http://web/', 'Proxy-A: 1', '  2', 'B: 1', '\t2')]],
    server: 'GET / HTTP/1.1\r\nHost: web\r\nConnection: close\r\nB: 1 2\r\n\r\n',
    asked: 'web 80',
    state: 'asked',
  },
  'a body of a length, and what is behind it': {
    happens: [
      ['client', `${get('http://web/', 'Content-Length: 4').replace('GET', 'POST')}bo`],
      'reached',
      ['client', 'dyGET http://other/ HTTP/1.1'],
    ],
    server: 'POST / HTTP/1.1\r\nHost: web\r\nConnection: close\r\nContent-Length: 4\r\n\r\nbody',
    asked: 'web 80',
    state: 'asked',
  },
  'a body in chunks, and what is behind it': {
    happens: [
      [
        'client',
        `${get('http://web/', 'Transfer-Encoding: chunked').replace('GET', 'POST')}4;x=y\r\nbody\r\n0a\r\n0123456789\r\n0\r\nT: 1\r\n\r\nGET http`,
      ],
    ],
    server:
      'POST / HTTP/1.1\r\nHost: web\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n4;x=y\r\nbody\r\n0a\r\n0123456789\r\n0\r\nT: 1\r\n\r\n',
    asked: 'web 80',
    state: 'asked',
  },
  'chunks that are none': {
    happens: [['client', get('http://web/', 'Transfer-Encoding: chunked')], 'reached', ['client', 'x\r\n']],
    client: nonsense,
    server: 'GET / HTTP/1.1\r\nHost: web\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n',
    asked: 'web 80',
  },
  'a WebSocket': {
    happens: [
      ['client', get('ws://web/', 'Connection: keep-alive, Upgrade', 'Upgrade: websocket', 'Sec-WebSocket-Key: k')],
      'reached',
      ['server', 'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\nframe'],
      ['client', 'its frame'],
    ],
    client: 'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\nframe',
    server:
      'GET / HTTP/1.1\r\nHost: web\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: k\r\n\r\nits frame',
    asked: 'web 80',
    state: 'joined',
  },
  'a WebSocket that is refused': {
    happens: [
      ['client', get('http://web/', 'Connection: Upgrade', 'Upgrade: websocket')],
      'reached',
      ['server', 'HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n'],
      ['client', 'GET http://other/ HTTP/1.1\r\n\r\n'],
    ],
    client: 'HTTP/1.1 404 Not Found\r\nConnection: close\r\nContent-Length: 0\r\n\r\n',
    server: 'GET / HTTP/1.1\r\nHost: web\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n',
    asked: 'web 80',
  },
  'an answer behind others that come first': {
    happens: [
      ['client', get('http://web/')],
      'reached',
      [
        'server',
        'HTTP/1.1 103 Early Hints\r\nLink: a\r\n\r\nHTTP/1.1 100 Continue\r\n\r\nHTTP/1.0 204 No Content\r\n\r\n',
      ],
    ],
    client:
      'HTTP/1.1 103 Early Hints\r\nLink: a\r\n\r\nHTTP/1.1 100 Continue\r\n\r\nHTTP/1.0 204 No Content\r\nConnection: close\r\n\r\n',
    server: toWeb,
    asked: 'web 80',
    state: 'asked',
  },
  'a server that speaks no HTTP': {
    happens: [['client', get('http://web/')], 'reached', ['server', '-ERR unknown\r\n'], ['server', 'more']],
    client: got('502 Bad Gateway', 'web:80: the server there does not speak HTTP'),
    server: toWeb,
    asked: 'web 80',
  },
  'a server that does not answer': {
    happens: [['client', get('http://web/')], 'reached', ['server', 'HTTP/1.1 200'], 'server ended'],
    client: got('502 Bad Gateway', 'web:80: the server closed the connection without a response'),
    server: toWeb,
    asked: 'web 80',
  },
  'a server that is not reached in time': {
    happens: [['client', get('http://web/')], { error: 'ETIMEDOUT' }],
    client: got('504 Gateway Timeout', 'web:80: no answer'),
    server: toWeb,
    asked: 'web 80',
  },
  'a page of its own': {
    happens: [['client', get('/')]],
    client: got(
      '400 Bad Request',
      'this is a proxy, not a web page: give its address to a browser or to curl -x, and request http://SERVICE/',
    ),
  },
  'a scheme that takes CONNECT': {
    happens: [['client', get('https://web/')]],
    client: got('501 Not Implemented', 'this proxy fetches only http://; use CONNECT for https://'),
  },
  'an address without a host': {
    happens: [['client', get('http:///a')]],
    client: noHost,
  },
  'an address with a password': {
    happens: [['client', get('http://me:secret@web/')]],
    client: noHost,
  },
  'two lengths': {
    happens: [['client', get('http://web/', 'Content-Length: 1', 'Content-Length: 2')]],
    client: noEnd,
  },
  'a length, and chunks': {
    happens: [['client', get('http://web/', 'Content-Length: 1', 'Transfer-Encoding: chunked')]],
    client: noEnd,
  },
  // What else counts as white space is no such thing in HTTP: a server behind might read another length.
  'a length, and a vertical tab': {
    happens: [['client', get('http://web/', 'Content-Length: \v1')]],
    client: noEnd,
  },
  'a length, and a blank of no break': {
    happens: [['client', get('http://web/', 'Content-Length: 1\u00A0')]],
    client: noEnd,
  },
  'chunks, and a form feed': {
    happens: [['client', get('http://web/', 'Transfer-Encoding: chunked\f')]],
    client: noEnd,
  },
  'a length, between blanks and tabs': {
    happens: [['client', get('http://web/', 'Content-Length:\t 1 \t')]],
    server: 'GET / HTTP/1.1\r\nHost: web\r\nConnection: close\r\nContent-Length:\t 1 \t\r\n\r\n',
    asked: 'web 80',
    state: 'asked',
  },
  'HTTP/2': {
    happens: [['client', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n']],
    client: got('505 HTTP Version Not Supported', 'this proxy only supports HTTP/1.0 and HTTP/1.1'),
  },
  TLS: { happens: [['client', bytes(0x16, 3, 1)]], client: nonsense },
  SSH: {
    happens: [['client', 'SSH-2.0-OpenSSH_9.2\r\n\r\n']],
    client: nonsense,
  },
  'a field that is none': {
    happens: [['client', get('http://web/', 'no field')]],
    client: nonsense,
  },
  'a field with a line of its own': {
    happens: [['client', get('http://web/', 'A: 1\rB: 2')]],
    client: nonsense,
  },
  'a head without end': {
    happens: [['client', `GET http://web/ HTTP/1.1\r\nA: ${'a'.repeat(70_000)}`]],
    client: got('431 Request Header Fields Too Large', 'the header of this request is too long'),
  },
};
