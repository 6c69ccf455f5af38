// Words, names and configuration that are wrong in themselves: nothing is asked of an engine.
import { usePlugin } from './place.ts';
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
      'hint: docker netexec [OPTIONS] SERVICE [--] [COMMAND [ARG...]]; see docker netexec --help',
    ],
  },
  { name: 'with an unknown option', words: ['--bogus', 'web'], says: ['netexec: unknown flag: --bogus', seeHelp] },
  {
    name: "with one of docker's options",
    words: ['--context', 'x', 'web'],
    says: [
      'netexec: unknown flag: --context',
      'hint: it is an option of docker, and goes before netexec: docker --context x netexec web',
    ],
  },
  {
    name: 'with an option that lacks its value',
    words: ['--index'],
    says: ['netexec: flag needs an argument: --index', 'hint: specify N: docker netexec --index N'],
  },
  {
    name: 'that steer the terminal',
    words: ['--index', '\u001B[31m\n', 'web'],
    says: [String.raw`netexec: invalid value "\u001b[31m\n" for --index: expected a number, 1 or greater`, seeHelp],
  },
]);

refusals(plugin, 'an environment', [
  {
    name: 'with a bad NETEXEC_ELEVATE',
    words: web,
    prepare: ({ env }) => (env['NETEXEC_ELEVATE'] = 'doas'),
    says: ['netexec: invalid value "doas" for NETEXEC_ELEVATE: expected auto, none, sudo, docker or tunnel', seeHelp],
  },
  {
    name: 'with a bad DOCKER_HOST',
    words: web,
    prepare: ({ env }) => (env['DOCKER_HOST'] = 'tcp://h:x'),
    says: [`netexec: invalid engine address "tcp://h:x" (from DOCKER_HOST): expected HOST:PORT`],
  },
]);

const invalidName = (name: string, source: string): readonly string[] => [
  `netexec: invalid project name "${name}" (from ${source})`,
  'hint: use lowercase letters, digits, hyphens and underscores, and begin with a letter or digit',
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
