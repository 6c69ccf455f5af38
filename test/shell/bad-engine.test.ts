// Engines that misbehave, or that are no engines: each must be told from the others, in words.
import assert from 'node:assert/strict';
import { chmodSync, cpSync, readFileSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fakeEngine } from '../fake-engine.ts';
import type { Reply, Wishes } from '../fake-engine.ts';
import { recordingWith } from '../recordings.ts';
import { idOf } from './fake-container.ts';
import { asOrdinaryUser, isRoot, makePlace, run, usePlugin } from './place.ts';
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
const isRunning = 'hint: is it running? docker version, docker context ls';
const isDocker = 'hint: is it a Docker engine that listens there? docker version';
const inspectWeb = `GET /containers/${idOf('shop-web-1')}/json`;
const nonsense = (problem: string, request = 'GET /containers/json'): readonly string[] => [
  `netexec: the engine's answer to ${request} makes no sense: ${problem}`,
  isDocker,
];
const cutOff = 'the connection ended before the answer was whole';
const http = (head: string, body: string): Reply => ({ bytes: `HTTP/1.1 ${head}\r\n\r\n${body}` });

refusals(plugin, 'an engine', [
  {
    name: 'that is not there',
    words,
    says: [
      'netexec: the engine at unix://TMP/engine.sock, from DOCKER_HOST, cannot be reached: no such socket',
      isRunning,
    ],
  },
  {
    name: 'whose socket is a file',
    words,
    prepare: ({ write }) => write('engine.sock', ''),
    says: [
      'netexec: the engine at unix://TMP/engine.sock, from DOCKER_HOST, cannot be reached: nothing answers there (ECONNREFUSED)',
      isRunning,
    ],
  },
  {
    name: 'that nobody listens for',
    words,
    prepare: (place) => (place.env['DOCKER_HOST'] = 'tcp://127.0.0.1:1'),
    says: [
      'netexec: the engine at tcp://127.0.0.1:1, from DOCKER_HOST, cannot be reached: nothing answers there (ECONNREFUSED)',
      isRunning,
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
      `netexec: ${ordinaryUser} may not talk to the engine: no permission on TMP/engine.sock`,
      `hint: join the group that owns it (often: sudo usermod -aG docker ${ordinaryUser}, then log in again), or use sudo docker netexec`,
    ],
  },
  { name: 'that hangs up at once', words, prepare: engine({ hangUp: true }), says: nonsense(cutOff) },
  { name: 'that hangs up without an answer', words, prepare: replies({ bytes: '' }), says: nonsense(cutOff) },
  {
    name: 'that is not HTTP',
    words,
    prepare: replies({ bytes: 'SSH-2.0-OpenSSH_9.2\r\n' }),
    says: nonsense('it is not HTTP'),
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
    says: nonsense('the whole: expected array'),
  },
  {
    name: 'that gives nothing',
    words,
    prepare: replies(http('200 OK\r\nContent-Length: 0', '')),
    says: nonsense('the whole: expected array'),
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
]);

test('an engine that says nothing for ever must be given up', async (context) => {
  const place = makePlace(context);
  await engine({ reply: () => 'silence' })(place);
  // The same plugin with less patience: fifteen seconds are long for a test.
  cpSync(plugin.config, join(place.folder, 'impatient'), { recursive: true });
  const main = join(place.folder, 'impatient/netexec/main.cjs');
  const patient = readFileSync(main, 'utf8');
  const impatient = patient.replace('patience={seconds:15}', 'patience={seconds:1}');
  assert.notEqual(impatient, patient);
  writeFileSync(main, impatient);
  const file = join(place.folder, 'impatient/cli-plugins/docker-netexec');
  assert.deepEqual(await run(place, [file, 'netexec', ...words]), {
    status: 125,
    stdout: '',
    stderr: 'netexec: the engine at unix://TMP/engine.sock did not answer GET /containers/json within 1 seconds\n',
  });
});
