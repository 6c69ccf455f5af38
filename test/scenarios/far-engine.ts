// An engine whose process numbers are not this kernel's first, as that of Docker Desktop or of another machine: in process and
// network namespaces of its own. It is reached by what the test has in front of it: tcp, TLS, ssh.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import { join } from 'node:path';
import { createServer as createTlsServer } from 'node:tls';
import { unpacked } from './hosts.ts';
import { ownMachine } from './machine.ts';
import { must } from './scenario.ts';
import type { RunOptions, Scenario } from './scenario.ts';

export interface FarEngine {
  /** The options of a step that reaches it, by the name of the carrier. */
  readonly by: Readonly<Record<'unix' | 'tcp' | 'tls' | 'ssh', RunOptions>>;
  /** Ends all connections by tcp and TLS, as a network that is lost would. */
  cut(): void;
  docker(...words: readonly string[]): Promise<string>;
}

/** It has the images of the projects, and goes with the scenario. */
export async function farEngine(s: Scenario): Promise<FarEngine> {
  const machine = await ownMachine(s, { network: true });
  const inside = (script: string, ...words: readonly string[]) =>
    must(s.run(machine.inside(['sh', '-ec', script, 'sh', ...words])));
  await inside('ip link set lo up');
  const layer = process.env['NETEXEC_ENGINE_LAYER'];
  if (layer) await inside('mount -t overlay -o "lowerdir=$1:/usr" machine /usr', layer);
  const folder = mkdtempSync('/var/tmp/docker-netexec-engine.');
  const socket = join(folder, 'docker.sock');
  const unix: RunOptions = { env: { DOCKER_HOST: `unix://${socket}` } };
  const apart = ['unshare', '--pid', '--fork', '--mount-proc', '--kill-child', '--', 'sh', '-c', daemons, 'sh', folder];
  const daemon = await s.start(machine.inside(apart), { timeout: 1_800_000 });
  s.t.after(async () => {
    await s.run(['sh', '-c', 'docker ps -aq | xargs -r docker rm -f'], unix);
    daemon.kill('SIGTERM');
    await daemon.ended;
    rmSync(folder, { recursive: true, force: true });
  });
  await s.eventually(async () => assert.equal((await s.docker(['version'], unix)).status, 0));
  const here = process.env['DOCKER_HOST'] ?? 'unix:///var/run/docker.sock';
  await must(s.run(['sh', '-c', 'docker --host "$1" save netexec/servers:1 | docker load', 'sh', here], unix));
  const open = new Set<Socket>();
  const keep = (each: Socket): void => {
    open.add(each);
    each.on('close', () => open.delete(each)).on('error', () => {});
  };
  /** Leads to the engine's socket. */
  const lead = (client: Socket): void => {
    const server = connect({ path: socket, allowHalfOpen: true });
    for (const each of [client, server]) keep(each);
    client.pipe(server).pipe(client);
    client.on('close', () => server.destroy());
    server.on('close', () => client.destroy());
  };
  const certificates = await makeCertificates(s);
  const read = (name: string): Buffer => readFileSync(join(certificates, name));
  const tlsOptions = { ca: read('ca.pem'), cert: read('cert.pem'), key: read('key.pem'), requestCert: true };
  const tcpPort = await listen(s, createServer({ allowHalfOpen: true }, lead));
  const tlsPort = await listen(s, createTlsServer({ ...tlsOptions, rejectUnauthorized: true }, lead));
  return {
    by: {
      unix,
      tcp: { env: { DOCKER_HOST: `tcp://127.0.0.1:${tcpPort}` } },
      tls: {
        env: {
          DOCKER_HOST: `tcp://127.0.0.1:${tlsPort}`,
          DOCKER_TLS_VERIFY: '1',
          DOCKER_CERT_PATH: certificates,
        },
      },
      ssh: await openSsh(s, socket),
    },
    cut: () => {
      for (const each of open) each.destroy();
    },
    docker: async (...words) => (await must(s.docker(words, unix))).stdout.trim(),
  };
}

