// docker's own configuration: what docker passes over with a warning netexec passes over, and what leads nowhere is told.
import { createHash } from 'node:crypto';
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { fakeEngine } from '../fake-engine.ts';
import { recordingWith } from '../recordings.ts';
import { asOrdinaryUser, usePlugin, withDefaultEngine } from './place.ts';
import type { Place } from './place.ts';
import { refusals } from './refusals.ts';

const plugin = usePlugin();
const web = ['web', 'true'];

const contextFile = (name: string): string =>
  `docker/contexts/meta/${createHash('sha256').update(name).digest('hex')}/meta.json`;

const tlsFolder = (name: string): string => contextFile(name).replace('/meta/', '/tls/').replace('meta.json', 'docker');

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
  `netexec: cannot use docker's configuration file TMP/${file}: ${reason}`,
];
/** ssh leads nowhere, and has said why. */
const withSsh = (place: Place): void => {
  const refusal = 'ssh: Could not resolve hostname far: Name or service not known';
  place.write('bin/ssh', `#!/bin/sh\n[ "$1" = -G ] || { echo '${refusal}' >&2; exit 255; }\n`);
  chmodSync(join(place.folder, 'bin/ssh'), 0o755);
  place.env['PATH'] = `${join(place.folder, 'bin')}:${place.env['PATH']}`;
};
const unreached = (host: string, source: string): string =>
  `netexec: cannot connect to the engine at ${host} (from ${source}): ssh: Could not resolve hostname far: Name or service not known`;
const sshHint = (host: string): string =>
  `hint: ssh must log in without asking for a password, as with docker itself; try ssh ${host} docker version`;

refusals(plugin, "docker's configuration", [
  {
    name: 'that names a context that is not there',
    words: web,
    prepare: configured('{"currentContext": "far"}', { near: socket, home: socket }),
    says: [
      `netexec: docker context "far" not found: there is no TMP/${contextFile('far')}`,
      'hint: available contexts: default, home, near',
    ],
  },
  {
    name: 'without the context of DOCKER_CONTEXT',
    words: web,
    prepare: (place) => {
      configured(undefined)(place);
      place.env['DOCKER_CONTEXT'] = 'far';
    },
    says: [
      `netexec: docker context "far" not found: there is no TMP/${contextFile('far')}`,
      'hint: available contexts: default',
    ],
  },
  {
    name: 'whose context is broken',
    words: web,
    dockerWords: ['--context', 'near'],
    prepare: configured(undefined, { near: 5 }),
    says: unusable(contextFile('near'), 'Endpoints.docker.Host: expected string'),
  },
  {
    name: 'whose context may not be read',
    words: web,
    prepare: (place) => {
      configured('{"currentContext": "near"}', { near: socket })(place);
      chmodSync(join(place.folder, contextFile('near')), 0);
      place.wrapper = asOrdinaryUser;
    },
    says: unusable(contextFile('near'), 'permission denied'),
  },
  {
    name: 'whose context is a pipe',
    words: web,
    prepare: (place) => {
      configured('{"currentContext": "near"}', { near: socket })(place);
      rmSync(join(place.folder, contextFile('near')));
      execFileSync('mkfifo', [join(place.folder, contextFile('near'))]);
    },
    says: unusable(contextFile('near'), 'it is a pipe'),
  },
  {
    name: 'whose TLS files may not be listed',
    words: web,
    prepare: (place) => {
      configured('{"currentContext": "near"}', { near: socket })(place);
      chmodSync(dirname(place.write(`${tlsFolder('near')}/ca.pem`, '')), 0);
      place.wrapper = asOrdinaryUser;
    },
    says: [`netexec: cannot read the TLS file TMP/${tlsFolder('near')}: EACCES`],
  },
  {
    name: 'whose context leads to no engine, and another does',
    words: web,
    prepare: async (place) => {
      configured('{"currentContext": "far"}', { far: socket, near: `unix://${place.socket}` })(place);
      const fake = await fakeEngine(recordingWith(), place.socket);
      place.cleanUp(() => fake.close());
      withDefaultEngine(place);
    },
    says: [
      'netexec: cannot connect to the engine at unix:///none (from context "far"): no such socket',
      'hint: is it running? To use an engine that answers: docker --context near netexec …',
    ],
  },
  {
    name: 'whose context is another machine, by ssh',
    words: web,
    dockerWords: ['-c', 'far'],
    prepare: (place) => {
      configured(undefined, { far: 'ssh://me@far' })(place);
      withSsh(place);
      withDefaultEngine(place);
    },
    says: [unreached('ssh://me@far', 'context "far"'), sshHint('ssh://me@far')],
  },
]);

/** What docker itself says of these is in test/unit/core/engine/docker-files.test.ts; like docker, netexec goes on without. */
const passedOver = (reason: string | undefined): readonly string[] => [
  ...(reason === undefined
    ? []
    : [
        `netexec: warning: cannot use docker's configuration file TMP/docker/config.json: ${reason}; using the default context`,
      ]),
  "netexec: cannot connect to the engine at tcp://localhost:2376 (from docker's default): connection refused",
  'hint: is it running? Try docker version, or docker context ls',
];
const inConfig = (place: Place): string => join(place.folder, 'docker/config.json');
const odd =
  (make: (file: string, place: Place) => unknown) =>
  (place: Place): void => {
    configured('{"currentContext": "far"}')(place);
    rmSync(inConfig(place));
    make(inConfig(place), place);
  };

