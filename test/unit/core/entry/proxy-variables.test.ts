// The proxies that an environment names: which of them are on localhost, which URL goes by which, and what is said of them.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { isLocal, isServed, proxiesIn, proxyFor, proxyNote } from '../../../../src/core/entry/proxy-variables.ts';
import type { Environment } from '../../../../src/core/engine/engine-address.ts';

const port = (address: string, number = 3128, transport: 'tcp' | 'udp' = 'tcp') => ({
  transport,
  address,
  port: number,
  inode: 1,
});

describe('a value must be read', () => {
  const rows: readonly (readonly [value: string, place: string | undefined, local: boolean])[] = [
    ['http://127.0.0.1:3128', '127.0.0.1:3128', true],
    ['http://me:secret@127.0.0.1:3128/', '127.0.0.1:3128', true],
    ['http://me:se@cret:x@127.0.0.1:3128', '127.0.0.1:3128', true],
    ['127.0.0.1:3128', '127.0.0.1:3128', true],
    ['127.8.8.8', '127.8.8.8', true],
    ['localhost:8888', 'localhost:8888', true],
    ['LOCALHOST:8888', 'LOCALHOST:8888', true],
    ['http://proxy.localhost:8888', 'proxy.localhost:8888', true],
    ['socks5h://[::1]:1080', '[::1]:1080', true],
    ['http://[::ffff:127.0.0.1]:1080', '[::ffff:127.0.0.1]:1080', true],
    ['0.0.0.0:3128', '0.0.0.0:3128', true],
    // The machine's own name stands with a loopback address in COMMAND's hosts file.
    ['http://Laptop:3128', 'Laptop:3128', true],
    ['http://proxy.corp.test:3128', 'proxy.corp.test:3128', false],
    ['http://10.0.0.7:3128', '10.0.0.7:3128', false],
    ['http://localhost.corp.test:3128', 'localhost.corp.test:3128', false],
    ['', undefined, false],
    ['://', undefined, false],
  ];
  for (const [value, place, local] of rows) {
    test(JSON.stringify(value), () => {
      const [found] = proxiesIn({ http_proxy: value });
      assert.equal(found?.place, place);
      assert.equal(found !== undefined && isLocal(found, 'laptop'), local);
      assert.doesNotMatch(JSON.stringify(found ?? {}), /secret|se@cret/);
    });
  }
});

describe('the variables', () => {
  const at = '127.0.0.1:3128';
  const rows: readonly (readonly [env: Environment, names: readonly string[]])[] = [
    [{ http_proxy: at, HTTPS_PROXY: at, all_proxy: at }, ['http_proxy', 'HTTPS_PROXY', 'all_proxy']],
    [{ npm_config_proxy: at, npm_config_https_proxy: at }, ['npm_config_proxy', 'npm_config_https_proxy']],
    [{ http_proxy: undefined, HTTP_PROXY: '' }, []],
    [{ no_proxy: at, my_http_proxy: at, http_proxy_port: '3128' }, []],
    [{ http_proxy: at, no_proxy: 'web, *' }, []],
    [{ http_proxy: at, no_proxy: 'web,db' }, ['http_proxy']],
  ];
  for (const [env, names] of rows) {
    test(`of ${JSON.stringify(env)} must be ${names.join(', ') || 'none'}`, () =>
      assert.deepEqual(
        proxiesIn(env).map(({ name }) => name),
        names,
      ));
  }
});

test('a proxy that listens in the container must count, and none other', () => {
  const [proxy] = proxiesIn({ http_proxy: '127.0.0.1:3128' });
  assert.ok(proxy);
  for (const address of ['127.0.0.1', '0.0.0.0', '::', '::1']) assert.ok(isServed(proxy, [port(address)]), address);
  const others = [port('172.20.0.2'), port('127.0.0.1', 3129), port('127.0.0.1', 3128, 'udp')];
  assert.ok(!isServed(proxy, others));
  assert.ok(!isServed(proxy, undefined));
});

test('it must be said in one line, without the value', () => {
  const proxies = proxiesIn({ http_proxy: 'http://me:secret@127.0.0.1:3128', HTTPS_PROXY: '127.0.0.1:3128' });
  assert.equal(
    proxyNote(proxies.slice(0, 1), 'web', true),
    "http_proxy points to 127.0.0.1:3128, which is web's own localhost there, where nothing is listening; use --reverse 3128 to reach this machine's, or -e http_proxy= to run without it",
  );
  assert.equal(
    proxyNote(proxies, 'web', false),
    "http_proxy and HTTPS_PROXY point to 127.0.0.1:3128, which is web's own localhost there; use --reverse 3128 to reach this machine's, or -e http_proxy= -e HTTPS_PROXY= to run without them",
  );
});

describe('a URL', () => {
  const env = { http_proxy: 'lower:1', HTTP_PROXY: 'upper:1', ALL_PROXY: 'all:1' };
  const rows: readonly (readonly [
    scheme: 'http' | 'https',
    host: string,
    env: Environment,
    name: string | undefined,
  ])[] = [
    ['http', 'api', env, 'http_proxy'],
    ['http', 'api', { ...env, http_proxy: '' }, 'HTTP_PROXY'],
    ['https', 'api', env, 'ALL_PROXY'],
    ['https', 'api', { http_proxy: 'lower:1' }, undefined],
    ['http', 'localhost', env, undefined],
    ['http', '127.0.0.1', env, undefined],
    ['http', 'api', { ...env, no_proxy: '*' }, undefined],
    ['http', 'api', { ...env, no_proxy: 'db,api' }, undefined],
    ['http', 'API', { ...env, NO_PROXY: 'api:8080' }, undefined],
    ['http', 'wiki.corp.test', { ...env, no_proxy: '.corp.test' }, undefined],
    ['http', 'wiki.corp.test', { ...env, no_proxy: 'corp.test' }, undefined],
    ['http', 'wikicorp.test', { ...env, no_proxy: 'corp.test' }, 'http_proxy'],
    ['http', '172.20.0.3', { ...env, no_proxy: '172.20.0.0/16' }, undefined],
    ['http', '172.21.0.3', { ...env, no_proxy: '172.20.0.0/16, 10.0.0.0/99' }, 'http_proxy'],
    ['http', 'fd00::3', { ...env, no_proxy: 'fd00::/64' }, undefined],
  ];
  for (const [scheme, host, given, name] of rows) {
    test(`${scheme}://${host} with ${JSON.stringify(given)} must go by ${name ?? 'itself'}`, () =>
      assert.equal(proxyFor(scheme, host, given)?.name, name));
  }
});
