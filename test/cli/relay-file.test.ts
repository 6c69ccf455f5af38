// An engine whose processor is another: which file is wanted for its far end, and what is the matter with one that is there.
import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import own from '../../package.json' with { type: 'json' };
import { tarEnd, tarHead, tarPadding } from '../../src/core/engine/archive.ts';
import { fakeEngine } from '../fake-engine.ts';
import type { FakeEngine, Reply } from '../fake-engine.ts';
import { recordingWith } from '../recordings.ts';
import { idOf } from './fake-container.ts';
import { makePlace, run, usePlugin } from './place.ts';
import type { Place } from './place.ts';

const plugin = usePlugin();
const words = ['--forward', '0:8080', '-p', 'shop', 'web'];
const name = 'docker-netexec-linux-arm64';
const loader = '/lib/ld-linux-aarch64.so.1';

/** The head of an executable, elf(5), which names that loader. */
function executable(machine = 183, interpreter = loader): Buffer {
  const [start, header] = [64, 56];
  const bytes = Buffer.alloc(1024);
  bytes.write('\u007fELF\u0002\u0001', 0, 'latin1');
  bytes.writeUInt16LE(machine, 18);
  bytes.writeBigUInt64LE(BigInt(start), 32);
  bytes.writeUInt16LE(header, 54);
  bytes.writeUInt16LE(1, 56);
  bytes.writeUInt32LE(3, start);
  bytes.writeBigUInt64LE(BigInt(start + header), start + 8);
  bytes.writeBigUInt64LE(BigInt(interpreter.length + 1), start + 32);
  bytes.write(interpreter, start + header);
  return bytes;
}

/** In the container, by its path: a link to somewhere, or a file. */
type Files = Readonly<Record<string, string | Buffer>>;

async function armEngine(place: Place, files: Files = {}): Promise<FakeEngine> {
  const recording = recordingWith({ folder: place.cwd });
  const archives = `GET /containers/${idOf('shop-web-1')}/archive`;
  let asked = 0;
  const paths = Object.keys(files);
  const reply = (request: string): Reply | undefined => {
    if (request !== archives) return undefined;
    const file = files[paths[(asked += 1) - 1] ?? ''];
    return file === undefined ? { status: 404, json: { message: 'no such file' } } : archiveOf(file);
  };
  const bent = { ...recording, info: { ...recording.info, OSType: 'linux', Architecture: 'aarch64' } };
  const engine = await fakeEngine(bent, place.socket, { reply });
  place.cleanUp(() => engine.close());
  place.env = { ...place.env, NETEXEC_NO_NAMESPACES: '1' };
  return engine;
}

function archiveOf(file: string | Buffer): Reply {
  const head = tarHead('file', typeof file === 'string' ? 0 : file.length);
  if (typeof file === 'string') {
    head.write('2', 156);
    head.write(file, 157);
  }
  const content = typeof file === 'string' ? [] : [file, tarPadding(file.length)];
  const archive = Buffer.concat([head, ...content, tarEnd]);
  return {
    bytes: Buffer.concat([Buffer.from(`HTTP/1.1 200 OK\r\nContent-Length: ${archive.length}\r\n\r\n`), archive]),
  };
}

const forwarded = async (place: Place): Promise<string> => {
  const { status, stdout, stderr } = await run(place, [plugin.file, 'netexec', ...words]);
  assert.deepEqual([status, stdout], [125, '']);
  return stderr;
};

test('the file that is missing must be named, and where it may be', async (context) => {
  const place = makePlace(context);
  await armEngine(place);
  const here = `linux/${process.arch}`;
  assert.equal(
    await forwarded(place),
    `netexec: the engine's host is linux/arm64, but this netexec is built for ${here}, and ${name} was not found
hint: download ${name} from the release of this version to TMP/home/.cache/docker-netexec/${own.version}, or name it: NETEXEC_RELAY=FILE
`,
  );
});

const unusable: readonly (readonly [what: string, content: Buffer | undefined, reason: string])[] = [
  ['that is not there', undefined, 'cannot read it: ENOENT'],
  ['that is none', Buffer.from('#!/bin/sh\n'), 'it is not an executable of netexec for linux/arm64'],
  ['of another processor', executable(62), 'it is not an executable of netexec for linux/arm64'],
];
for (const [what, content, reason] of unusable)
  test(`a file ${what} must be refused`, async (context) => {
    const place = makePlace(context);
    await armEngine(place);
    const file = join(place.folder, 'relay');
    if (content !== undefined) writeFileSync(file, content);
    place.env = { ...place.env, NETEXEC_RELAY: file };
    assert.equal(
      await forwarded(place),
      `netexec: cannot use TMP/relay, which NETEXEC_RELAY names: ${reason}
hint: name a file docker-netexec-linux-… of a release, or unset NETEXEC_RELAY
`,
    );
  });

test('a container without the libraries must be told', async (context) => {
  const place = makePlace(context);
  await armEngine(place);
  const folder = join(place.folder, 'home/.cache/docker-netexec', own.version);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, name), executable());
  writeFileSync(join(folder, `${name}-musl`), executable(183, '/lib/ld-musl-aarch64.so.1'));
  assert.equal(
    await forwarded(place),
    `netexec: the helper container cannot run with the libraries of shop-web-1, which lacks ${loader} and /lib/ld-musl-aarch64.so.1 or a library beside it
hint: name another service of the network, or run docker netexec on the engine's host
`,
  );
});

test('the image must be looked for once the container has the libraries, whatever links lead to them', async (context) => {
  const place = makePlace(context);
  const folder = '/usr/lib/aarch64-linux-gnu';
  const needed = ['libc.so.6', 'libdl.so.2', 'libm.so.6', 'libpthread.so.0'];
  // In the order in which they are asked for.
  const files = Object.fromEntries(needed.map((each) => [`${folder}/${each}`, Buffer.from(each)]));
  const link = { [loader]: '../usr/lib/aarch64-linux-gnu/ld-linux-aarch64.so.1' };
  const engine = await armEngine(place, { ...link, [`${folder}/ld`]: Buffer.from('loader'), ...files });
  const file = place.write('relay', executable());
  place.env = { ...place.env, NETEXEC_RELAY: file };
  // This one takes no images.
  assert.match(await forwarded(place), /^netexec: sending the helper image to the engine, once: 0 MB$/m);
  assert.equal(engine.requests.filter((request) => request.endsWith('/archive')).length, 9);
  assert.ok(engine.requests.includes('POST /images/create'));
});