refusals(
  plugin,
  "docker's config.json",
  (
    [
      ['that is not there', odd(() => {}), undefined],
      ['that is empty', configured(''), undefined],
      ['that is null', configured('null'), undefined],
      ['whose context is null', configured('{"currentContext": null}'), undefined],
      ['with something behind it', configured('{"currentContext": "default"} ...'), undefined],
      ['that leads nowhere', odd((file) => symlinkSync('none', file)), undefined],
      ['that is /dev/null', odd((file) => symlinkSync('/dev/null', file)), undefined],
      ['that is no JSON', configured('{"currentContext":\n'), 'it is not valid JSON'],
      ['with a byte order mark', configured('\uFEFF{}'), 'it is not valid JSON'],
      ['that is a list', configured('[]'), 'top level: expected object'],
      ['of another shape', configured('{"currentContext": {}}'), 'currentContext: expected string'],
      ['that is a folder', odd((file) => mkdirSync(file)), 'illegal operation on a directory'],
      ['that is a link to itself', odd((file) => symlinkSync(file, file)), 'too many symbolic links encountered'],
      ['that is a pipe', odd((file) => execFileSync('mkfifo', [file])), 'it is a pipe'],
      ['of a gigabyte', odd((file) => (writeFileSync(file, ''), truncateSync(file, 2 ** 30))), 'it is too large'],
      ['without an end', odd((file) => symlinkSync('/dev/zero', file)), undefined],
      [
        'that may not be read',
        (place: Place) => {
          configured('{"currentContext": "far"}')(place);
          chmodSync(inConfig(place), 0);
          place.wrapper = asOrdinaryUser;
        },
        'permission denied',
      ],
    ] as const
  ).map(([name, prepare, reason]) => ({
    name,
    words: web,
    // The default context is another then: nobody listens there.
    dockerWords: ['--tls'],
    prepare,
    says: passedOver(reason),
  })),
);

const listening = async (place: Place, name: string): Promise<string> => {
  const path = join(place.folder, name);
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(path, resolve));
  place.cleanUp(() => server.close());
  return `unix://${path}`;
};

refusals(plugin, 'an engine of another machine', [
  {
    name: 'by DOCKER_HOST, with contexts of this one',
    words: web,
    prepare: async (place) => {
      const here = await listening(place, 'one');
      configured('{}', { here, 'it is': await listening(place, 'other'), gone: socket })(place);
      place.env['DOCKER_HOST'] = 'ssh://me@far';
      withSsh(place);
    },
    dockerWords: ['--tls'],
    says: [
      unreached('ssh://me@far', 'DOCKER_HOST'),
      `${sshHint('ssh://me@far')}; to use an engine that answers: docker --context here netexec …, or docker --context 'it is' netexec …`,
    ],
  },
  {
    name: 'by DOCKER_HOST alone',
    words: web,
    prepare: (place) => {
      configured('{}')(place);
      withDefaultEngine(place);
      place.env['DOCKER_HOST'] = 'ssh://me@far';
      withSsh(place);
    },
    says: [unreached('ssh://me@far', 'DOCKER_HOST'), sshHint('ssh://me@far')],
  },
]);

refusals(plugin, "docker's options", [
  {
    name: 'that lead to Windows',
    words: web,
    dockerWords: ['-H', 'npipe:////./pipe/docker_engine'],
    says: [
      "netexec: the engine at npipe:////./pipe/docker_engine (from --host) is not on this machine: netexec cannot enter its containers' networks from here",
      'hint: on Windows, run docker netexec inside WSL, with an engine that runs in WSL, too',
    ],
  },
  {
    name: 'that lead to another machine',
    words: web,
    dockerWords: ['-Hssh://far'],
    prepare: (place) => {
      withDefaultEngine(place);
      withSsh(place);
    },
    says: [unreached('ssh://far', '--host'), sshHint('ssh://far')],
  },
  {
    name: 'that lead nowhere',
    words: web,
    dockerWords: ['-Hbogus://x'],
    says: [
      `netexec: invalid engine address "bogus://x" (from --host): bogus:// is not supported; use unix://, tcp:// or ssh://`,
    ],
  },
  {
    name: 'that ask for TLS where its files are missing',
    words: web,
    dockerWords: ['--tlsverify', '-H', 'tcp://127.0.0.1:1'],
    prepare: configured(undefined),
    says: ['netexec: cannot read the TLS file TMP/docker/ca.pem: ENOENT'],
  },
  {
    name: 'that name a TLS file that is missing',
    words: web,
    dockerWords: ['--tls', '--tlscert', '/none/cert.pem', '-H', 'tcp://127.0.0.1:1'],
    prepare: configured(undefined),
    says: ['netexec: cannot read the TLS file /none/cert.pem: ENOENT'],
  },
]);
