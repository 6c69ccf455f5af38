// Where the plugin is run: installed as users have it, in a folder, an environment and with an engine of the test's own.
import { spawn } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  cpSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before } from 'node:test';
import type { TestContext } from 'node:test';
import { installedPlugin } from '../checkout-plugin.ts';

const root = join(import.meta.dirname, '../..');
export const isRoot = process.getuid?.() === 0;

/** The words that run a program as a user who may do nothing special; an ordinary user is that already. */
export const asOrdinaryUser: readonly string[] = isRoot
  ? ['setpriv', '--reuid', '65534', '--regid', '65534', '--clear-groups', '--inh-caps=-all', '--']
  : [];

/** The words that run a program in namespaces of its own, such as `--mount`, and as root there, whoever calls. */
export const inOwn = (...namespaces: readonly string[]): readonly string[] => [
  'unshare',
  ...(isRoot ? [] : ['--user', '--map-root-user']),
  ...namespaces,
  '--',
];

export const systemPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** A folder that others may look into, and that is gone after the test. */
export function temporaryFolder(): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'netexec-test-')));
  chmodSync(folder, 0o755);
  return folder;
}

export const removeFolder = (folder: string): void => rmSync(folder, { recursive: true, force: true });

/** A copy of the checkout, so that a test may build, change and remove it while others use the real one. */
export function copyCheckout(folder: string): string {
  const copy = join(folder, 'checkout');
  mkdirSync(copy);
  for (const name of [
    'scripts',
    'src',
    'test/engines',
    'plugin-metadata',
    'package.json',
    'LICENSE',
    'README.md',
    'docs',
  ]) {
    cpSync(join(root, name), join(copy, name), { recursive: true });
  }
  // The list of the packages that are there: nothing is to be fetched for a test.
  cpSync(join(root, 'node_modules/.installed-lock'), join(copy, 'package-lock.json'));
  // A link each: whatever an installation does to the folder, the real one is not touched.
  mkdirSync(join(copy, 'node_modules'));
  for (const name of readdirSync(join(root, 'node_modules'))) {
    symlinkSync(join(root, 'node_modules', name), join(copy, 'node_modules', name));
  }
  return copy;
}

/** Without what the checkout's packages put on PATH, where npm and tests have it first: users have none of it. */
export const pathWithoutCheckout = (process.env['PATH'] ?? '')
  .split(':')
  .filter((folder) => !folder.startsWith(root))
  .join(':');

/** Where docker looks by itself, whatever this machine has there: nothing, or this engine. */
export function withDefaultEngine(place: Place, socket?: string): void {
  const made = socket === undefined ? '' : ` && ln -s ${socket} /run/docker.sock`;
  place.wrapper = [...inOwn('--mount'), 'sh', '-c', `mount -t tmpfs none /run${made} && exec "$@"`, 'sh'];
}

export interface Plugin {
  readonly file: string;
  /** The folder that is docker's configuration. */
  readonly config: string;
}

/**
 * Installs the plugin for the tests of this file, which may change it; what is returned is filled in before they run.
 */
export function usePlugin(): Plugin {
  const plugin = { file: '', config: '' };
  let folder = '';
  before(async () => {
    folder = temporaryFolder();
    plugin.config = join(folder, 'docker');
    plugin.file = join(plugin.config, 'cli-plugins/docker-netexec');
    copyPlugin(await installedPlugin(), plugin.config);
  });
  after(() => removeFolder(folder));
  return plugin;
}

/** A copy of an installation. The executable is a link to the same file: it is a hundred megabytes. */
export function copyPlugin(from: string, to: string): void {
  const executable = join('netexec', 'netexec');
  cpSync(from, to, { recursive: true, filter: (file) => file !== join(from, executable) });
  linkOrCopy(join(from, executable), join(to, executable));
}

/** Two names for one file, where that can be. */
export function linkOrCopy(from: string, to: string): void {
  try {
    linkSync(from, to);
  } catch {
    copyFileSync(from, to);
  }
}

/** The executable by itself, as a release has it, in a folder as odd as any; it is there before the tests of this file run. */
export function useSingleFile(): { readonly file: string } {
  const single = { file: '' };
  let folder = '';
  before(async () => {
    folder = temporaryFolder();
    mkdirSync(join(folder, `it's "odd" $HOME`));
    single.file = join(folder, `it's "odd" $HOME`, 'docker-netexec');
    linkOrCopy(join(await installedPlugin(), 'netexec/netexec'), single.file);
  });
  after(() => removeFolder(folder));
  return single;
}

/** With the Node that the tests run with first: the system's own may be older than netexec wants. */
export const pathWithNode = `${dirname(process.execPath)}:${systemPath}`;

export interface Outcome {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** What a test may change before the run. */
export interface Place {
  readonly folder: string;
  readonly socket: string;
  env: Record<string, string>;
  cwd: string;
  /** Words in front of the plugin's. */
  wrapper: readonly string[];
  readonly write: (file: string, content: string | Uint8Array) => string;
  /** Runs last first when the test has ended. */
  readonly cleanUp: (step: () => unknown) => void;
}

export function makePlace(context: TestContext): Place {
  const folder = temporaryFolder();
  const steps: (() => unknown)[] = [() => removeFolder(folder)];
  context.after(async () => {
    for (const step of steps.toReversed()) await step();
  });
  mkdirSync(join(folder, 'work'));
  for (const name of ['home', 'tmp']) {
    mkdirSync(join(folder, name));
    chmodSync(join(folder, name), 0o1777);
  }
  const socket = join(folder, 'engine.sock');
  return {
    folder,
    socket,
    env: {
      PATH: systemPath,
      HOME: join(folder, 'home'),
      TMPDIR: join(folder, 'tmp'),
      DOCKER_HOST: `unix://${socket}`,
      DOCKER_CLI_PLUGIN_ORIGINAL_CLI_COMMAND: 'docker',
    },
    cwd: join(folder, 'work'),
    wrapper: [],
    write(file, content) {
      const path = join(folder, file);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, content);
      return path;
    },
    cleanUp: (step) => steps.push(step),
  };
}

/** Runs a program at a place, with nothing on its standard input; the place's folder reads TMP in what it says. */
export function run(place: Place, [program = '', ...words]: readonly string[]): Promise<Outcome> {
  const { cwd, env, folder } = place;
  const child = spawn(program, words, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'], timeout: 300_000 });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (status) => {
      resolve({ status, stdout: stdout.replaceAll(folder, 'TMP'), stderr: stderr.replaceAll(folder, 'TMP') });
    });
  });
}

/** What a run left behind: files where it keeps them, and processes that still have the place's environment. */
export function leftovers(place: Place): readonly string[] {
  const files = ['home', 'tmp'].flatMap((name) => readdirSync(join(place.folder, name)));
  const processes = readdirSync('/proc').filter((entry) => {
    try {
      return (
        /^\d+$/.test(entry) && readFileSync(`/proc/${entry}/environ`, 'utf8').includes(`\0TMPDIR=${place.folder}/`)
      );
    } catch {
      return false;
    }
  });
  return [...files, ...processes.map((id) => readFileSync(`/proc/${id}/cmdline`, 'utf8').replaceAll('\0', ' '))];
}
