// netexec's options, one entry each: parser, refusals, help, completion, man page and reference are made from them.
import { capabilityNames, readCapabilities } from './capabilities.ts';
import { readEndpoints } from '../check/checked-endpoint.ts';
import { execOptions } from './docker-options.ts';
import { listed } from './option-entry.ts';
import type { Option, Words } from './option-entry.ts';
import * as values from './option-values.ts';
import { drawings, oneOf, readProvider } from './option-values.ts';
import { resolverNames } from '../names/resolvers.ts';
import { elevations } from '../ways/ways.ts';
import { readForwards, readProxies } from '../relay/local-ports.ts';
import { readIntercepts } from '../relay/intercepts.ts';
import { readReverses } from '../relay/reverses.ts';

/**
 * What netexec can be asked to do, by the option of that name; a run, by none of them. Of several that are given the first
 * of this list counts. With each, the words that it takes.
 */
export const actions = {
  help: { takes: [] },
  version: { takes: [] },
  man: { takes: [] },
  uninstall: { takes: [] },
  doctor: { takes: [] },
  check: { takes: ['services'], further: 'endpoints' },
  'list-networks': { takes: [] },
  'list-names': { takes: ['services'] },
  hostaliases: { takes: ['networks'] },
  'print-env': { takes: ['services'] },
  run: { takes: ['services'], further: 'commands' },
} as const satisfies Readonly<Record<string, Words>>;
export type Action = keyof typeof actions;

export const reportKinds = ['list-networks', 'list-names', 'hostaliases'] as const;
export type ReportKind = (typeof reportKinds)[number];

const ofProjects = ['run', 'check', 'print-env', ...reportKinds] as const;
const ofNames = ['run', ...reportKinds] as const;

type Entries = Readonly<Record<string, Option>>;

const whichContainer = {
  'project-name': {
    as: 'projectName',
    short: 'p',
    value: { word: 'NAME', offers: 'projects' },
    help: 'Compose project, as in docker compose -p',
    goesWith: ofProjects,
  },
  file: {
    as: 'files',
    short: 'f',
    value: { word: 'FILE', read: values.readAll, offers: 'files' },
    help: 'Compose file, as in docker compose -f',
    goesWith: ofProjects,
  },
  'project-directory': {
    as: 'projectDirectory',
    value: { word: 'DIR', offers: 'folders' },
    help: 'Compose project directory',
    goesWith: ofProjects,
  },
  index: {
    value: { word: 'N', read: values.readIndex, offers: 'indexes' },
    help: 'Replica of SERVICE (default: the first)',
    goesWith: ofProjects,
  },
  container: {
    help: "SERVICE is a container's name or id",
    goesWith: ofProjects,
    excludes: ['project-name', 'file', 'project-directory', 'index'],
  },
} as const satisfies Entries;

const whereCommandRuns = {
  on: {
    value: { word: 'NETWORK[,NETWORK...]', read: values.readNetworks, offers: 'network lists' },
    help: 'On these networks of the project, or on all',
    excludes: ['index', 'container', 'service-env', 'service-files', 'pid', 'restart', 'all', 'stand-in', 'intercept'],
  },
  'stand-in': {
    as: 'standIn',
    help: 'In place of SERVICE, with its names and ports',
    excludes: ['index', 'container', 'pid', 'restart', 'all', 'intercept'],
  },
  replace: { help: 'Stop SERVICE first, start it again at the end', goesWith: ['stand-in'] },
  intercept: {
    as: 'intercepts',
    value: { word: 'PORT:PORT', read: readIntercepts, offers: 'interceptable' },
    help: "Redirect SERVICE's port to COMMAND's, for others",
  },
  'host-network': {
    as: 'hostNetwork',
    help: "In this machine's network, with SERVICE's names",
    excludes: [
      ...(['stand-in', 'resolver host', 'resolver hostaliases', 'provider', 'pid', 'restart', 'all'] as const),
      ...(['service-files', 'intercept', 'forward', 'reverse', 'proxy'] as const),
    ],
    because: '--host-network enters no container: COMMAND reaches this machine and all containers directly',
  },
} as const satisfies Entries;

