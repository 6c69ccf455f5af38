// The DNS server outside: the engine asks it about names that it does not know itself. The projects name 127.0.0.1 as
// theirs, so that no test waits for this machine's own; started by startOutside, it answers in a container's network.
import { createSocket } from 'node:dgram';
import type { RunOptions, Scenario } from './scenario.ts';

/** The one name that it knows, and its address; all others do not exist. */
export const outside = { name: 'outside.example', address: '192.0.2.80' };

/**
 * @param options of a step on the service's engine
 * @returns once the engine can ask it, on behalf of the service's container; it ends with the scenario
 */
export async function startOutside(s: Scenario, service: string, options?: RunOptions): Promise<void> {
  const { State: state } = await s.inspect(service, options);
  const server = [process.execPath, import.meta.filename];
  const started = await s.start(['nsenter', `--net=/proc/${state.Pid}/ns/net`, '--', ...server], {
    timeout: 1_800_000,
  });
  await started.says('ready');
}

/** RFC 1035, section 4: a header of 12 bytes, the question as it came, and for the one name its address. */
function answer(query: Buffer): Buffer {
  const end = query.indexOf(0, 12) + 5;
  const labels = outside.name.split('.').map((label) => String.fromCharCode(label.length) + label);
  const nameIsKnown = query.subarray(12, end - 4).equals(Buffer.from(`${labels.join('')}\0`));
  const asksForAddress = query.readUInt16BE(end - 4) === 1;
  const header = Buffer.alloc(12);
  query.copy(header, 0, 0, 2);
  header.writeUInt16BE(nameIsKnown ? 0x8580 : 0x8583, 2);
  header.writeUInt16BE(1, 4);
  header.writeUInt16BE(nameIsKnown && asksForAddress ? 1 : 0, 6);
  const address = outside.address.split('.').map(Number);
  // The name by reference, type A, class IN, a minute, four bytes.
  const record = [0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, ...address];
  return Buffer.concat([header, query.subarray(12, end), ...(header[7] === 1 ? [Buffer.from(record)] : [])]);
}

if (import.meta.main) {
  const socket = createSocket('udp4');
  socket.on('message', (query, from) => socket.send(answer(query), from.port, from.address));
  socket.bind(53, '127.0.0.1', () => console.log('ready'));
}
