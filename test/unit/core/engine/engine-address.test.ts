// Which engine docker's options, environment and contexts lead to: the answers are docker's own, seen with `docker context inspect`.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { DockerOptions } from '../../../../src/core/arguments/argv.ts';
import {
  chooseContext,
  contextEngineAddress,
  defaultEngineAddress,
} from '../../../../src/core/engine/engine-address.ts';
import type { EngineAddress, Environment, Tls } from '../../../../src/core/engine/engine-address.ts';
import type { SshAddress } from '../../../../src/core/engine/ssh-address.ts';
import { success } from '../../../../src/core/failure/failure.ts';
import type { Failure, Result } from '../../../../src/core/failure/failure.ts';

const none: DockerOptions = {
  config: undefined,
  context: undefined,
  host: undefined,
  tls: undefined,
  tlsVerify: undefined,
  tlsCaCert: undefined,
  tlsCert: undefined,
  tlsKey: undefined,
};

describe('the context in force', () => {
  type Row = readonly [string, Partial<DockerOptions>, Environment, current: string | undefined, string | undefined];
  const both = { DOCKER_HOST: 'tcp://h', DOCKER_CONTEXT: 'environment' };
  const rows: readonly Row[] = [
    ['is the default one when nothing names one', {}, {}, undefined, undefined],
    ['--context comes first', { context: 'flag' }, both, 'configured', 'flag'],
    [
      '--host passes over all contexts',
      { host: 'tcp://h' },
      { DOCKER_CONTEXT: 'environment' },
      'configured',
      undefined,
    ],
    ['DOCKER_HOST beats DOCKER_CONTEXT', {}, both, 'configured', undefined],
    ['DOCKER_CONTEXT beats currentContext', {}, { DOCKER_CONTEXT: 'environment' }, 'configured', 'environment'],
    ['currentContext comes last', {}, {}, 'configured', 'configured'],
    ['empty variables count as unset', {}, { DOCKER_HOST: '', DOCKER_CONTEXT: '' }, 'configured', 'configured'],
    ['an empty currentContext is the default one', {}, {}, '', undefined],
    ['"default" is the default one, by --context', { context: 'default' }, {}, 'configured', undefined],
    ['"default" is the default one, by DOCKER_CONTEXT', {}, { DOCKER_CONTEXT: 'default' }, 'configured', undefined],
    ['"default" is the default one, by currentContext', {}, {}, 'default', undefined],
  ];
  for (const [name, options, env, current, expected] of rows) {
    test(name, () => assert.equal(chooseContext({ ...none, ...options }, env, current), expected));
  }
});

const unix = (socketPath: string, source: string): Result<EngineAddress> => ({
  ok: true,
  value: { host: `unix://${socketPath}`, source, transport: { kind: 'unix', socketPath } },
});

const tcp = (host: string, hostname: string, port: number, source: string, tls?: Tls): Result<EngineAddress> => ({
  ok: true,
  value: { host, source, transport: { kind: 'tcp', hostname, port, tls } },
});

const plainSsh: SshAddress = { user: undefined, hostname: 'h', port: undefined, socketPath: undefined };

const fails = (failure: Failure): Result<never> => ({ ok: false, failure });

describe('the host of the default context', () => {
  const rows: readonly (readonly [string, Partial<DockerOptions>, Environment, Result<EngineAddress>])[] = [
    ['is the usual socket', {}, {}, unix('/var/run/docker.sock', "docker's default")],
    ['is DOCKER_HOST', {}, { DOCKER_HOST: 'unix:///a' }, unix('/a', 'DOCKER_HOST')],
    ['is --host before DOCKER_HOST', { host: 'unix:///b' }, { DOCKER_HOST: 'unix:///a' }, unix('/b', '--host')],
    ['is the usual socket where --host is empty', { host: '' }, {}, unix('/var/run/docker.sock', "docker's default")],
  ];
  for (const [name, options, env, expected] of rows) {
    test(name, () => assert.deepEqual(defaultEngineAddress({ ...none, ...options }, env, '/config'), expected));
  }

  test('is tcp://localhost:2376 where TLS is asked for and no host is named', () => {
    const endpoint = defaultEngineAddress({ ...none, tls: true }, {}, '/config');
    assert.equal(endpoint.ok && endpoint.value.host, 'tcp://localhost:2376');
  });
});

