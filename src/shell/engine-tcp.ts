// The engine by TCP, with TLS or without: loaded where it is reached so, which on this machine is seldom.
import { connect, isIP } from 'node:net';
import type { Socket } from 'node:net';
import type { Endpoint, Tls } from '../core/endpoint.ts';
import { fail, success } from '../core/failure.ts';
import type { Result } from '../core/failure.ts';
import { readDockerFile } from './docker-file.ts';
import type { Dialer } from './http.ts';

type Tcp = Extract<Endpoint['transport'], { kind: 'tcp' }>;

/** @returns the host's name, as requests give it, and what opens a connection */
export function tcpDialer({ hostname: host, port, tls }: Tcp): Result<Dialer<Socket>> {
  const name = host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
  if (tls === undefined) return success({ name, open: () => connect({ host, port }) });
  const material = readTls(tls);
  if (!material.ok) return material;
  const options = { ...material.value, host, port, servername: isIP(host) === 0 ? host : '' };
  // Its cryptography takes longer to load than all the rest of netexec.
  const open = (): Socket =>
    process.getBuiltinModule('node:tls').connect({ ...options, rejectUnauthorized: tls.verify });
  return success({ name, open });
}

export function readTls(tls: Tls): Result<Record<string, string>> {
  const material: Record<string, string> = {};
  for (const part of ['ca', 'cert', 'key'] as const) {
    const wanted = tls[part];
    if (wanted === undefined) continue;
    const read = readDockerFile(wanted.file);
    if ('text' in read) material[part] = read.text;
    else if (wanted.required || read.problem !== undefined)
      return fail({ kind: 'tls-file-unreadable', file: wanted.file, reason: read.problem ?? 'ENOENT' });
  }
  return success(material);
}
