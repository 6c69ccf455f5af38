// Makes the folders of the npm packages: that of the command, and one for each platform whose executable is in dist/.
import { chmodSync, cpSync, existsSync, linkSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { platforms } from '../build.d/platforms.ts';
import type { Platform } from '../build.d/platforms.ts';
import { takeWords } from '../lib/usage.ts';

const root = join(import.meta.dirname, '../..');
const usage = `Usage: node scripts/release.d/npm-packages.ts FOLDER

Makes the npm packages of what scripts/build has made, each in a folder of its name in FOLDER, for npm pack.`;
const [folder = ''] = takeWords(usage, {}, 1).positionals;

interface Package {
  readonly name: string;
  readonly version: string;
  readonly description: string;
  readonly license: string;
  readonly files: readonly string[];
  readonly [other: string]: unknown;
}

const own = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Package;
const nameOf = ({ name }: Platform): string => `${own.name}-${name}`;

/** npm installs that of the machine's platform alone. */
const packaged = platforms.filter(({ os }) => os === 'linux');
const optionalDependencies = Object.fromEntries(packaged.map((platform) => [nameOf(platform), own.version]));

function makeCommand(): void {
  const { private: _private, scripts: _scripts, devDependencies: _dev, allowScripts: _allowed, ...described } = own;
  for (const name of [...own.files, 'README.md', 'LICENSE']) copy(join(root, name), join(folder, own.name, name));
  write(own.name, { ...described, optionalDependencies });
}

function makeExecutable(platform: Platform): void {
  const { version, license } = own;
  const made = join(root, 'dist', nameOf(platform));
  if (!existsSync(made)) return;
  const { cpu, libc } = platform;
  const name = nameOf(platform);
  copy(join(root, 'LICENSE'), join(folder, name, 'LICENSE'));
  linkSync(made, join(folder, name, own.name));
  const description = `The executable of docker netexec for ${platform.name}: install ${own.name}`;
  write(name, { name, version, description, license, os: ['linux'], cpu: [cpu], libc: [libc], files: [own.name] });
}

function copy(from: string, to: string): void {
  mkdirSync(dirname(to), { recursive: true });
  cpSync(from, to, { recursive: true });
}

function write(name: string, content: object): void {
  const file = join(folder, name, 'package.json');
  writeFileSync(file, `${JSON.stringify(content, undefined, 2)}\n`);
  chmodSync(file, 0o644);
}

makeCommand();
for (const platform of packaged) makeExecutable(platform);
