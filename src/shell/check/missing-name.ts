// What a DNS server that knows no address of a name means by it. Bun says of every name without an address that there is none:
// the server is asked again, and says itself which it is.
import { randomBytes } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { isIPv6 } from '../../core/names/ip-address.ts';

/** ENODATA: the name is known, and has none of this kind. */
export type Missing = 'ENODATA' | 'ENOTFOUND';

/** It has just answered the same. */
const patience = 1000;

export async function missingName(server: string, host: string, kind: 'A' | 'AAAA'): Promise<Missing> {
  const [, bracketed, plain = server, port = '53'] = /^(?:\[(.+)\]|([^:]+)):(\d+)$/.exec(server) ?? [];
  const address = bracketed ?? plain;
  const answer = await ask(question(host, kind), address, Number(port));
  // RFC 1035, 4.1.1: the code is in the fourth byte; 0 is no error.
  return answer !== undefined && ((answer[3] ?? 0) & 0x0f) === 0 ? 'ENODATA' : 'ENOTFOUND';
}

/** RFC 1035, 4.1: one question, for which the server may ask others. */
function question(host: string, kind: 'A' | 'AAAA'): Buffer {
  const labels = host.split('.').filter((label) => label !== '');
  const name = labels.map((label) => Buffer.concat([Buffer.of(Buffer.byteLength(label)), Buffer.from(label)]));
  const head = [randomBytes(2), Buffer.of(1, 0, 0, 1, 0, 0, 0, 0, 0, 0)];
  return Buffer.concat([...head, ...name, Buffer.of(0, 0, kind === 'A' ? 1 : 28, 0, 1)]);
}

function ask(packet: Buffer, address: string, port: number): Promise<Buffer | undefined> {
  const socket = createSocket(isIPv6(address) ? 'udp6' : 'udp4');
  return new Promise<Buffer | undefined>((resolve) => {
    const timer = setTimeout(() => resolve(undefined), patience);
    socket.on('error', () => resolve(undefined));
    socket.on('message', (message) => {
      if (!message.subarray(0, 2).equals(packet.subarray(0, 2))) return;
      clearTimeout(timer);
      resolve(message);
    });
    socket.send(packet, port, address);
  }).finally(() => socket.close());
}
