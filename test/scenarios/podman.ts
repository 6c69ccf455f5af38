// A Podman for the scenarios of a file, in the place of docker's engine (test/engines/with-podman).
import { after } from 'node:test';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import type { Asked } from './asked-for.ts';
import { useProject } from './scenario.ts';
import { startStep } from './steps.ts';

/** The Debians whose Podman is tried: 4.3 and 5.4. */
export type PodmanOf = 'bookworm' | 'trixie';

export const project = 'podman';

export interface Podman {
  /** The words that run a program beside it, in its network: podman, podman-compose. */
  readonly beside: (argv: readonly string[]) => readonly string[];
  /** The words that run a program of this machine's in its network. */
  readonly inNetwork: (argv: readonly string[]) => readonly string[];
}

/** What askForAll has of the project. */
export const askedOfProject: Omit<Asked, 'options' | 'besides'> = {
  lead: [],
  service: 'web',
  network: 'backend',
  called: 'web',
  other: 'west',
  port: 8080,
  process: 'serve-http',
  replicas: ['web-1 '],
  variable: ['TOLD', 'of the service'],
  file: ['/run/secrets/word', /^root:x:0:/m],
};

const withPodman = join(import.meta.dirname, '../engines/with-podman');

/**
 * Starts it, and has the project up on it before the file's first scenario.
 * @param options of test/engines/with-podman: whose it is, and its runtime
 */
export async function usePodman(debian: PodmanOf, options: readonly string[] = []): Promise<Podman> {
  const waiting = ['sh', '-c', 'echo "$DOCKER_HOST $NETEXEC_BESIDE_PODMAN $$ ready"; cat'];
  const engine = startStep([withPodman, debian, ...options, ...waiting], { timeout: 3_600_000 });
  await engine.says(' ready\n');
  const [host = '', beside = '', pid] = engine.stdout().split(' ');
  process.env['DOCKER_HOST'] = host;
  const inNetwork: Podman['inNetwork'] = (argv) => ['nsenter', `--net=/proc/${pid}/ns/net`, '--', ...argv];
  const podman: Podman = { inNetwork, beside: (argv) => inNetwork([beside, ...argv]) };
  const table = process.env['NETEXEC_PODMAN_TABLE'];
  if (table !== undefined) writeFileSync(table, JSON.stringify(await versionsOf(debian, podman)));
  // The engine goes, with all that is on it.
  process.env['NETEXEC_KEEP'] = '1';
  useProject(project);
  after(async () => {
    engine.closeInput();
    await engine.ended;
  });
  return podman;
}

/** For scripts/reliability. */
async function versionsOf(debian: PodmanOf, { beside }: Podman): Promise<object> {
  const asked = async (...words: readonly string[]): Promise<string> => {
    const [file = '', ...args] = words;
    return (await execa(file, args, { cwd: '/' })).stdout;
  };
  const versionOf = (text: string): string => /\d+(?:\.\d+)+[^\s,]*/.exec(text)?.[0] ?? text;
  const info = JSON.parse(await asked(...beside(['podman', 'info', '-f', 'json']))) as {
    readonly host: {
      readonly cgroupVersion: string;
      readonly conmon: { readonly version: string };
      readonly ociRuntime: { readonly name: string; readonly version: string };
      readonly security: { readonly rootless: boolean };
    };
    readonly version: { readonly Version: string };
  };
  const helper = async (name: string) => versionOf(await asked(...beside([`/usr/lib/podman/${name}`, '--version'])));
  const { cgroupVersion, conmon, ociRuntime, security } = info.host;
  return {
    debian,
    podman: info.version.Version,
    runtime: `${ociRuntime.name} ${versionOf(ociRuntime.version)}`,
    cgroups: cgroupVersion,
    conmon: versionOf(conmon.version),
    netavark: await helper('netavark'),
    aardvark: await helper('aardvark-dns'),
    rootless: security.rootless,
    docker: versionOf(await asked('docker', '--version')),
  };
}
