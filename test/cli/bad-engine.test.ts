// Engines that misbehave, or that are no engines: each must be told from the others, in words.
import { chmodSync } from 'node:fs';
import { userInfo } from 'node:os';
import { gzipSync } from 'node:zlib';
import { fakeEngine } from '../fake-engine.ts';
import type { Reply, Wishes } from '../fake-engine.ts';
import { recordingWith } from '../recordings.ts';
import { idOf } from './fake-container.ts';
import { asOrdinaryUser, isRoot, usePlugin, withDefaultEngine } from './place.ts';
import type { Place } from './place.ts';
import { refusals } from './refusals.ts';

const plugin = usePlugin();
const ordinaryUser = isRoot ? 'nobody' : userInfo().username;

const engine =
  (wishes: Wishes = {}) =>
  async (place: Place): Promise<void> => {
    const fake = await fakeEngine(recordingWith(), place.socket, wishes);
    place.cleanUp(() => fake.close());
  };
const replies = (reply: Reply) => engine({ reply: () => reply });
const repliesToInspect = (reply: Reply) =>
  engine({ reply: (request) => (request === 'GET /containers/json' ? undefined : reply) });

const words = ['-p', 'shop', 'web', 'true'];
const isRunning = 'hint: is it running? Try docker version, or docker context ls';
const isDocker = 'hint: is a Docker engine listening there? Try docker version';
const inspectWeb = `GET /containers/${idOf('shop-web-1')}/json`;
const nonsense = (problem: string, request = 'GET /containers/json'): readonly string[] => [
  `netexec: unexpected response from the engine to ${request}: ${problem}`,
  isDocker,
];
const cutOff = 'the connection ended before the response was complete';
/** web's network is the database's, and that is web's. */
const inACircle = Object.fromEntries(
  [
    ['shop-web-1', 'shop-postgres-1'],
    ['shop-postgres-1', 'shop-web-1'],
  ].map(([name = '', other = '']) => {
    const container = recordingWith().containers[name] ?? {};
    const HostConfig = { ...(container['HostConfig'] as object), NetworkMode: `container:${idOf(other)}` };
    return [`GET /containers/${idOf(name)}/json`, { status: 200, json: { ...container, HostConfig } }];
  }),
);
const gzipped = (text: string): Buffer => {
  const body = gzipSync(text);
  const head = `HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: ${body.length}\r\n\r\n`;
  return Buffer.concat([Buffer.from(head), body]);
};
const http = (head: string, body: string): Reply => ({ bytes: `HTTP/1.1 ${head}\r\n\r\n${body}` });

