// What is wrong with a server of this machine, which a container comes to by host.docker.internal. One row a situation.
import type { Row } from './check-samples.ts';
import { fromMachine, listens } from './check-samples.ts';

const python = (address: string, given = {}) => listens(address, 8123, { process: 'python3 (pid 4711)', ...given });
const unseen = { process: undefined };
export const machineRows: readonly Row[] = [
  [
    'a server of this machine on 127.0.0.1 only',
    'loopback-only',
    fromMachine([python('127.0.0.1'), listens('0.0.0.0', 22)]),
    /^python3 on 127\.0\.0\.1:8123 \(this machine\): containers cannot reach that$/,
    /^make it listen on 0\.0\.0\.0, or on 172\.17\.0\.1 for containers only: .*; or let COMMAND reach it unchanged, on localhost, with --reverse 8123$/,
  ],
  [
    'a server of this machine on 127.0.0.1 and ::1, whose program may not be seen',
    'loopback-only',
    fromMachine([python('127.0.0.1', unseen), python('::1', unseen)]),
    /^a program on 127\.0\.0\.1:8123 and \[::1\]:8123 \(this machine\): containers cannot reach that$/,
    /listen on 0\.0\.0\.0/,
  ],
  [
    'a server of this machine on 127.0.0.1 only, behind a firewall as well',
    'loopback-only',
    fromMachine([python('127.0.0.1')], 'TIMEOUT'),
    /containers cannot reach that$/,
    /listen on 0\.0\.0\.0/,
  ],
  [
    "a server of this machine on 127.0.0.1 only, by this machine's IPv6 address",
    'loopback-only',
    fromMachine([python('127.0.0.1')], 'ECONNREFUSED', {}, 'fd00::1'),
    /containers cannot reach that$/,
    /make it listen on ::, or on fd00::1 for/,
  ],
  [
    'a port that a neighbour publishes for this machine alone',
    'loopback-only',
    fromMachine([python('127.0.0.1', { process: 'docker-proxy (pid 9)' })], 'ECONNREFUSED', {
      publishers: [{ called: 'db', inside: 5432, near: true }],
    }),
    /^docker-proxy on 127\.0\.0\.1:8123 \(this machine\)/,
    /^it is db's port, published for this machine only: use db:5432$/,
  ],
  [
    'a port that another project publishes for this machine alone',
    'loopback-only',
    fromMachine([python('127.0.0.1', unseen)], 'ECONNREFUSED', {
      publishers: [{ called: 'other/db', inside: 5432, near: false }],
    }),
    /^a program on 127\.0\.0\.1:8123 \(this machine\)/,
    /it is other\/db's port, .*put both on one network \(services\.web\.networks\): db:5432$/,
  ],
  [
    'a server of this machine on another of its addresses',
    'other-address',
    fromMachine([python('192.168.1.5'), python('127.0.0.1')]),
    /^python3 on 192\.168\.1\.5:8123 and 127\.0\.0\.1:8123 \(this machine\), not on 172\.17\.0\.1$/,
    /^use 192\.168\.1\.5:8123, or make it listen on 0\.0\.0\.0$/,
  ],
  [
    "a server of this machine on IPv4, by this machine's IPv6 address",
    'other-address',
    fromMachine([python('0.0.0.0')], 'ECONNREFUSED', {}, 'fd00::1'),
    /^python3 on 0\.0\.0\.0:8123 \(this machine\), not on fd00::1$/,
    /^make it listen on ::$/,
  ],
  [
    'a server of this machine on IPv6 only',
    'ipv6-only',
    fromMachine([python('::')]),
    /python3 on \[::\]:8123 \(this machine\): on IPv6 only, but its address here is 172\.17\.0\.1/,
    /0\.0\.0\.0, too/,
  ],
  [
    'a port of this machine on which nothing listens',
    'nothing-listens',
    fromMachine([listens('0.0.0.0', 8080), listens('127.0.0.1', 5432)]),
    /^nothing on this machine listens on port 8123$/,
    /is its server running\? It must listen on 0\.0\.0\.0; ports that containers reach there: 8080$/,
  ],
  [
    'a server of this machine of UDP',
    'udp-only',
    fromMachine([python('0.0.0.0', { transport: 'udp' })]),
    /nothing on this machine listens on port 8123 \(TCP\), but something does on UDP/,
    /speaks UDP/,
  ],
  [
    'a firewall of this machine that drops',
    'dropped',
    fromMachine([python('0.0.0.0')], 'TIMEOUT'),
    /172\.17\.0\.1, port 8123: no answer within 3 s/,
    /this machine's firewall .* allow connections from web's networks to port 8123/,
  ],
  ...['ECONNREFUSED', 'EHOSTUNREACH'].map((error): Row => [
    `a firewall of this machine that refuses with ${error}`,
    'refused',
    { ...fromMachine([python('0.0.0.0')], error), rules: ['on the host: reject with icmp type host-prohibited'] },
    /^172\.17\.0\.1, port 8123: .* after .*; on the host: reject with/,
    /remove that rule, or allow connections from web's networks to port 8123/,
  ]),
];
