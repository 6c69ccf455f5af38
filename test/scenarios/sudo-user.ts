// An ordinary user of this machine who may use docker and sudo: made for a test file, gone after it.
import { after, before } from 'node:test';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { installedPlugin } from './grounds.ts';
import { useProject } from './scenario.ts';
import type { RunOptions, Scenario } from './scenario.ts';

export interface SudoUser {
  readonly name: string;
  /** A folder that nobody else may enter, and from which its steps are taken. */
  home(): string;
  /** A step of this user's, who has a copy of the plugin that everybody may read. */
  step(s: Scenario, options?: RunOptions): RunOptions;
  /** What sudoers(5) says of the user until the scenario ends: `rule` stands behind its name, '' is nothing at all. */
  allow(s: Scenario, rule: string, defaults?: string): void;
}

/** As sudoers(5) has it, behind a user. */
export const everything = 'ALL=(ALL) NOPASSWD: ALL';

const rules = '/etc/sudoers.d';

/** Of a file's scenarios, which use the project. */
export function useSudoUser(project: string): SudoUser {
  const name = `netexec-${process.pid}`;
  let folder = '';

  const write = (rule: string, defaults: string): void => {
    const lines = [defaults === '' ? '' : `Defaults:${name} ${defaults}`, rule === '' ? '' : `${name} ${rule}`];
    rmSync(join(rules, name), { force: true });
    writeFileSync(join(rules, name), `${lines.join('\n')}\n`, { mode: 0o440 });
  };

  // Before the project is let go of; and after it has been got.
  after(async () => {
    await removeUser(name);
    if (folder !== '') rmSync(folder, { recursive: true, force: true });
  });
  useProject(project);
  before(async () => {
    await removeLeftovers();
    // A checkout may be where only root can enter; /tmp may be small.
    folder = mkdtempSync('/var/tmp/netexec-sudo-');
    chmodSync(folder, 0o755);
    await execa('cp', ['-r', await installedPlugin(), join(folder, 'docker')]);
    await execa('chmod', ['-R', 'go=rX', join(folder, 'docker')]);
    const socket = process.env['DOCKER_HOST']?.replace(/^unix:\/\//, '') ?? '/var/run/docker.sock';
    const groups = `${statSync(socket).gid},users`;
    await execa('useradd', ['--no-create-home', '--home-dir', join(folder, 'home'), '--groups', groups, name]);
    const { stdout } = await execa('getent', ['passwd', name]);
    const [, , uid, gid] = stdout.split(':').map(Number);
    mkdirSync(join(folder, 'home'), { mode: 0o700 });
    chownSync(join(folder, 'home'), uid ?? -1, gid ?? -1);
    write(everything, '');
  });

  const home = (): string => join(folder, 'home');
  return {
    name,
    home,
    step: (s, options = {}) => ({
      user: name,
      cwd: home(),
      ...options,
      env: {
        HOME: home(),
        DOCKER_CONFIG: join(folder, 'docker'),
        COMPOSE_PROJECT_NAME: s.projectName,
        ...options.env,
      },
    }),
    allow: (s, rule, defaults = '') => {
      s.t.after(() => write(everything, ''));
      write(rule, defaults);
    },
  };
}

async function removeUser(name: string): Promise<void> {
  rmSync(join(rules, name), { force: true });
  await execa('userdel', ['--force', name], { reject: false });
}

/** Of runs that were killed: nobody may be left on a machine who is root without a password. */
async function removeLeftovers(): Promise<void> {
  const users = readdirSync(rules).filter((name) => /^netexec-\d+$/.test(name));
  const dead = users.filter((name) => !existsSync(`/proc/${name.replace('netexec-', '')}`));
  for (const name of dead) await removeUser(name);
}
