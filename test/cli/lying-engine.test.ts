// Engines that lie: whose answers never end, come a byte at a time, or are no answers, whoever of netexec reads them.
import assert from 'node:assert/strict';
import type { Socket } from 'node:net';
import { dirname } from 'node:path';
import { test } from 'node:test';
import { fakeEngine } from '../fake-engine.ts';
import type { Reply } from '../fake-engine.ts';
import { recordingWith } from '../recordings.ts';
import { emptyImage as image, helper, helperReplies, idOf, startContainer } from './fake-container.ts';
import { isRoot, makePlace, run, usePlugin } from './place.ts';
import type { Place } from './place.ts';
import { withPatience } from './patience.ts';
import { refusals } from './refusals.ts';

const plugin = usePlugin();
/** Fifteen are long for a test. */
const seconds = 2;
const words = ['-p', 'shop', 'web', 'true'];
const list = 'GET /containers/json';
const nonsense = (problem: string, request = list): readonly string[] => [
  `netexec: unexpected response from the engine to ${request}: ${problem}`,
  'hint: is a Docker engine listening there? Try docker version',
];

const impatient = withPatience(plugin, seconds);
/** Millions of chunks take more than fifteen on a busy machine. */
const patient = withPatience(plugin, 600);

const late = (request = list): readonly string[] => [
  `netexec: the engine at unix://TMP/engine.sock did not answer ${request} within ${seconds} seconds`,
];
const tooLong = (request = list): readonly string[] => nonsense('the response is too long', request);

/** Sends this again and again, a piece at a time, for as long as somebody listens. */
const endless =
  (head: string, piece: string | Buffer, pause: number) =>
  (connection: Socket): void => {
    connection.write(head);
    const again = (): void => {
      if (connection.destroyed) return;
      const wait = connection.write(piece) || pause > 0 ? undefined : 'drain';
      if (wait === undefined) setTimeout(again, pause);
      else connection.once(wait, again);
    };
    again();
  };

const ok = 'HTTP/1.1 200 OK\r\n';
const chunked = `${ok}Transfer-Encoding: chunked\r\n\r\n`;
const mebibyte = 1024 * 1024;
const blanks = Buffer.alloc(mebibyte, ' ');
const chunkOf = (bytes: number): string => `${bytes.toString(16)}\r\n`;
const chunk = (text: string): Buffer => Buffer.from(`${chunkOf(text.length)}${text}\r\n`);

/** Each with what becomes of it, whoever reads it: netexec's own reader, or docker-modem. */
const endlessAnswers: readonly (readonly [
  name: string,
  answer: (connection: Socket) => void,
  end: 'late' | 'too long' | 'not HTTP',
])[] = [
  ['says nothing', () => {}, 'late'],
  [
    'sends a byte at a time, of a body as long as it says',
    endless(`${ok}Content-Length: 100000\r\n\r\n`, ' ', 50),
    'late',
  ],
  ['sends a byte at a time, of a chunk', endless(`${chunked}${chunkOf(100_000)}`, ' ', 50), 'late'],
  ['sends a byte at a time, until the connection ends', endless(`${ok}\r\n`, ' ', 50), 'late'],
  ['sends a byte at a time, of a head', endless('HTTP/1.1 200 OK\r\nX: ', 'x', 50), 'late'],
  ['sends a line at a time, behind the last chunk', endless(`${chunked}0\r\n`, 'X: y\r\n', 50), 'late'],
  ['asks to go on again and again', endless('', 'HTTP/1.1 100 Continue\r\n\r\n', 200), 'late'],
  ['sends all that the connection takes, longer than it says', endless(`${ok}\r\n`, blanks, 0), 'too long'],
  [
    'sends chunks for ever',
    endless(chunked, Buffer.concat([Buffer.from(chunkOf(mebibyte)), blanks, Buffer.from('\r\n')]), 0),
    'too long',
  ],
  ['sends chunks of a byte for ever', endless(chunked, Buffer.from('1\r\n \r\n'.repeat(10_000)), 0), 'too long'],
  ['sends one chunk of a gigabyte', endless(`${chunked}${chunkOf(1024 * mebibyte)}`, blanks, 0), 'too long'],
  ['sends fields for ever', endless(ok, Buffer.from(`X: ${'y'.repeat(1000)}\r\n`), 0), 'not HTTP'],
  ['sends one field for ever', endless(`${ok}X: `, Buffer.from('y'.repeat(1000)), 0), 'not HTTP'],
];

