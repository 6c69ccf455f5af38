// One or more of every kind of failure there is: the compiler says which one is missing.
import { placeFailures } from './place-failures.ts';
import type { Failure } from '../../../../src/core/failure/failure.ts';
import { commandFailures } from './command-failures.ts';
import { portFailures } from './port-failures.ts';
import { presetFailures } from './preset-failures.ts';
import { serviceFilesFailures } from './service-files-failures.ts';
import { stackFailures } from './stack-failures.ts';
import { usageFailures } from './usage-failures.ts';

type Table = { readonly [Kind in Failure['kind']]: readonly Extract<Failure, { kind: Kind }>[] };

const socket = 'unix:///var/run/docker.sock';
const ofShop = { project: 'shop', service: 'web' };
const task = { id: 'x', service: 'shop_web', name: 'shop_web.1' };
const ofStack = { ...ofShop, number: 1, oneOff: false, workingDirectory: undefined, task };
const taskStopped = { name: 'shop_web.1.x', state: 'exited', status: '', compose: ofStack } as const;

/** What the engine says of those that do not run. */
const ended = { exitCode: 3, restarts: 0, outOfMemory: false, error: '' };
const stopped: readonly { readonly state: string; readonly status: string; readonly ending: Partial<typeof ended> }[] =
  [
    { state: 'restarting', status: 'Restarting (3) 2 seconds ago', ending: { restarts: 7 } },
    { state: 'restarting', status: 'Restarting (3) 1 second ago', ending: { restarts: 1 } },
    { state: 'restarting', status: 'Restarting (3) Less than a second ago', ending: {} },
    {
      state: 'restarting',
      status: 'Restarting (137) 2 seconds ago',
      ending: { exitCode: 137, restarts: 7, outOfMemory: true },
    },
    { state: 'exited', status: 'Exited (3) 5 minutes ago', ending: {} },
    { state: 'exited', status: 'Exited (3) 5 minutes ago', ending: { restarts: 4 } },
    { state: 'exited', status: 'Exited (0) 5 minutes ago', ending: { exitCode: 0 } },
    { state: 'exited', status: 'Exited (143) About a minute ago', ending: { exitCode: 143 } },
    { state: 'exited', status: 'Exited (137) 5 minutes ago', ending: { exitCode: 137, outOfMemory: true } },
    { state: 'created', status: 'Created', ending: { exitCode: 128, error: 'port is already allocated' } },
    { state: 'created', status: 'Created', ending: { exitCode: 0 } },
    { state: 'removing', status: 'Removal In Progress', ending: {} },
    { state: 'dead', status: 'Dead', ending: {} },
  ];

