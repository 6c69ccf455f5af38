// Engines behind TLS: whom netexec trusts, and as whom it comes, is docker's configuration to say.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fakeEngine, fakeTlsEngine } from '../fake-engine.ts';
import type { FakeTlsEngine } from '../fake-engine.ts';
import { recordingWith } from '../recordings.ts';
import { idOf, startContainer } from './fake-container.ts';
import { isRoot, makePlace, removeFolder, run, temporaryFolder, usePlugin } from './place.ts';
import type { Place } from './place.ts';

const plugin = usePlugin();

// Two authorities; the first has signed a server, a server of another name, and a client.
let folder = '';
const pem = (name: string): string => join(folder, `${name}.pem`);

function makeCertificate(name: string, ...words: readonly string[]): void {
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-keyout', pem(`${name}-key`)];
  const certificate = ['-out', pem(name), '-subj', `/CN=${name}`, '-days', '2'];
  execFileSync('openssl', ['req', '-x509', ...key, ...certificate, ...words], { stdio: 'pipe' });
}

before(() => {
  folder = temporaryFolder();
  makeCertificate('ca');
  makeCertificate('stranger');
  const signed = ['-CA', pem('ca'), '-CAkey', pem('ca-key'), '-addext'];
  makeCertificate('server', ...signed, 'subjectAltName=IP:127.0.0.1');
  makeCertificate('other', ...signed, 'subjectAltName=DNS:other.test');
  makeCertificate('client', ...signed, 'subjectAltName=DNS:client.test');
});
after(() => removeFolder(folder));

async function startEngine(
  place: Place,
  { certificate = 'server', wantsClient = false },
  recording = recordingWith(),
): Promise<FakeTlsEngine> {
  const engine = await fakeTlsEngine(recording, {
    cert: readFileSync(pem(certificate)),
    key: readFileSync(pem(`${certificate}-key`)),
    requestCert: true,
    rejectUnauthorized: wantsClient,
    ca: readFileSync(pem('ca')),
  });
  place.cleanUp(() => engine.close());
  return engine;
}

/** Where docker keeps files: each of these certificates under docker's own names, in this folder of the place. */
function keep(place: Place, where: string, files: Readonly<Record<string, string>>): string {
  const target = join(place.folder, where);
  mkdirSync(target, { recursive: true });
  for (const [name, certificate] of Object.entries(files)) copyFileSync(pem(certificate), join(target, `${name}.pem`));
  return target;
}

interface Row {
  readonly name: string;
  /** Between `docker` and `netexec`; `HOST` stands for the engine's. */
  readonly dockerWords?: () => readonly string[];
  readonly prepare?: (place: Place, host: string) => void;
  readonly engine?: { readonly certificate?: string; readonly wantsClient?: boolean };
}

async function ask(place: Place, { dockerWords = () => [], prepare, engine = {} }: Row) {
  const fake = await startEngine(place, engine);
  const host = `tcp://127.0.0.1:${fake.port}`;
  delete place.env['DOCKER_HOST'];
  place.env['DOCKER_CONFIG'] = join(place.folder, 'docker');
  prepare?.(place, host);
  const words = dockerWords().map((word) => (word === 'HOST' ? host : word));
  const outcome = await run(place, [plugin.file, ...words, 'netexec', '-p', 'shop', 'kafka', 'true']);
  return { outcome, fake, host };
}

const verified = (): readonly string[] => ['--tlsverify', '--tlscacert', pem('ca')];
const asClient = (): readonly string[] => [...verified(), '--tlscert', pem('client'), '--tlskey', pem('client-key')];

/** A context of docker's that is in force, with TLS files of its own. */
const inContext =
  (files: Readonly<Record<string, string>>, docker: object = {}) =>
  (place: Place, host: string): void => {
    const id = createHash('sha256').update('far').digest('hex');
    place.write('docker/config.json', '{"currentContext": "far"}');
    const document = { Name: 'far', Endpoints: { docker: { Host: host, ...docker } } };
    place.write(`docker/contexts/meta/${id}/meta.json`, JSON.stringify(document));
    keep(place, `docker/contexts/tls/${id}/docker`, files);
  };
const inEnvironment =
  (env: Readonly<Record<string, string>>) =>
  (place: Place, host: string): void => {
    const own = { ca: 'ca', cert: 'client', key: 'client-key' };
    Object.assign(place.env, { DOCKER_HOST: host, DOCKER_CERT_PATH: keep(place, 'certificates', own), ...env });
  };