const endOf = (end: 'late' | 'too long' | 'not HTTP', request?: string): readonly string[] =>
  end === 'late' ? late(request) : end === 'too long' ? tooLong(request) : nonsense('not HTTP', request);

type End = (typeof endlessAnswers)[number][2];
/** What is waited for must be told apart from what has no end under load, too. */
const pluginFor = (end: End) => (end === 'late' ? impatient : patient);

/** An engine by which a container can be entered, up to what this one says to one of the requests. */
const byDocker =
  (given: Readonly<Record<string, Reply>>) =>
  async (place: Place): Promise<void> => {
    const pid = await startContainer(place, idOf('shop-web-1'));
    const recording = recordingWith({ folder: place.cwd, pids: { 'shop-web-1': pid } });
    const wishes = { reply: (request: string) => given[request] ?? helperReplies[request] };
    const fake = await fakeEngine(recording, place.socket, wishes);
    place.cleanUp(() => fake.close());
    place.env['XDG_RUNTIME_DIR'] = dirname(place.write('runtime/.keep', ''));
  };

const inspectImage = 'GET /images/docker-netexec:helper/json';
const [create, attach, wait, start] = [
  'POST /containers/create',
  `POST /containers/${helper}/attach`,
  `POST /containers/${helper}/wait`,
  `POST /containers/${helper}/start`,
] as const;
const byEngine = ['--elevate', 'docker', ...words];
/** As messages have them. */
const named = (request: string): string => request.replace(helper, 'ID');

for (const end of ['late', 'too long', 'not HTTP'] as const) {
  refusals(
    pluginFor(end),
    'an engine that, asked for the containers,',
    endlessAnswers
      .filter((row) => row[2] === end)
      .map(([name, answer]) => ({ name, words, prepare: byDocker({ [list]: { answer } }), says: endOf(end) })),
  );
}

/** With a body behind its head, what is attached to goes on for as long as COMMAND does. */
const ofHeads = /says nothing|of a head|go on|field/;

for (const end of ['late', 'too long', 'not HTTP'] as const) {
  for (const [request, which] of [
    [create, /./],
    [attach, ofHeads],
    [start, ofHeads],
  ] as const) {
    refusals(
      pluginFor(end),
      `an engine that, asked to ${named(request)},`,
      endlessAnswers
        .filter((row) => row[2] === end && which.test(row[0]))
        .map(([name, answer]) => ({
          name,
          words: byEngine,
          prepare: byDocker({ [request]: { answer } }),
          says: endOf(end, named(request)),
        })),
    );
  }
}

const loadImage = 'POST /images/load';
const notMade = (reason: string): readonly string[] => [
  `netexec: the engine did not create the empty image docker-netexec:helper: ${reason}`,
  'hint: try it by hand: head -c 1024 /dev/zero | docker import - docker-netexec:helper',
];