/** With what they start they go when the first of them does. */
const daemons = `
  mkdir -p "$1/containerd-run"
  containerd --config /dev/null --address "$1/containerd.sock" --root "$1/containerd" --state "$1/containerd-run" &
  dockerd --storage-driver=overlay2 --containerd "$1/containerd.sock" --data-root "$1/data" --exec-root "$1/run" \\
    --pidfile "$1/pid" --host "unix://$1/docker.sock" &
  engine=$!
  trap 'kill "$engine"' TERM
  while kill -0 "$engine"; do wait "$engine"; done 2>/dev/null
`;

async function listen(s: Scenario, server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  s.t.after(() => server.close());
  return (server.address() as AddressInfo).port;
}

/** One for both sides. */
async function makeCertificates(s: Scenario): Promise<string> {
  const folder = join(s.folder, 'certificates');
  mkdirSync(folder);
  const made = [
    'openssl req -x509 -newkey rsa:2048 -nodes -keyout ca-key.pem -out ca.pem -days 2 -subj /CN=netexec-test',
    'openssl req -newkey rsa:2048 -nodes -keyout key.pem -out csr.pem -subj /CN=engine',
    'echo subjectAltName=IP:127.0.0.1 >extensions',
    'openssl x509 -req -in csr.pem -CA ca.pem -CAkey ca-key.pem -CAcreateserial -days 2 -extfile extensions -out cert.pem',
  ];
  await must(s.run(['sh', '-ec', made.join('\n')], { cwd: folder }));
  return folder;
}

/** A machine with a server of ssh, and the engine where docker looks for it. */
async function openSsh(s: Scenario, socket: string): Promise<RunOptions> {
  const machine = await ownMachine(s);
  const folder = join(s.folder, 'ssh');
  mkdirSync(folder);
  const on = (name: string): string => join(folder, name);
  for (const name of ['host', 'id']) await must(s.run(['ssh-keygen', '-q', '-t', 'ed25519', '-N', '', '-f', on(name)]));
  const prepare = `
    mount -t overlay machine -o "lowerdir=$1:/usr" /usr
    grep -q ^sshd: /etc/passwd || echo 'sshd:x:104:65534::/run/sshd:/usr/sbin/nologin' >>/etc/passwd
    mkdir -p /run/sshd
    [ -e /run/docker.sock ] || : >/run/docker.sock
    mount --bind "$2" /run/docker.sock`;
  const layer = await unpacked(s, ['openssh-server']);
  await must(s.run(machine.inside(['sh', '-ec', prepare, 'sh', layer, socket])));
  // A free one, for a moment.
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  const settings = [
    `ListenAddress 127.0.0.1:${port}`,
    `HostKey ${on('host')}`,
    `AuthorizedKeysFile ${on('id.pub')}`,
    'StrictModes no',
    'PermitRootLogin yes',
    'PidFile none',
    'UsePAM no',
  ];
  writeFileSync(on('sshd_config'), `${settings.join('\n')}\n`);
  const daemon = await s.start(machine.inside([join(layer, 'sbin/sshd'), '-D', '-e', '-f', on('sshd_config')]), {
    timeout: 1_800_000,
  });
  s.t.after(async () => {
    daemon.kill('SIGTERM');
    await daemon.ended;
  });
  await s.eventually(() => daemon.stderr().includes('Server listening'));
  const client = [
    'Host far',
    '  HostName 127.0.0.1',
    `  Port ${port}`,
    '  User root',
    `  IdentityFile ${on('id')}`,
    '  IdentitiesOnly yes',
    '  StrictHostKeyChecking no',
    '  UserKnownHostsFile /dev/null',
    '  LogLevel ERROR',
  ];
  writeFileSync(on('config'), `${client.join('\n')}\n`);
  // A caller's own settings are in a home that is not this test's to write in.
  mkdirSync(on('bin'));
  writeFileSync(on('bin/ssh'), `#!/bin/sh\nexec /usr/bin/ssh -F ${on('config')} "$@"\n`);
  chmodSync(on('bin/ssh'), 0o755);
  const path = `${on('bin')}:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin`;
  return { env: { DOCKER_HOST: 'ssh://far', PATH: path } };
}
