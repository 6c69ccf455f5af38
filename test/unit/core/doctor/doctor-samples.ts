// The facts that --doctor's tests start from: all is well.
import type { DoctorFacts } from '../../../../src/core/doctor/doctor-facts.ts';

const plugin = '/home/me/.docker/cli-plugins/docker-netexec';
const taken = {
  kind: 'sudo',
  program: { file: '/usr/bin/sudo', asks: false },
  cause: 'it asks for no password',
} as const;

export const fine: DoctorFacts = {
  version: '0.1.0',
  platform: 'linux',
  system: 'Debian GNU/Linux 12 (bookworm)',
  kernel: '6.1.0 x64',
  install: {
    plugin,
    singleFile: false,
    found: [{ file: plugin, version: '0.1.0', same: true }],
    oldCompletion: undefined,
  },
  docker: 'Docker version 28.2.2',
  compose: 'Docker Compose version v2.26.1',
  engine: {
    endpoint: { host: 'unix:///var/run/docker.sock', source: "docker's default" },
    told: {
      product: 'docker',
      version: '28.2.2',
      system: 'Debian',
      rootless: false,
      runtime: 'runc',
      runtimes: ['runc'],
      security: ['seccomp'],
    },
    problem: undefined,
    local: 'container',
    forgotten: [],
  },
  ways: [
    { kind: 'root', way: undefined, reason: 'you are not root' },
    { kind: 'sudo', way: taken, reason: 'it asks for no password' },
    { kind: 'docker', way: { kind: 'docker', cause: '' }, reason: 'the engine runs as root' },
  ],
  tools: [{ name: 'nsenter', file: '/usr/bin/nsenter', lacks: [] }],
  names: { resolvConf: 'a file', hosts: 'files dns', nscd: false, aliasLimits: [], overlay: true },
  guards: { appArmor: false, seLinux: undefined, userNamespaces: 1000, hiddenProcesses: false },
  aliasFolder: { folder: '/run/user/1000/docker-netexec', problem: undefined },
};

/** An engine that does not answer. */
export const problem = { what: 'the engine at unix:///x cannot be reached', hint: 'docker version' };
