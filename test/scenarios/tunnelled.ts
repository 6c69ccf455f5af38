// COMMANDs whose network is one of their own, at the near end of a tunnel: what each of them must be able to do, whoever calls.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { chmodSync, chownSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { installedPlugin } from './grounds.ts';
import { must } from './scenario.ts';
import type { Run, RunOptions, Scenario } from './scenario.ts';

/** A user without any right, on a machine where the device of tunnels is everybody's, as on most. */
export async function ordinaryUser(s: Scenario, options: RunOptions): Promise<RunOptions> {
  const home = join(s.folder, `user-${(made += 1)}`);
  mkdirSync(home);
  // The checkout may be where only root can enter.
  const config = join(home, 'docker');
  await must(s.run(['cp', '-r', await installedPlugin(), config]));
  await must(s.run(['chmod', '-R', 'go=rX', config]));
  chmodSync(s.folder, 0o755);
  chownSync(home, uid, uid);
  const script = `
    mknod -m 666 "$1" c 10 200
    mount --bind "$1" /dev/net/tun
    rm "$1"
    shift
    exec setpriv --reuid ${uid} --regid ${uid} --clear-groups --no-new-privs -- "$@"`;
  const own = ['unshare', '--mount', '--propagation', 'slave', '--', 'sh', '-ec', script, 'sh', join(home, 'tun')];
  return {
    ...options,
    cwd: home,
    env: {
      COMPOSE_PROJECT_NAME: s.projectName,
      ...options.env,
      HOME: home,
      DOCKER_CONFIG: config,
      XDG_RUNTIME_DIR: undefined,
    },
    through: (argv) => [...own, ...argv],
  };
}

const uid = 1500;
let made = 0;

/** One of the group that may ask the engine. */
export async function engineMember(s: Scenario): Promise<RunOptions> {
  const options = await ordinaryUser(s, {});
  const group = /^docker:[^:]*:(\d+):/m.exec(readFileSync('/etc/group', 'utf8'))?.[1] ?? '0';
  const through = options.through as (argv: readonly string[]) => readonly string[];
  return {
    ...options,
    through: (argv) => through(argv).map((word) => word.replace('--clear-groups', `--groups ${group}`)),
  };
}

/** The helper containers in the networks of the project's containers; other tests beside this one have theirs. */
export async function helpersOf(s: Scenario): Promise<readonly string[]> {
  const listed = async (...words: readonly string[]): Promise<readonly string[]> =>
    (await must(s.docker(['ps', '-aq', '--no-trunc', ...words]))).stdout.split('\n').filter(Boolean);
  const joined = await listed('--filter', `label=com.docker.compose.project=${s.projectName}`);
  const own = await listed('--filter', 'label=docker-netexec.supervisor');
  const modes = await Promise.all(
    own.map(async (id) => (await s.docker(['inspect', '--format', '{{.HostConfig.NetworkMode}}', id])).stdout.trim()),
  );
  return own.filter((_, index) => joined.some((id) => modes[index] === `container:${id}`));
}

/** @param netexec runs `docker netexec WORDS...` with the tunnel */
export async function tunnelled(
  s: Scenario,
  netexec: (words: readonly string[]) => Promise<Run>,
  serves: (script: string) => Promise<unknown>,
): Promise<void> {
  const said = async (...words: readonly string[]): Promise<string> => (await must(netexec(words))).stdout.trim();
  // By name, and on the service's own localhost.
  const asked = `
    psql -h postgres -U app -tAc 'select 1'
    for host in web localhost; do curl -sS --noproxy '*' -m 20 -o /dev/null -w '%{http_code}\\n' "http://$host:8080/"; done
    HOSTALIASES= getent hosts db redis
    grep nameserver /etc/resolv.conf`;
  assert.match(
    await said('web', '--', 'sh', '-c', asked),
    /^1\n200\n200\n[\d.]+ +db\n[\d.]+ +redis\nnameserver 127\.0\.0\.11$/,
  );
  // Refused, and not reached: as the kernel says it.
  const outcomes = await said('web', '--', '/usr/bin/python3', '-c', connects);
  assert.equal(outcomes, 'ECONNREFUSED ECONNREFUSED EHOSTUNREACH ECONNREFUSED own b"own" timed out');
  // Its own, in everything else.
  const mine = await netexec(['web', '--', 'sh', '-c', 'id -u; cat; exit 7']);
  assert.deepEqual([mine.status, mine.stderr], [7, '']);
  assert.equal((await netexec(['web', '--', 'sh', '-c', 'kill -TERM $$'])).status, 143);
  const told = await said(
    '--service-env',
    '--network',
    'backend',
    'web',
    '--',
    'sh',
    '-c',
    'env; grep search /etc/resolv.conf',
  );
  assert.match(told, /^LANG=[^]*^search \S+_backend\b/m);
  // Both ways, with a half-close and the answer after it; and more at once than a queue has room for.
  const sent = join(s.folder, 'sent');
  const data = Buffer.alloc(20_000_000, 'netexec');
  writeFileSync(sent, data);
  await serves('nc -l -p 7001 -e sha256sum & nc -l -p 7002 -e head -c 20000000 /dev/zero & wait');
  const sum = createHash('sha256').update(data).digest('hex');
  const streams = await said('web', '--', '/usr/bin/python3', '-c', carries, sent);
  assert.equal(streams, `${sum} 20000000 300`);
}

/** As the first of each place: nobody listens, in another container and in the service's own, nobody is there; and a server of its own. */
const connects = `
import errno, socket, threading
def connect(host, port):
    try: return socket.create_connection((host, port), 30).recv(3)
    except OSError as e: return errno.errorcode.get(e.errno, str(e))
address = socket.gethostbyname('redis')
nobody = '.'.join(address.split('.')[:3] + ['251'])
def datagram(host, port, again=False):
    s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    s.settimeout(3)
    s.connect((host, port))
    try:
        s.send(b'asked')
        return s.recv(9)
    except OSError as e: return errno.errorcode.get(e.errno, str(e))
server = socket.create_server(('0.0.0.0', 7443))
threading.Thread(target=lambda: [server.accept()[0].sendall(b'own') for _ in range(2)], daemon=True).start()
print(connect('redis', 1), connect('127.0.0.1', 7444), connect(nobody, 80), datagram('redis', 9),
  connect('web', 7443).decode(), str(connect('127.0.0.1', 7443)).replace("'", '"'), datagram('127.0.0.11', 53))`;

const carries = `
import socket, sys, time
def connect(port):
    while True:
        try: return socket.create_connection(('localhost', port), 30)
        except ConnectionRefusedError: time.sleep(0.1)
up = connect(7001)
up.sendall(open(sys.argv[1], 'rb').read())
up.shutdown(socket.SHUT_WR)
sum = up.makefile().read().split()[0]
down, got = connect(7002), 0
while True:
    piece = down.recv(1 << 20)
    if not piece: break
    got += len(piece)
many = []
address = socket.gethostbyname('redis')
for _ in range(300):
    each = socket.socket()
    each.setblocking(False)
    each.connect_ex((address, 6379))
    many.append(each)
for each in many:
    each.settimeout(30)
    each.sendall(b'PING\\r\\n')
    assert each.recv(7) == b'+PONG\\r\\n'
print(sum, got, len(many))`;