const table: Table = {
  ...usageFailures,
  ...stackFailures,

  'docker-config-invalid': [
    { kind: 'docker-config-invalid', file: '/home/me/.docker/config.json', reason: 'currentContext: expected string' },
  ],
  'context-not-found': [{ kind: 'context-not-found', context: 'far', file: '/meta.json', known: ['default', 'near'] }],
  'endpoint-invalid': [
    { kind: 'endpoint-invalid', host: 'tcp://h:x', source: 'DOCKER_HOST', reason: 'expected HOST:PORT' },
  ],
  'tls-file-unreadable': [{ kind: 'tls-file-unreadable', file: '/home/me/.docker/ca.pem', reason: 'ENOENT' }],
  'no-alias-targets': [{ kind: 'no-alias-targets' }],
  'engine-elsewhere': [{ kind: 'engine-elsewhere', host: 'npipe:////./pipe/docker_engine', source: 'DOCKER_HOST' }],

  'engine-unreachable': [
    { kind: 'engine-unreachable', host: socket, source: "docker's default", reason: 'no such socket' },
    {
      kind: 'engine-unreachable',
      host: 'ssh://me@far/run/d.sock',
      source: 'context "far"',
      reason: 'Permission denied (publickey).',
    },
    {
      kind: 'engine-unreachable',
      host: 'unix:///home/me/.docker/desktop/docker.sock',
      source: 'context "desktop-linux"',
      reason: 'no such socket',
      here: { unset: false, contexts: ['default'] },
    },
    ...[
      { unset: true, contexts: ['default', 'near'] },
      { unset: true, contexts: [] },
      { unset: false, contexts: ['near'] },
    ].map((here) => ({
      kind: 'engine-unreachable' as const,
      host: socket,
      source: 'DOCKER_HOST',
      reason: 'no such socket',
      here,
    })),
  ],
  'engine-untrusted': [
    { kind: 'engine-untrusted', host: 'tcp://h:2376', source: 'context "far"', reason: 'SELF_SIGNED_CERT_IN_CHAIN' },
  ],
  'engine-permission': [{ kind: 'engine-permission', socket: '/var/run/docker.sock', user: 'me' }],
  'engine-silent': [{ kind: 'engine-silent', host: socket, request: 'GET /containers/json', seconds: 15 }],
  'proxy-refused': [
    ...['GET /containers/json', 'GET /networks', 'POST /containers/create'].map((request) => ({
      kind: 'proxy-refused' as const,
      request,
      status: 403,
    })),
    { kind: 'proxy-refused', request: 'GET /info', status: 502 },
  ],
  'image-not-made': [
    { kind: 'image-not-made', image: 'docker-netexec:helper', there: false, reason: undefined },
    { kind: 'image-not-made', image: 'docker-netexec:helper', there: true, reason: undefined },
    { kind: 'image-not-made', image: 'docker-netexec:helper', there: false, reason: 'no space left on device' },
  ],
  'engine-refused': [
    { kind: 'engine-refused', request: 'GET /containers/json', status: 500, message: 'out of memory' },
    { kind: 'engine-refused', request: 'GET /containers/json', status: 403, message: '' },
  ],
  'runtime-fails': [{ kind: 'runtime-fails', runtime: 'odd', message: 'exec: "odd": not found' }],
  'engine-nonsense': [
    { kind: 'engine-nonsense', request: 'GET /containers/json', problem: 'top level: expected array' },
  ],

  'compose-file-missing': [{ kind: 'compose-file-missing', file: '/src/shop/compose.yaml', source: '--file' }],
  'compose-file-invalid': [
    { kind: 'compose-file-invalid', file: '/src/shop/compose.yaml', reason: 'services: expected record' },
  ],
  'env-file-invalid': [
    {
      kind: 'env-file-invalid',
      file: '/src/shop/.env',
      reason: 'line 3: required variable STAGE is missing a value: say which',
    },
  ],
  'pipe-silent': [
    { kind: 'pipe-silent', file: '/src/shop/.env', fault: 'no writer' },
    { kind: 'pipe-silent', file: '/src/shop/.env', fault: 'no end' },
  ],
  'folder-missing': [{ kind: 'folder-missing', folder: '/srv/none', flag: '--workdir', reason: 'no such directory' }],
  'project-name-invalid': [
    { kind: 'project-name-invalid', name: 'Shop', source: 'COMPOSE_PROJECT_NAME in .env' },
    { kind: 'project-name-invalid', name: '5432:5432', source: '--project-name' },
  ],
  'project-ambiguous': [
    { kind: 'project-ambiguous', folder: '/src/shop', projects: ['shop', 'shop-test'], service: 'web' },
  ],
  'no-project': [
    { kind: 'no-project', name: 'web', folder: '/src', running: ['shop', 'blog'], alsoIn: [] },
    { kind: 'no-project', name: 'web', folder: '/src', running: ['blog', 'shop'], alsoIn: ['shop'] },
    { kind: 'no-project', name: 'exec', folder: '/src', running: ['shop'], alsoIn: [] },
    { kind: 'no-project', name: 'web', folder: '/src', running: [], alsoIn: [] },
    { kind: 'no-project', name: undefined, folder: '/src', running: ['shop'], alsoIn: [] },
  ],
  'project-empty': [
    { kind: 'project-empty', ...ofShop, source: '--project-name', hasFiles: true, running: ['blog'] },
    { kind: 'project-empty', ...ofShop, source: '--project-name', hasFiles: false, running: ['blog'] },
    {
      kind: 'project-empty',
      ...ofShop,
      source: '--project-name',
      hasFiles: true,
      running: ['blog', 'shpo'],
    },
    { kind: 'project-empty', ...ofShop, source: '--project-name', hasFiles: true, running: [] },
    {
      kind: 'project-empty',
      project: 'shop',
      service: undefined,
      source: '--project-name',
      hasFiles: false,
      running: [],
    },
    { kind: 'project-empty', ...ofShop, stopped: true, source: '--project-name', hasFiles: true, running: [] },
  ],
  'service-unknown': [
    { kind: 'service-unknown', project: 'shop', service: 'wbe', services: ['db', 'web'], alsoIn: [] },
    { kind: 'service-unknown', project: 'shop', service: 'kafka', services: ['db', 'web'], alsoIn: [] },
    { kind: 'service-unknown', project: 'shop', service: 'kafka', services: ['db', 'web'], alsoIn: ['bus', 'log'] },
    ...['exec', 'doctor', 'port-forward', 'reverse', 'db:5432'].map((service) => ({
      kind: 'service-unknown' as const,
      project: 'shop',
      service,
      services: ['db', 'web'],
      alsoIn: [],
    })),
    {
      kind: 'service-unknown',
      project: 'shop',
      service: 'api-30',
      services: Array.from({ length: 25 }, (_, index) => `api-${index}`),
      alsoIn: [],
    },
  ],
  'service-not-running': [
    { kind: 'service-not-running', ...ofShop, containers: [] },
    { kind: 'service-not-running', ...ofShop, containers: [], standIn: 'docker-netexec-4711-1' },
    {
      kind: 'service-not-running',
      ...ofShop,
      containers: [
        { name: 'shop-web-1', state: 'exited', status: 'Exited (3) 5 minutes ago' },
        { name: 'shop-web-2', state: 'created', status: 'Created' },
      ],
    },
    { kind: 'service-not-running', ...ofShop, containers: [taskStopped] },
    ...stopped.map(({ state, status, ending }) => ({
      kind: 'service-not-running' as const,
      ...ofShop,
      containers: [{ name: 'shop-web-1', state, status, ending: { ...ended, ...ending } }],
    })),
  ],
  'service-behind-profile': [
    { kind: 'service-behind-profile', project: 'shop', service: 'dbg', profiles: ['debug'] },
    { kind: 'service-behind-profile', project: 'shop', service: 'dbg', profiles: ['debug', 'test'] },
  ],
  'replica-unknown': [{ kind: 'replica-unknown', ...ofShop, index: 3, running: [1, 2] }],

  'container-unknown': [
    { kind: 'container-unknown', container: 'shop-web', running: ['shop-db-1', 'shop-web-1'] },
    { kind: 'container-unknown', container: 'shop-web', running: [] },
  ],
  'container-ambiguous': [{ kind: 'container-ambiguous', container: '5', candidates: ['shop-db-1', 'shop-web-1'] }],
  'container-not-running': [
    { kind: 'container-not-running', container: 'shop-web-1', state: 'exited', exitCode: 3 },
    ...stopped.map(({ state, ending }) => ({
      kind: 'container-not-running' as const,
      container: 'shop-web-1',
      state,
      exitCode: ending.exitCode ?? ended.exitCode,
      ending: { ...ended, ...ending },
    })),
  ],
  'container-not-here': (['no-process', 'another-process', 'unreadable'] as const).map((found) => ({
    kind: 'container-not-here',
    service: found === 'no-process' ? 'web' : undefined,
    container: 'shop-web-1',
    pid: 4711,
    host: socket,
    engineName: found === 'no-process' ? 'Docker Desktop, docker-desktop' : undefined,
    found,
    ...(found === 'unreadable' ? {} : { elevate: 'docker' }),
  })),
  'network-not-joined': [
    { kind: 'network-not-joined', network: 'backed', of: 'container shop-web-1', networks: ['backend', 'cache'] },
    { kind: 'network-not-joined', network: 'backend', of: 'project shop', networks: [] },
  ],
  'container-ended': [
    { kind: 'container-ended', container: 'shop-web-1', status: 7 },
    { kind: 'container-ended', container: 'shop-web-1', status: undefined },
  ],
  'entry-held-up': [
    { kind: 'entry-held-up', container: 'shop-web-1', seconds: 10, joined: false },
    { kind: 'entry-held-up', container: 'shop-web-1', seconds: 10, joined: true },
  ],
  'stage-failed': [
    { kind: 'stage-failed', status: 1, way: 'sudo', reason: undefined },
    { kind: 'stage-failed', status: 1, way: 'root', reason: undefined },
    { kind: 'stage-failed', status: 0, way: 'root', reason: 'EAGAIN' },
  ],

  'own-process-namespace': [{ kind: 'own-process-namespace' }],
  'platform-unsupported': [{ kind: 'platform-unsupported', what: 'COMMAND', platform: 'darwin' }],
  'tool-of-busybox': [{ kind: 'tool-of-busybox', tool: 'setpriv', file: '/usr/bin/setpriv' }],
  'tool-missing': [
    { kind: 'tool-missing', tool: 'nsenter', searched: '/usr/bin:/bin' },
    { kind: 'tool-missing', tool: 'grep', searched: '/usr/bin:/bin' },
    { kind: 'tool-missing', tool: 'mount', searched: '/usr/bin:/bin' },
  ],
  'ids-differ': [{ kind: 'ids-differ', what: 'user', real: 1000, effective: 0 }],
  'capabilities-lacking': [{ kind: 'capabilities-lacking', capabilities: ['net_raw'] }],
  'user-unknown': [{ kind: 'user-unknown', user: 'postgres' }],
  'group-unknown': [{ kind: 'group-unknown', group: 'staff' }],
  'not-permitted': [
    {
      kind: 'not-permitted',
      elevate: 'sudo',
      tried: [
        { way: 'sudo', reason: 'a password is required, and there is no terminal to ask on' },
        { way: 'doas', reason: 'it is not installed' },
      ],
      restrained: false,
    },
    {
      kind: 'not-permitted',
      elevate: 'none',
      tried: [{ way: 'root', reason: 'you are not root' }],
      restrained: false,
    },
    {
      kind: 'not-permitted',
      elevate: 'none',
      outside: true,
      tried: [{ way: 'namespace', reason: 'this machine does not allow it: user.max_user_namespaces is 0 (sysctl)' }],
      restrained: false,
    },
    {
      kind: 'not-permitted',
      elevate: 'docker',
      tried: [{ way: 'docker', reason: 'a seccomp filter is on the caller' }],
      restrained: true,
    },
  ],
  'runtime-folder-full': [{ kind: 'runtime-folder-full', folder: '/run/user/1000/docker-netexec', reason: 'ENOSPC' }],
  'runtime-folder-unusable': [{ kind: 'runtime-folder-unusable', folder: '/tmp', reason: 'ENOSPC' }],

  ...commandFailures,
  ...placeFailures,
  ...portFailures,
  ...serviceFilesFailures,
  ...presetFailures,
};

export const failures: readonly Failure[] = Object.values(table).flat();