const howCommandRuns = {
  network: {
    value: { word: 'NETWORK', offers: 'networks' },
    help: 'Resolve names as on this network',
    excludes: ['resolver host'],
  },
  resolver: {
    value: {
      word: resolverNames.join('|'),
      read: (words, flag) => oneOf(flag, words.at(-1), resolverNames, 'private'),
      offers: resolverNames,
    },
    help: 'How to resolve names (default: as the container)',
    goesWith: ofNames,
  },
  provider: {
    value: {
      word: 'DOMAIN',
      read: (words, flag) => readProvider(flag, words.at(-1)),
      offers: ['sslip.io\tthe default'],
    },
    help: 'DNS domain for hostaliases (or NETEXEC_PROVIDER)',
    goesWith: ofNames,
  },
  env: {
    short: 'e',
    value: { word: 'KEY[=VALUE]', read: values.readVariables, offers: 'variables' },
    help: 'Set an environment variable',
  },
  'env-file': {
    as: 'envFiles',
    value: { word: 'FILE', read: values.readAll, offers: 'files' },
    help: 'Set the environment variables in a .env file',
  },
  'service-env': { as: 'serviceEnv', help: "Set SERVICE's own environment variables, too" },
  'service-files': {
    as: 'serviceFiles',
    help: "Mount SERVICE's secrets and configs, read-only",
    excludes: ['resolver host', 'resolver hostaliases'],
  },
  user: {
    short: 'u',
    value: { word: 'USER[:GROUP]', offers: 'users' },
    help: 'Run as this user of the host (default: you)',
  },
  workdir: {
    short: 'w',
    value: { word: 'DIR', offers: 'folders' },
    help: 'Working directory (default: the current one)',
  },
  'cap-add': {
    as: 'capabilities',
    value: { word: 'CAP', read: readCapabilities, offers: capabilityNames.map((name) => name.toUpperCase()) },
    help: 'Add a capability, such as NET_RAW for tcpdump',
  },
  pid: { help: "See SERVICE's processes: ps, htop, strace, gdb" },
  elevate: {
    value: {
      word: elevations.join('|'),
      read: (words, flag) => oneOf(flag, words.at(-1), elevations),
      offers: elevations,
    },
    help: 'How to enter (default: auto, or NETEXEC_ELEVATE)',
    goesWith: ['run', 'check', 'doctor'],
  },
  wait: {
    as: 'waits',
    value: { word: 'ENDPOINT', read: readEndpoints, offers: 'endpoints' },
    help: 'Start COMMAND once SERVICE can reach ENDPOINT',
  },
  restart: { help: 'Restart COMMAND when SERVICE restarts' },
  all: {
    help: 'Run COMMAND once in each running replica',
    excludes: ['index', 'container', 'restart', 'forward', 'reverse', 'proxy'],
  },
  'dry-run': { as: 'dryRun', help: 'Print what a run would do, and why' },
} as const satisfies Entries;

const ports = {
  forward: {
    as: 'forwards',
    value: { word: '[[ADDRESS:]LOCAL:][HOST:]PORT', read: readForwards, offers: 'ports' },
    help: "Forward this machine's port LOCAL to HOST:PORT",
  },
  reverse: {
    as: 'reverses',
    value: { word: '[PORT:][HOST:]PORT', read: readReverses, offers: 'listeners' },
    help: "Forward COMMAND's localhost:PORT to this machine",
  },
  proxy: {
    as: 'proxies',
    value: { word: '[ADDRESS:]PORT', read: readProxies, offers: ['1080\tthe usual SOCKS port', '0\ta free port'] },
    help: "SOCKS5 and HTTP proxy into SERVICE's network",
  },
} as const satisfies Entries;

const reports = {
  check: { help: 'Diagnose the connection to HOST:PORT' },
  'list-networks': { help: "List the project's networks and their services" },
  'list-names': { help: 'List the names on them, or what SERVICE resolves' },
  hostaliases: { help: "Write HOSTALIASES files, or print NETWORK's" },
  'print-env': { help: "Print SERVICE's variables, for --env-file" },
  format: {
    value: {
      word: 'FORMAT',
      offers: [
        'table\tcolumns, as docker prints them',
        'json\tone JSON object per line',
        ...drawings.map((name) => `${name}\ta diagram, for --list-networks`),
        'dotenv\ta .env file, for --print-env',
        'shell\tlines for eval, for --print-env',
      ],
    },
    help: 'table, json, mermaid, dot or a Go template',
    goesWith: ['check', 'doctor', 'forward', 'reverse', 'proxy', 'dry-run', 'print-env', ...reportKinds],
  },
  quiet: { short: 'q', help: 'Print the first column only', goesWith: reportKinds },
  'no-trunc': { as: 'noTrunc', help: 'Do not truncate long lists', goesWith: ['dry-run', ...reportKinds] },
  doctor: { help: 'Check if netexec works here, and if not, why' },
  timeout: {
    value: { word: 'SECONDS', read: values.readSeconds, offers: [] },
    help: 'For each answer of --check (3), or --wait (60)',
    goesWith: ['check', 'wait'],
  },
} as const satisfies Entries;

const aboutNetexec = {
  man: { help: 'Print the man page, for man -l -' },
  uninstall: { help: 'Remove netexec and the files it wrote' },
  version: { help: 'Print the version' },
  help: { short: 'h', help: 'Print this help' },
} as const satisfies Entries;

export type Options = typeof whichContainer &
  typeof whereCommandRuns &
  typeof howCommandRuns &
  typeof ports &
  typeof reports &
  typeof aboutNetexec;
export type OptionName = keyof Options;
export type NamedOption = Option<OptionName> & { readonly name: OptionName };

/** As help shows them; the last has no title. */
export const sections: readonly { readonly title: string; readonly options: readonly NamedOption[] }[] = [
  { title: 'Which container', options: listed(whichContainer) },
  { title: 'Where COMMAND runs', options: listed(whereCommandRuns) },
  { title: 'How COMMAND runs', options: listed(howCommandRuns) },
  { title: 'Ports', options: listed(ports) },
  { title: 'Reports', options: listed(reports) },
  { title: '', options: listed(aboutNetexec) },
];

export const netexecOptions = sections.flatMap(({ options }) => options);

/** All that is taken in front of SERVICE. */
export const takenOptions = [...netexecOptions, ...execOptions];
