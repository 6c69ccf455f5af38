// Words, names and configuration that are wrong in themselves: nothing is asked of an engine.
import { createHash } from 'node:crypto';
import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { asOrdinaryUser, usePlugin } from './place.ts';
import type { Place } from './place.ts';
import { refusals } from './refusals.ts';

const plugin = usePlugin();
const web = ['web', 'true'];
const seeHelp = 'hint: see docker netexec --help';

refusals(plugin, 'words', [
  {
    name: 'without SERVICE',
    words: [],
    says: [
      'netexec: no SERVICE given',
      'hint: Usage: docker netexec [OPTIONS] SERVICE [--] [COMMAND [ARG...]]; see docker netexec --help',
    ],
  },
  { name: 'with an unknown option', words: ['--bogus', 'web'], says: ['netexec: unknown flag: --bogus', seeHelp] },
  {
    name: "with one of docker's options",
    words: ['--context', 'x', 'web'],
    says: [
      'netexec: unknown flag: --context',
      "hint: it is docker's own, and goes before netexec: docker --context … netexec …",
    ],
  },
  {
    name: 'with an option that lacks its value',
    words: ['--index'],
    says: ['netexec: flag needs an argument: --index', seeHelp],
  },
  {
    name: 'that steer the terminal',
    words: ['--index', '\u001B[31m\n', 'web'],
    says: [String.raw`netexec: invalid value "\u001b[31m\n" for --index: expected a number from 1`, seeHelp],
  },
]);

refusals(plugin, 'an environment', [
  {
    name: 'with a bad NETEXEC_ELEVATE',
    words: web,
    prepare: ({ env }) => (env['NETEXEC_ELEVATE'] = 'doas'),
    says: ['netexec: invalid value "doas" for NETEXEC_ELEVATE: expected auto, none, sudo, docker', seeHelp],
  },
  {
    name: 'with a bad DOCKER_HOST',
    words: web,
    prepare: ({ env }) => (env['DOCKER_HOST'] = 'tcp://h:x'),
    says: [`netexec: the engine's address "tcp://h:x", from DOCKER_HOST, cannot be used: it is not HOST:PORT`],
  },
]);

const invalidName = (name: string, source: string): readonly string[] => [
  `netexec: invalid project name "${name}", from ${source}`,
  'hint: lowercase letters, digits, hyphens and underscores, starting with a letter or digit',
];

refusals(plugin, 'a project name that Compose would not take', [
  { name: 'in --project-name', words: ['-p', 'My Shop', ...web], says: invalidName('My Shop', '--project-name') },
  {
    name: 'in COMPOSE_PROJECT_NAME',
    words: web,
    prepare: ({ env }) => (env['COMPOSE_PROJECT_NAME'] = 'Shop'),
    says: invalidName('Shop', 'COMPOSE_PROJECT_NAME'),
  },
  {
    name: 'in .env',
    words: web,
    prepare: ({ write }) => write('work/.env', 'COMPOSE_PROJECT_NAME=-shop\n'),
    says: invalidName('-shop', 'COMPOSE_PROJECT_NAME in .env'),
  },
]);

const contextFile = (name: string): string =>
  `docker/contexts/meta/${createHash('sha256').update(name).digest('hex')}/meta.json`;

/** docker's configuration is the place's own: these contexts, and this text as config.json. */
const configured =
  (text: string | undefined, contexts: Readonly<Record<string, unknown>> = {}) =>
  (place: Place): void => {
    delete place.env['DOCKER_HOST'];
    place.env['DOCKER_CONFIG'] = join(place.folder, 'docker');
    if (text !== undefined) place.write('docker/config.json', text);
    for (const [name, host] of Object.entries(contexts)) {
      place.write(contextFile(name), JSON.stringify({ Name: name, Endpoints: { docker: { Host: host } } }));
    }
  };
const socket = 'unix:///none';
const unusable = (file: string, reason: string): readonly string[] => [
  `netexec: docker's configuration TMP/${file} cannot be used: ${reason}`,
];
const elsewhere = (host: string, source: string): string =>
  `netexec: the engine ${host}, from ${source}, is not on this machine: its containers' networks cannot be entered from here`;
const sshHint =
  "hint: run docker netexec on that machine: ssh into it; for this machine's engine: docker --context default netexec …";

refusals(plugin, "docker's configuration", [
  {
    name: 'that is no JSON',
    words: web,
    prepare: configured('{"currentContext":\n'),
    says: unusable('docker/config.json', 'it is not JSON'),
  },
  {
    name: 'of another shape',
    words: web,
    prepare: configured('{"currentContext": {}}'),
    says: unusable('docker/config.json', 'currentContext: expected string'),
  },
  {
    name: 'that may not be read',
    words: web,
    prepare: (place) => {
      configured('{}')(place);
      chmodSync(join(place.folder, 'docker/config.json'), 0);
      place.wrapper = asOrdinaryUser;
    },
    says: unusable('docker/config.json', 'EACCES'),
  },
  {
    name: 'that names a context that is not there',
    words: web,
    prepare: configured('{"currentContext": "far"}', { near: socket, home: socket }),
    says: [
      `netexec: docker has no context "far": there is no TMP/${contextFile('far')}`,
      'hint: there are: default, home, near',
    ],
  },
  {
    name: 'without the context of DOCKER_CONTEXT',
    words: web,
    prepare: (place) => {
      configured(undefined)(place);
      place.env['DOCKER_CONTEXT'] = 'far';
    },
    says: [`netexec: docker has no context "far": there is no TMP/${contextFile('far')}`, 'hint: there are: default'],
  },
  {
    name: 'whose context is broken',
    words: web,
    dockerWords: ['--context', 'near'],
    prepare: configured(undefined, { near: 5 }),
    says: unusable(contextFile('near'), 'Endpoints.docker.Host: expected string'),
  },
  {
    name: 'whose context is another machine, by ssh',
    words: web,
    dockerWords: ['-c', 'far'],
    prepare: configured(undefined, { far: 'ssh://me@far' }),
    says: [elsewhere('ssh://me@far', 'context "far"'), sshHint],
  },
]);

refusals(plugin, "docker's options", [
  {
    name: 'that lead to Windows',
    words: web,
    dockerWords: ['-H', 'npipe:////./pipe/docker_engine'],
    says: [
      elsewhere('npipe:////./pipe/docker_engine', '--host'),
      'hint: on Windows, run docker netexec inside WSL, with an engine that runs there',
    ],
  },
  {
    name: 'that lead to another machine',
    words: web,
    dockerWords: ['-Hssh://far'],
    says: [elsewhere('ssh://far', '--host'), sshHint],
  },
  {
    name: 'that lead nowhere',
    words: web,
    dockerWords: ['-Hbogus://x'],
    says: [
      `netexec: the engine's address "bogus://x", from --host, cannot be used: netexec knows unix:// and tcp://, not bogus://`,
    ],
  },
  {
    name: 'that ask for TLS where its files are missing',
    words: web,
    dockerWords: ['--tlsverify', '-H', 'tcp://127.0.0.1:1'],
    prepare: configured(undefined),
    says: ['netexec: the TLS file TMP/docker/ca.pem cannot be read: ENOENT'],
  },
  {
    name: 'that name a TLS file that is missing',
    words: web,
    dockerWords: ['--tls', '--tlscert', '/none/cert.pem', '-H', 'tcp://127.0.0.1:1'],
    prepare: configured(undefined),
    says: ['netexec: the TLS file /none/cert.pem cannot be read: ENOENT'],
  },
]);