/** What it says to a request, and what then is said. */
const oddAnswers: readonly (readonly [
  name: string,
  replies: Readonly<Record<string, Reply>>,
  says: readonly string[],
])[] = [
  [
    'that loads nothing',
    { [inspectImage]: { status: 404, json: { message: 'no such image' } }, [loadImage]: { status: 200, json: {} } },
    notMade('it loaded nothing'),
  ],
  [
    'that loads something else',
    { [inspectImage]: { status: 200, json: { ...image, RootFS: {} } }, [loadImage]: { status: 200, json: {} } },
    notMade('it loaded a different image'),
  ],
  [
    'that loads nothing, and says why',
    {
      [inspectImage]: { status: 404, json: { message: 'no such image' } },
      [loadImage]: { status: 200, json: { errorDetail: {}, error: 'no space left\n\u001B[31m' } },
    },
    notMade(String.raw`no space left\n\u001b[31m`),
  ],
  [
    'that imports for ever',
    {
      [inspectImage]: { status: 404, json: {} },
      [loadImage]: { answer: endless(chunked, chunk('{"status":"..."}\n'.repeat(1000)), 0) },
    },
    tooLong(loadImage),
  ],
  [
    'that makes a container without an id',
    { [create]: { status: 201, json: { Warnings: [] } } },
    nonsense('Id: invalid format', create),
  ],
  [
    'that makes a container with an id that leads elsewhere',
    { [create]: { status: 201, json: { Id: '../networks' } } },
    nonsense('Id: invalid format', create),
  ],
  [
    'that makes a container in words',
    { [create]: { status: 201, json: 'done' } },
    nonsense('Id: invalid format', create),
  ],
  [
    'that ends a container with a status that is none',
    { [wait]: { status: 200, json: { StatusCode: '0' } } },
    nonsense('StatusCode: expected number', named(wait)),
  ],
  [
    'that does not wait for it',
    { [wait]: { status: 404, json: { message: 'page not found' } }, [start]: { status: 500, json: {} } },
    ['netexec: the engine answered POST /containers/ID/wait with status 404: page not found'],
  ],
  [
    'that attaches to it with an answer',
    { [attach]: { status: 200, json: {} } },
    ['netexec: the engine answered POST /containers/ID/attach with status 200'],
  ],
  [
    'that refuses to start it',
    { [start]: { status: 500, json: { message: 'no space left on device\n' } } },
    ['netexec: the engine answered POST /containers/ID/start with status 500: no space left on device'],
  ],
  [
    'before which a proxy refuses to have one made',
    { [create]: { bytes: 'HTTP/1.1 403 Forbidden\r\n\r\n<html><body><h1>403 Forbidden</h1></body></html>' } },
    [
      'netexec: something in front of the engine, probably a proxy, rejected POST /containers/create with status 403',
      'hint: allow POST, /containers, /images in the proxy (docker-socket-proxy: POST=1 CONTAINERS=1 IMAGES=1)',
    ],
  ],
  [
    'before which a proxy refuses to have the image made',
    {
      [inspectImage]: { status: 404, json: {} },
      [loadImage]: { bytes: 'HTTP/1.1 403 Forbidden\r\n\r\nForbidden' },
    },
    [
      'netexec: something in front of the engine, probably a proxy, rejected POST /images/load with status 403',
      'hint: allow POST, /containers, /images in the proxy (docker-socket-proxy: POST=1 CONTAINERS=1 IMAGES=1)',
    ],
  ],
  [
    'that sends elsewhere',
    { [create]: { bytes: 'HTTP/1.1 302 Found\r\nLocation: /x\r\nContent-Length: 0\r\n\r\n' } },
    ['netexec: the engine answered POST /containers/create with status 302'],
  ],
];

refusals(
  plugin,
  'an engine by which a container is entered,',
  oddAnswers.map(([name, given, says]) => ({ name, words: byEngine, prepare: byDocker(given), says })),
);

refusals(impatient, 'an engine that is to wait for a container', [
  { name: 'and says nothing', words: byEngine, prepare: byDocker({ [wait]: 'silence' }), says: late(named(wait)) },
]);

refusals(impatient, 'an engine that ends a container', [
  {
    name: 'but not what it prints',
    words: byEngine,
    prepare: byDocker({ [wait]: { status: 200, json: { StatusCode: 1 } } }),
    says: [
      'netexec: cannot enter the network: the helper container exited with status 1',
      'hint: see its message above',
    ],
  },
]);

test(
  'an event without an end must be hung up on, and COMMAND go on',
  { skip: !isRoot && 'needs root' },
  async (context) => {
    const place = makePlace(context);
    const answer = (connection: Socket): void => {
      connection.once('close', () => place.write('work/hung-up', ''));
      endless(chunked, chunk('x'.repeat(100_000)), 0)(connection);
    };
    await byDocker({ 'GET /events': { answer } })(place);
    const untilHungUp = 'until [ -e hung-up ]; do sleep 0.1; done; exit 7';
    const outcome = await run(place, [plugin.file, 'netexec', ...words.slice(0, -1), 'sh', '-c', untilHungUp]);
    assert.deepEqual(outcome, { status: 7, stdout: '', stderr: '' });
  },
);