refusals(plugin, 'an engine', [
  {
    name: 'that is not there',
    words,
    prepare: (place) => withDefaultEngine(place),
    says: [
      'netexec: cannot connect to the engine at unix://TMP/engine.sock (from DOCKER_HOST): no such socket',
      isRunning,
    ],
  },
  {
    name: 'whose socket is a file',
    words,
    prepare: (place) => {
      place.write('engine.sock', '');
      withDefaultEngine(place);
    },
    says: [
      'netexec: cannot connect to the engine at unix://TMP/engine.sock (from DOCKER_HOST): connection refused',
      isRunning,
    ],
  },
  {
    name: 'that nobody listens for',
    words,
    prepare: (place) => {
      place.env['DOCKER_HOST'] = 'tcp://127.0.0.1:1';
      withDefaultEngine(place);
    },
    says: [
      'netexec: cannot connect to the engine at tcp://127.0.0.1:1 (from DOCKER_HOST): connection refused',
      isRunning,
    ],
  },
  {
    name: 'that is not there, where docker by itself finds one',
    words,
    prepare: async (place) => {
      await engine()(place);
      withDefaultEngine(place, place.socket);
      place.env['DOCKER_HOST'] = 'unix:///none';
    },
    says: [
      'netexec: cannot connect to the engine at unix:///none (from DOCKER_HOST): no such socket',
      'hint: is it running? To use an engine that answers: unset DOCKER_HOST',
    ],
  },
  {
    name: 'that may not be talked to',
    words,
    prepare: async (place) => {
      await engine()(place);
      chmodSync(place.socket, 0);
      place.wrapper = asOrdinaryUser;
    },
    says: [
      `netexec: ${ordinaryUser} cannot connect to the engine: permission denied on TMP/engine.sock`,
      `hint: join the group that owns it (often: sudo usermod -aG docker ${ordinaryUser}, then log in again), or use sudo docker --config INSTALLED --host unix://TMP/engine.sock netexec`,
    ],
  },
  { name: 'that hangs up at once', words, prepare: engine({ hangUp: true }), says: nonsense(cutOff) },
  { name: 'that hangs up without an answer', words, prepare: replies({ bytes: '' }), says: nonsense(cutOff) },
  {
    name: 'that is not HTTP',
    words,
    prepare: replies({ bytes: 'SSH-2.0-OpenSSH_9.2\r\n' }),
    says: nonsense('not HTTP'),
  },
  {
    name: 'that gives half an answer',
    words,
    prepare: replies(http('200 OK\r\nContent-Length: 1000', '[{"Id":')),
    says: nonsense(cutOff),
  },
  {
    name: 'that gives half an answer, in chunks',
    words,
    prepare: replies(http('200 OK\r\nTransfer-Encoding: chunked', '7\r\n[{"Id":\r\n')),
    says: nonsense(cutOff),
  },
  {
    name: 'that gives half an answer about the container',
    words,
    prepare: repliesToInspect(http('200 OK\r\nContent-Length: 1000', '{"Id":')),
    says: nonsense(cutOff, inspectWeb),
  },
  {
    name: 'that gives something that is not JSON',
    words,
    prepare: replies(http('200 OK\r\nContent-Length: 6', '<html>')),
    says: nonsense('top level: expected array'),
  },
  {
    name: 'that gives nothing',
    words,
    prepare: replies(http('200 OK\r\nContent-Length: 0', '')),
    says: nonsense('top level: expected array'),
  },
  {
    name: 'that gives JSON of another shape',
    words,
    prepare: replies({ status: 200, json: [{}] }),
    says: nonsense('0.Id: expected string'),
  },
  {
    name: 'that gives a container of another shape',
    words,
    prepare: repliesToInspect({ status: 200, json: { ...recordingWith().containers['shop-web-1'], State: {} } }),
    says: nonsense('State.Status: expected string', inspectWeb),
  },
  {
    name: 'that fails, with words that steer the terminal',
    words,
    prepare: replies({ status: 500, json: { message: 'out of memory\n\u001B[31m' } }),
    says: [String.raw`netexec: the engine answered GET /containers/json with status 500: out of memory\n\u001b[31m`],
  },
  {
    name: 'that fails without a word',
    words,
    prepare: replies({ status: 503, json: '' }),
    says: ['netexec: the engine answered GET /containers/json with status 503'],
  },
  {
    name: 'that refuses',
    words,
    prepare: replies({ status: 403, json: { message: 'not you' } }),
    says: ['netexec: the engine answered GET /containers/json with status 403: not you'],
  },
  {
    name: 'that says there is no such page',
    words,
    prepare: replies({ status: 404, json: 'no page' }),
    says: ['netexec: the engine answered GET /containers/json with status 404: no page'],
  },
  {
    name: 'that fails to tell of the container',
    words,
    prepare: repliesToInspect({ status: 500, json: { message: 'no disk' } }),
    says: [`netexec: the engine answered ${inspectWeb} with status 500: no disk`],
  },
  {
    name: 'that sends elsewhere, where netexec must not go',
    words,
    prepare: replies(http('301 Moved\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0', '')),
    says: ['netexec: the engine answered GET /containers/json with status 301'],
  },
  {
    name: 'that fails with a book of words',
    words,
    prepare: replies({ status: 500, json: { message: 'no '.repeat(10_000) } }),
    says: [`netexec: the engine answered GET /containers/json with status 500: ${'no '.repeat(134).slice(0, 400)}…`],
  },
  {
    name: 'that goes on in another protocol',
    words,
    prepare: replies(http('101 Switching Protocols\r\nUpgrade: tcp', '[]')),
    says: ['netexec: the engine answered GET /containers/json with status 101'],
  },
  {
    name: 'that says two lengths',
    words,
    prepare: replies(http('200 OK\r\nContent-Length: 2\r\nContent-Length: 3', '[] ')),
    says: nonsense('not HTTP'),
  },
  {
    name: 'that says a length below zero',
    words,
    prepare: replies(http('200 OK\r\nContent-Length: -2', '[]')),
    says: nonsense('not HTTP'),
  },
  {
    name: 'that says a length beyond all bounds',
    words,
    prepare: replies(http('200 OK\r\nContent-Length: 99999999999', '[]')),
    says: nonsense('the response is too long'),
  },
  {
    name: 'that says too short a length',
    words,
    prepare: replies(http('200 OK\r\nContent-Length: 1', '[]')),
    says: nonsense('top level: expected array'),
  },
  {
    name: 'that compresses what it says',
    words,
    prepare: replies({ bytes: gzipped('[]') }),
    says: nonsense('top level: expected array'),
  },
  {
    name: 'whose containers share the network of each other',
    words,
    prepare: engine({ reply: (request) => inACircle[request] }),
    says: nonsense('HostConfig.NetworkMode: circular reference', `GET /containers/${idOf('shop-postgres-1')}/json`),
  },
]);

const page = (title: string): string =>
  `<html><body><h1>${title}</h1>\nBy rules of an administrator.\n</body></html>\n`;
const asPage = (status: string): Reply =>
  http(`${status}\r\nContent-Type: text/html\r\nConnection: close`, page(status));
const refuses = (request: string): string =>
  `netexec: something in front of the engine, probably a proxy, rejected ${request} with status 403`;

refusals(plugin, 'a proxy before the engine', [
  {
    name: 'that refuses the list, with a page',
    words,
    prepare: replies(asPage('403 Forbidden')),
    says: [refuses('GET /containers/json'), 'hint: allow /containers in the proxy (docker-socket-proxy: CONTAINERS=1)'],
  },
  {
    name: 'that refuses the list, with a word',
    words,
    prepare: replies(http('403 Forbidden\r\nContent-Length: 9', 'Forbidden')),
    says: [refuses('GET /containers/json'), 'hint: allow /containers in the proxy (docker-socket-proxy: CONTAINERS=1)'],
  },
  {
    name: 'that refuses the networks',
    words: ['-p', 'shop', '--list-networks'],
    prepare: engine({ reply: (request) => (request === 'GET /networks' ? asPage('403 Forbidden') : undefined) }),
    says: [
      refuses('GET /networks'),
      'hint: allow /containers, /networks in the proxy (docker-socket-proxy: CONTAINERS=1 NETWORKS=1)',
    ],
  },
  {
    name: 'that reaches no engine',
    words,
    prepare: replies(asPage('502 Bad Gateway')),
    says: [
      'netexec: something in front of the engine, probably a proxy, answered GET /containers/json with status 502',
      'hint: is the engine behind the proxy running?',
    ],
  },
]);
