// What a helper container says of its network: one that lies, says too much or nothing gains nothing.
import assert from 'node:assert/strict';
import { Duplex } from 'node:stream';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { parseCheckedEndpoint } from '../../../../src/core/check/checked-endpoint.ts';
import type { CheckedEndpoint } from '../../../../src/core/check/checked-endpoint.ts';
import { hearFindings } from '../../../../src/shell/check/far-findings.ts';

const listener = { transport: 'tcp', address: '0.0.0.0', port: 80, inode: 7, uid: 33 };
const machine = {
  kind: 'machine',
  nameservers: [],
  search: [],
  addresses: [],
  gateway: false,
  mtu: null,
  enginesDnsPort: null,
  enginesDnsKnows: null,
  enginesDnsAnswers: null,
};
const handshake = {
  kind: 'tls',
  endpoint: 0,
  error: null,
  version: 'TLSv1.3',
  untrusted: null,
  names: [],
  nameFits: true,
  from: null,
  until: 8.64e15,
  now: 0,
};

/** @param said on standard output, by the engine's frames; in pieces */
async function look(said: readonly Buffer[], endpoints: readonly CheckedEndpoint[] = []) {
  const stream = new Duplex({ read() {}, write: (_piece, _encoding, done) => done() });
  let sockets: unknown;
  const { far } = hearFindings(stream, { endpoints, timeout: 0 }, (finding) => {
    if (finding.kind === 'sockets') ({ sockets } = finding);
  });
  for (const piece of said) stream.push(Buffer.concat([head(piece.length), piece]));
  stream.push(null);
  return { isWhole: await far.ended, sockets };
}

function head(length: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeUInt8(1, 0);
  bytes.writeUInt32BE(length, 4);
  return bytes;
}

const lines = (...findings: readonly unknown[]): Buffer =>
  Buffer.from(findings.map((each) => `${JSON.stringify(each)}\n`).join(''));

test('what listens must be told, however it comes', async () => {
  const all = lines({ kind: 'sockets', sockets: [listener] }, machine);
  for (const said of [[all], [all.subarray(0, 30), all.subarray(30)], [...all].map((byte) => Buffer.of(byte))])
    assert.deepEqual(await look(said), { isWhole: true, sockets: [listener] });
  assert.equal((await look([lines(handshake, machine)])).isWhole, true);
});

test('every endpoint must have its end', async () => {
  const endpoints = ['web:80', 'db:5432'].flatMap((text) => parseCheckedEndpoint(text) ?? []);
  const end = (endpoint: number) => ({ kind: 'begin', endpoint, step: 'end' });
  for (const [ends, isWhole] of [
    [[0, 1], true],
    [[0], false],
    [[0, 0], false],
    [[0, 2], false],
  ] as const)
    assert.equal((await look([lines(machine, ...ends.map(end))], endpoints)).isWhole, isWhole);
});

const wrong: Readonly<Record<string, readonly Buffer[]>> = {
  nothing: [],
  'not all': [lines({ kind: 'sockets', sockets: [] })],
  'no JSON': [Buffer.from('listening\n'), lines(machine)],
  'an address that is none': [lines({ kind: 'sockets', sockets: [{ ...listener, address: '\u001b[2J' }] }, machine)],
  'a port that is none': [lines({ kind: 'sockets', sockets: [{ ...listener, port: 65_536 }] }, machine)],
  'a time that is none': [lines({ ...handshake, until: 1e300 }, machine)],
  'a line without end': Array.from({ length: 9 }, () => Buffer.alloc(500_000, 'x')),
  'lines that are long, one after another': Array.from({ length: 12 }, () =>
    lines({ ...machine, search: ['x'.repeat(3_000_000)] }),
  ),
  'findings without end': [Buffer.concat(Array.from({ length: 10_001 }, () => lines({ ...machine, mtu: 1500 })))],
};
for (const [what, said] of Object.entries(wrong))
  test(`it must be refused: ${what}`, async () => {
    assert.equal((await look(said)).isWhole, false);
  });

test('a line in pieces of a byte each must be given up as soon as any other', async () => {
  const pieces = Buffer.alloc(900_000, Buffer.concat([head(1), Buffer.from('x')]));
  const stream = new Duplex({ read() {}, write: (_piece, _encoding, done) => done() });
  const { far } = hearFindings(stream, { endpoints: [], timeout: 0 }, () => {});
  for (let bytes = 0; bytes < 4200 * 1024; bytes += 100_000) stream.push(pieces);
  assert.equal(await far.ended, false);
});

test('whatever it says must end well', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.uint8Array()), async (said) => {
      const seen = await look(said.map((each) => Buffer.from(each)));
      assert.equal(seen.isWhole, false);
    }),
    { numRuns: 200 },
  );
});