describe('forms of a host', () => {
  const source = '--host';
  const ssh = (host: string, to: Partial<SshAddress>): Result<EngineAddress> =>
    success({ host, source, transport: { kind: 'ssh', to: { ...plainSsh, ...to } } });
  const invalid = (host: string, reason: string): Result<never> =>
    fails({ kind: 'endpoint-invalid', host, source, reason });
  const notHostPort = 'expected HOST:PORT';
  const rows: readonly (readonly [host: string, Result<EngineAddress>])[] = [
    ['unix:///a/b', unix('/a/b', source)],
    ['unix://', unix('/var/run/docker.sock', source)],
    ['unix://a', unix('a', source)],
    ['h', tcp('tcp://h:2375', 'h', 2375, source)],
    ['h:5', tcp('tcp://h:5', 'h', 5, source)],
    [':5', tcp('tcp://localhost:5', 'localhost', 5, source)],
    ['tcp://', tcp('tcp://localhost:2375', 'localhost', 2375, source)],
    ['tcp://h', tcp('tcp://h:2375', 'h', 2375, source)],
    [' tcp://h ', tcp('tcp://h:2375', 'h', 2375, source)],
    ['tcp://127.0.0.1:2376', tcp('tcp://127.0.0.1:2376', '127.0.0.1', 2376, source)],
    ['tcp://[::1]:5', tcp('tcp://[::1]:5', '::1', 5, source)],
    ['[::1]:5', tcp('tcp://[::1]:5', '::1', 5, source)],
    ['ssh://h', ssh('ssh://h', { hostname: 'h' })],
    ['ssh://me@h:22', ssh('ssh://me@h:22', { user: 'me', hostname: 'h', port: 22 })],
    [
      'ssh://[fd00::2]/run/d.sock',
      ssh('ssh://[fd00::2]/run/d.sock', { hostname: 'fd00::2', socketPath: '/run/d.sock' }),
    ],
    ['ssh://h/', ssh('ssh://h/', { hostname: 'h' })],
    ['ssh://me:secret@h', invalid('ssh://me:secret@h', 'it contains a password, which docker does not accept either')],
    ['ssh://-oProxyCommand=x', invalid('ssh://-oProxyCommand=x', 'the host is missing')],
    ['ssh://-lroot@h', invalid('ssh://-lroot@h', 'the host is missing')],
    ['ssh://h:70000', invalid('ssh://h:70000', 'the port is greater than 65535')],
    ['ssh://h?x=y', invalid('ssh://h?x=y', 'expected ssh://[USER@]HOST[:PORT]')],
    [
      'npipe:////./pipe/docker_engine',
      fails({ kind: 'engine-elsewhere', host: 'npipe:////./pipe/docker_engine', source }),
    ],
    ['tcp://h:x', invalid('tcp://h:x', notHostPort)],
    ['tcp://a:b:c', invalid('tcp://a:b:c', notHostPort)],
    ['tcp://h:70000', invalid('tcp://h:70000', notHostPort)],
    ['TCP://h', invalid('TCP://h', notHostPort)],
    ['fd://', invalid('fd://', 'fd:// is not supported; use unix://, tcp:// or ssh://')],
    ['bogus://h', invalid('bogus://h', 'bogus:// is not supported; use unix://, tcp:// or ssh://')],
  ];
  for (const [host, expected] of rows) {
    test(JSON.stringify(host), () =>
      assert.deepEqual(defaultEngineAddress({ ...none, host }, {}, '/config'), expected),
    );
  }
});