describe('netexec must talk to an engine', () => {
  const rows: readonly (Row & { client?: string })[] = [
    { name: 'whose authority is named', dockerWords: () => [...verified(), '-H', 'HOST'] },
    { name: 'that need not be verified', dockerWords: () => ['--tls', '-H', 'HOST'], engine: { certificate: 'other' } },
    {
      name: 'that wants a client certificate',
      dockerWords: () => [...asClient(), '-H', 'HOST'],
      engine: { wantsClient: true },
      client: 'client',
    },
    { name: 'by DOCKER_TLS_VERIFY', prepare: inEnvironment({ DOCKER_TLS_VERIFY: '1' }), client: 'client' },
    { name: 'by DOCKER_TLS', prepare: inEnvironment({ DOCKER_TLS: '1' }), client: 'client' },
    { name: 'of a context', prepare: inContext({ ca: 'ca' }) },
    {
      name: 'of a context with a client certificate',
      prepare: inContext({ ca: 'ca', cert: 'client', key: 'client-key' }),
      engine: { wantsClient: true },
      client: 'client',
    },
    {
      name: 'of a context that skips verification',
      prepare: inContext({}, { SkipTLSVerify: true }),
      engine: { certificate: 'other' },
    },
  ];
  for (const row of rows) {
    test(row.name, async (context) => {
      const { outcome, fake } = await ask(makePlace(context), row);
      // An answer that only the engine can have given.
      assert.match(outcome.stderr, /^netexec: no service "kafka" in project "shop", .* services: .*postgres/);
      assert.equal(fake.clients[0], row.client);
    });
  }
});

describe('netexec must not talk to an engine', () => {
  const rows: readonly Row[] = [
    { name: 'of another authority', dockerWords: () => ['--tlsverify', '--tlscacert', pem('stranger'), '-H', 'HOST'] },
    { name: 'of another name', dockerWords: () => [...verified(), '-H', 'HOST'], engine: { certificate: 'other' } },
    { name: 'of another authority than the one of the context', prepare: inContext({ ca: 'stranger' }) },
  ];
  for (const row of rows) {
    test(row.name, async (context) => {
      const { outcome, fake, host } = await ask(makePlace(context), row);
      assert.deepEqual([outcome.status, outcome.stdout, fake.requests], [125, '', []]);
      assert.ok(
        outcome.stderr.startsWith(`netexec: cannot verify the certificate of the engine at ${host} (from `),
        outcome.stderr,
      );
      assert.match(outcome.stderr, /certificate/);
      assert.doesNotMatch(outcome.stderr, /is it running/);
    });
  }

  test('that wants a client certificate, without one', async (context) => {
    const dockerWords = (): readonly string[] => [...verified(), '-H', 'HOST'];
    const { outcome, fake } = await ask(makePlace(context), { name: '', dockerWords, engine: { wantsClient: true } });
    assert.deepEqual([outcome.status, outcome.stdout, fake.requests], [125, '', []]);
    assert.match(outcome.stderr, /^netexec: cannot connect to the engine/);
  });
});

test('its events come by the same TLS', { skip: isRoot ? false : 'needs root' }, async (context) => {
  const place = makePlace(context);
  const pid = await startContainer(place, idOf('shop-web-1'));
  const engine = await startEngine(place, { wantsClient: true }, recordingWith({ pids: { 'shop-web-1': pid } }));
  delete place.env['DOCKER_HOST'];
  const dockerWords = [...asClient(), '-H', `tcp://127.0.0.1:${engine.port}`];
  const words = ['-p', 'shop', '--resolver', 'host', 'web', 'sleep', '2'];
  const outcome = await run(place, [plugin.file, ...dockerWords, 'netexec', ...words]);
  assert.deepEqual(outcome, { status: 0, stdout: '', stderr: '' });
  assert.ok(engine.requests.includes('GET /events'), engine.requests.join(', '));
  assert.deepEqual(new Set(engine.clients), new Set(['client']));
});

test('a socket is never behind TLS, whatever is asked for', async (context) => {
  const place = makePlace(context);
  const engine = await fakeEngine(recordingWith(), place.socket);
  place.cleanUp(() => engine.close());
  const outcome = await run(place, [plugin.file, '--tls', 'netexec', '-p', 'shop', 'kafka', 'true']);
  assert.match(outcome.stderr, /^netexec: no service "kafka"/);
});
