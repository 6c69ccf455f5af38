// --check, once it is connected: what TLS and the server's first words tell, of servers that are not as they should be.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import assert from 'node:assert/strict';
import { check, mustFind, project, serve } from './checks.ts';
import { unsafeSigns } from '../unsafe-text.ts';
import { must, scenario } from './scenario.ts';
import type { Scenario } from './scenario.ts';

/** A certificate that signs itself, for a name and a time (YYYYMMDDHHMMSSZ). */
async function certificate(s: Scenario, name: string, from: string, until: string): Promise<readonly [string, string]> {
  const file = (suffix: string): string => join(s.folder, `${name}-${until}.${suffix}`);
  const settings = `[ca]
default_ca = own
[own]
database = ${file('index')}
new_certs_dir = ${s.folder}
serial = ${file('serial')}
default_md = sha256
policy = any
copy_extensions = copy
[any]
commonName = supplied
`;
  for (const [suffix, text] of [
    ['cnf', settings],
    ['index', ''],
    ['serial', '01\n'],
  ] as const) {
    writeFileSync(file(suffix), text);
  }
  const subject = ['-subj', `/CN=${name}`, '-addext', `subjectAltName=DNS:${name}`];
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-keyout', file('key')];
  await must(s.run(['openssl', 'req', '-new', ...key, ...subject, '-out', file('request')]));
  const self = ['-selfsign', '-keyfile', file('key'), '-startdate', from, '-enddate', until];
  const files = ['-in', file('request'), '-out', file('certificate')];
  await must(s.run(['openssl', 'ca', '-batch', '-notext', '-config', file('cnf'), ...self, ...files]));
  return [file('key'), file('certificate')];
}

scenario('a certificate must be judged by its dates and its names', { project }, async (s) => {
  const [past, near, far] = ['20200101000000Z', '20200201000000Z', '20990101000000Z'];
  await serve(s, 'https', 8443, ...(await certificate(s, 'idle', past, far)));
  await serve(s, 'https', 8444, ...(await certificate(s, 'idle', past, near)));
  await serve(s, 'https', 8445, ...(await certificate(s, 'other', past, far)));
  await serve(s, 'https', 8446, ...(await certificate(s, 'idle', far, '20990201000000Z')));
  const [verdict] = await check(s, ['web', 'https://idle:8443']);
  const said = verdict?.Steps.map(({ Step, Mark, Seen }) => `${Step} ${Mark} ${Seen}`).join('\n') ?? '';
  assert.match(said, /^tls good TLSv1\.3, certificate for idle, until 2099-01-01$/m);
  assert.match(said, /^tls note the certificate is self-signed/m);
  assert.match(said, /^answer good HTTP\/1\.1 200 OK$/m);
  await mustFind(s, ['web', 'https://idle:8444'], 'certificate-expired', /\(2020-02-01\)/, /renew/);
  await mustFind(s, ['web', 'https://idle:8445'], 'certificate-name', /for other, not for idle/, /alias/);
  await mustFind(s, ['web', 'https://idle:8446'], 'certificate-not-yet-valid', /2099-01-01/, /clock/);
  await mustFind(s, ['web', 'http://idle:8443'], 'tls-expected', /speaks TLS/, /https:\/\/idle:8443/);
});

scenario("a server's first words must tell what is wrong with it", { project }, async (s) => {
  const rows: readonly (readonly [kind: string, endpoint: string, cause: string, what: RegExp, hint: RegExp])[] = [
    ['udp', 'idle:5140', 'udp-only', /UDP/, /UDP/],
    ['silent', 'http://idle:7001', 'no-answer', /no response within 3 s/, /log/],
    ['hangup', 'redis://idle:7002', 'no-answer', /closed without a response|reset/, /log/],
    ['hangup', 'tls://idle:7003', 'tls-failed', /handshake failed/, /log/],
    ['starting', 'postgres://idle:7004', 'not-ready', /starting up/, /service_healthy/],
    ['blocked', 'mysql://idle:7005', 'rejected', /Host is not allowed/, /settings/],
    [
      'kafka',
      'kafka://idle:7006',
      'kafka-advertised',
      /localhost:9092, which is web itself/,
      /KAFKA_ADVERTISED_LISTENERS/,
    ],
    ['banner', 'http://idle:7007', 'other-protocol', /220 mail ready/, /port/],
  ];
  for (const [kind, endpoint, cause, what, hint] of rows) {
    await s.subtest(`${endpoint}: ${cause}`, async () => {
      await serve(s, kind, Number(/\d+$/.exec(endpoint)?.[0]));
      await mustFind(s, ['web', endpoint], cause, what, hint);
    });
  }
});

scenario('words of servers that are well must be shown', { project }, async (s) => {
  await serve(s, 'mysql', 7010);
  await serve(s, 'banner', 7011);
  await serve(s, 'silent', 7012);
  const verdicts = await check(s, ['web', 'mysql://idle:7010', 'idle:7011', 'idle:7012']);
  assert.deepEqual(
    verdicts.map(({ Steps }) => [Steps.at(-1)?.Step, Steps.at(-1)?.Mark]),
    [
      ['answer', 'good'],
      ['answer', 'good'],
      ['connect', 'good'],
    ],
  );
  assert.equal(verdicts[0]?.Steps.at(-1)?.Seen, 'MySQL 8.4.1');
  assert.equal(verdicts[1]?.Steps.at(-1)?.Seen, 'it said "220 mail ready"');
});

scenario('what a server says must not be waited for without end, nor steer a terminal', { project }, async (s) => {
  const kinds = ['flood', 'drip', 'steer'];
  for (const [index, kind] of kinds.entries()) await serve(s, kind, 7020 + index);
  for (const [index, kind] of kinds.entries()) {
    for (const scheme of ['', 'http://', 'https://', 'redis://', 'postgres://']) {
      await s.subtest(`${scheme}, ${kind}`, async () => {
        const run = await s.netexec(['--check', 'web', `${scheme}idle:${7020 + index}`], { timeout: 30_000 });
        assert.ok([0, 1].includes(run.status ?? -1), run.stderr);
        assert.equal(run.stderr, '');
        for (const line of run.stdout.split('\n')) {
          assert.doesNotMatch(line, unsafeSigns, JSON.stringify(line));
          assert.ok(line.length < 1000, line);
        }
      });
    }
  }
});