describe('TLS of the default context', () => {
  const file = (path: string, required: boolean): Tls['ca'] => ({ file: path, required });
  const defaults = (folder: string, verify: boolean): Tls => ({
    ca: file(`${folder}/ca.pem`, verify),
    cert: file(`${folder}/cert.pem`, false),
    key: file(`${folder}/key.pem`, false),
    verify,
  });
  const given = { tlsCaCert: 'a', tlsCert: 'b', tlsKey: 'c' };
  const rows: readonly (readonly [string, Partial<DockerOptions>, Environment, Tls | undefined])[] = [
    ['is off by default', {}, {}, undefined],
    ['is off where only files are named', given, {}, undefined],
    ['is off where only their folder is named', {}, { DOCKER_CERT_PATH: '/certificates' }, undefined],
    ['is off with --tls=false', { tls: false }, {}, undefined],
    ['is on, unverified, with --tls', { tls: true }, {}, defaults('/config', false)],
    ['is on, verified, with --tlsverify', { tlsVerify: true }, {}, defaults('/config', true)],
    ['is on, unverified, with --tlsverify=false', { tlsVerify: false }, {}, defaults('/config', false)],
    ['is on, unverified, with DOCKER_TLS', {}, { DOCKER_TLS: '1' }, defaults('/config', false)],
    ['is on, verified, with DOCKER_TLS_VERIFY', {}, { DOCKER_TLS_VERIFY: '1' }, defaults('/config', true)],
    ['is on with DOCKER_TLS_VERIFY=0 too, as for docker', {}, { DOCKER_TLS_VERIFY: '0' }, defaults('/config', true)],
    ['is off with empty variables', {}, { DOCKER_TLS: '', DOCKER_TLS_VERIFY: '' }, undefined],
    [
      'is unverified by --tlsverify=false',
      { tlsVerify: false },
      { DOCKER_TLS_VERIFY: '1' },
      defaults('/config', false),
    ],
    ['takes DOCKER_CERT_PATH', { tls: true }, { DOCKER_CERT_PATH: '/certificates' }, defaults('/certificates', false)],
    [
      'requires the files that were named',
      { tls: true, ...given },
      { DOCKER_CERT_PATH: '/certificates' },
      { ca: file('a', true), cert: file('b', true), key: file('c', true), verify: false },
    ],
  ];
  for (const [name, options, env, expected] of rows) {
    test(name, () => {
      const endpoint = defaultEngineAddress({ ...none, host: 'tcp://h:2376', ...options }, env, '/config');
      assert.deepEqual(endpoint, tcp('tcp://h:2376', 'h', 2376, '--host', expected));
    });
  }

  test('does not apply to a socket', () => {
    const endpoint = defaultEngineAddress({ ...none, host: 'unix:///a', tlsVerify: true }, {}, '/config');
    assert.deepEqual(endpoint, unix('/a', '--host'));
  });
});

describe('a context', () => {
  const context = { name: 'far', host: 'tcp://h:2376', skipTlsVerify: false, tlsFolder: '/tls' };
  const file = (name: string): Tls['ca'] => ({ file: `/tls/${name}`, required: true });
  const all = ['ca.pem', 'cert.pem', 'key.pem'];
  const rows: readonly (readonly [string, readonly string[], boolean, Tls | undefined])[] = [
    ['without files speaks no TLS', [], false, undefined],
    ['takes its files', all, false, { ca: file('ca.pem'), cert: file('cert.pem'), key: file('key.pem'), verify: true }],
    [
      'may have no client certificate',
      ['ca.pem'],
      false,
      { ca: file('ca.pem'), cert: undefined, key: undefined, verify: true },
    ],
    ['may skip verification', [], true, { ca: undefined, cert: undefined, key: undefined, verify: false }],
  ];
  for (const [name, files, skipTlsVerify, tls] of rows) {
    test(name, () => {
      const endpoint = contextEngineAddress({ ...context, skipTlsVerify }, files);
      assert.deepEqual(endpoint, tcp('tcp://h:2376', 'h', 2376, 'context "far"', tls));
    });
  }

  test('must name itself where its engine is elsewhere', () => {
    const host = 'npipe:////./pipe/docker_engine';
    assert.deepEqual(
      contextEngineAddress({ ...context, host }, []),
      fails({ kind: 'engine-elsewhere', host, source: 'context "far"' }),
    );
  });
});
