// How the engine is reached: chosen here, once, for everything that asks it.
import type { Socket } from 'node:net';
import type { EngineAddress, Tls } from '../../core/engine/engine-address.ts';
import { fail, success } from '../../core/failure/failure.ts';
import type { Result } from '../../core/failure/failure.ts';
import { hostPort, isIP } from '../../core/names/ip-address.ts';
import { openBySsh } from './ssh.ts';
import { readDockerFile } from './docker-file.ts';
import type { Dialer } from './http.ts';
import { UnixConnection } from './unix-connection.ts';

export interface Transport extends Dialer {
  /** A connection for what goes both ways, or has no end: of Node's kind, which a request can do without. */
  readonly openStream: () => Socket;
}

/** Opens no connection yet. @returns a failure where a TLS file cannot be read */
export function transportTo({ transport }: EngineAddress): Result<Transport> {
  switch (transport.kind) {
    case 'unix': {
      const { socketPath: path } = transport;
      return success({
        name: 'localhost',
        open: () => new UnixConnection(path),
        openStream: () => net().connect({ path }),
      });
    }
    case 'tcp':
      return tcpTransport(transport);
    case 'ssh': {
      const open = (): Socket => openBySsh(transport.to) as unknown as Socket;
      return success({ name: 'docker', open, openStream: open });
    }
  }
}

// A run by a unix socket needs none of these, and they take longer to load than all the rest of netexec.
const net = () => process.getBuiltinModule('node:net');
const tls = () => process.getBuiltinModule('node:tls');

function tcpTransport(to: Extract<EngineAddress['transport'], { readonly kind: 'tcp' }>): Result<Transport> {
  const { hostname: host, port } = to;
  const name = hostPort(host, port);
  const openedBy = (open: () => Socket): Result<Transport> => success({ name, open, openStream: open });
  if (to.tls === undefined) return openedBy(() => net().connect({ host, port }));
  const material = readTls(to.tls);
  if (!material.ok) return material;
  const servername = isIP(host) === 0 ? host : '';
  const options = { ...material.value, host, port, servername, rejectUnauthorized: to.tls.verify };
  return openedBy(() => tls().connect(options));
}

/** @returns the texts of the files that are there, by their names in tls.connect() */
function readTls(files: Tls): Result<Record<string, string>> {
  const material: Record<string, string> = {};
  for (const part of ['ca', 'cert', 'key'] as const) {
    const wanted = files[part];
    if (wanted === undefined) continue;
    const read = readDockerFile(wanted.file);
    if ('text' in read) material[part] = read.text;
    else if (wanted.required || read.problem !== undefined)
      return fail({ kind: 'tls-file-unreadable', file: wanted.file, reason: read.problem ?? 'ENOENT' });
  }
  return success(material);
}
