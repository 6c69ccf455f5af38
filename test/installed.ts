// Which Debian packages are installed for which of the project's files, as the scripts that install them list them.
import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { documents, root } from './documents.ts';

/** A package, and its programs that something of the project's starts. */
export interface Installed {
  readonly name: string;
  readonly programs: readonly string[];
}

const read = (file: string): string => readFileSync(join(root, file), 'utf8');

/** The lines of `packages=(…)`: `PACKAGE # PROGRAM...` */
export function packagesOf(script: string): readonly Installed[] {
  const lines = /^packages=\(\n([^]*?)^\)$/m.exec(script)?.[1]?.trim().split('\n') ?? [];
  return lines.map((line) => {
    const [name = '', programs = ''] = line.trim().split(' # ');
    return { name, programs: programs.split(' ').filter((program) => program !== '') };
  });
}

export const lists: Readonly<Record<string, readonly Installed[]>> = {
  ...Object.fromEntries(
    ['scripts/test', 'test/programs/build', 'scripts/demo', 'scripts/recording', 'scripts/bench'].map((script) => [
      script,
      packagesOf(read(script)),
    ]),
  ),
  'test/engines/engine': [
    { name: 'docker.io', programs: ['docker', 'dockerd'] },
    { name: 'containerd', programs: ['containerd'] },
    { name: 'runc', programs: [] },
    { name: 'iptables', programs: ['iptables'] },
  ],
  // npm, for scripts/setup, which then brings the Node that the tools run with.
  'scripts/setup': [{ name: 'npm', programs: ['npm', 'node'] }],
};

/** The scripts that install what a file needs, before it is used. */
export function installersOf(file: string, text: string): readonly string[] {
  const [, script] = owners.find(([pattern]) => pattern.test(file)) ?? [];
  const programs = /\bbuiltPrograms\(|^\/\/ .*\.\/build\b/m.test(text) || file === 'test/programs/build';
  return ['test/engines/engine', 'scripts/setup', script ?? [], programs ? 'test/programs/build' : []].flat();
}

const owners: readonly (readonly [RegExp, string | undefined])[] = [
  [/^(?:scripts\/demo$|docs\/demo\/)/, 'scripts/demo'],
  [/^scripts\/recording/, 'scripts/recording'],
  [/^scripts\/bench/, 'scripts/bench'],
  // These run where nothing else has been installed yet.
  [
    /^(?:scripts\/(?:command|install|setup|uninstall|lib\/(?:packages|places\.sh))|test\/engines\/(?:engine|(?:engine\.d|images)\/.*))$/,
    undefined,
  ],
  [/./, 'scripts/test'],
];

/** Of the packages that every Debian has: they are essential or required. */
export const base: readonly string[] = [
  ...'apt-get awk basename bash cat chmod chown chroot chrt clear cmp cp cut date dash df diff dirname dpkg'.split(' '),
  ...'dpkg-deb dpkg-query du echo env false find findmnt flock getent grep head hostname id install join'.split(' '),
  ...'ln ls mkdir mkfifo mknod mktemp mount mv nice nohup nsenter od passwd printenv printf prlimit pwd'.split(' '),
  ...'readlink rm rmdir script sed seq service setpriv setsid sh sha256sum sleep sort stat stty su tail tar'.split(' '),
  ...'taskset tee test timeout touch tr true tty umount uname unshare wc xargs yes'.split(' '),
];

/** Every text that may start a program of this machine's, by its file. */
export function startingFiles(): ReadonlyMap<string, string> {
  const names = [...documents, ...['.ci', 'plugin-metadata', 'scripts', 'src', 'test'].flatMap(filesBelow)];
  const texts = names.map((name) => [name, read(name)] as const);
  return new Map(texts.filter(([name, text]) => /\.(?:ts|md|sh|bash)$/.test(name) || /^#!.*\b(?:ba)?sh$/m.test(text)));
}

/** But for what the tests read or leave, and what runs in containers. */
const filesBelow = (folder: string): readonly string[] =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .map((name) => `${folder}/${name}`)
    .filter((name) => !/^test\/(?:artifacts|engines\/images\/serve-|fixtures|golden|unit)|\.md$/.test(name))
    .filter((name) => statSync(join(root, name)).isFile());
