// docker's own files, as docker 28.2 read each of these: what it takes from them, and what it warns of.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import { readContextDocument, readContextName } from '../../../../src/core/engine/docker-contexts.ts';
import type { ContextDocument } from '../../../../src/core/engine/docker-contexts.ts';
import { readDockerConfig } from '../../../../src/core/engine/docker-files.ts';

describe('config.json', () => {
  const rows: readonly (readonly [text: string, context: string | undefined, problem?: string])[] = [
    ['{}', undefined],
    ['{"currentContext": "far", "auths": {}}', 'far'],
    ['', undefined],
    [' \n', undefined],
    ['null', undefined],
    ['{"currentContext": null}', undefined],
    ['{"currentContext": "far", "currentContext": null}', undefined],
    ['{"CURRENTCONTEXT": "far"}', 'far'],
    ['{"currentContext": "far", "currentcontext": "near"}', 'near'],
    ['{"currentContext": "far", "CurrentContext": null}', 'far'],
    // Only the first value is read.
    ['{"currentContext": "far"} and so on', 'far'],
    ['{"currentContext": "}\\"{"}]', '}"{'],
    ['{}\0', undefined],
    ['null {"currentContext": "far"}', undefined],
    ['{"a": [{"b": "]"}], "currentContext": "far"}{', 'far'],
    // What is not as docker wants it is warned of, and is as if it were not there.
    ['[]', undefined, 'top level: expected object'],
    ['5', undefined, 'top level: expected object'],
    ['"far"', undefined, 'top level: expected object'],
    ['{"currentContext": {}}', undefined, 'currentContext: expected string'],
    ['{"currentContext": 5}', undefined, 'currentContext: expected string'],
    ['{"currentContext":', undefined, 'it is not valid JSON'],
    ['\uFEFF{"currentContext": "far"}', undefined, 'it is not valid JSON'],
    ['{"currentContext": "far",}', undefined, 'it is not valid JSON'],
  ];
  for (const [text, currentContext, problem] of rows) {
    test(JSON.stringify(text), () => {
      const read = readDockerConfig(text);
      assert.deepEqual(read, { currentContext, problem });
    });
  }

  test('must not be quoted where it is broken: it has passwords in it', () => {
    for (const text of ['{"auths": {"x": {"auth": "c2VjcmV0" "y": 1}}}', '{"auth": c2VjcmV0}', 'c2VjcmV0', '"c2VjcmV0'])
      assert.doesNotMatch(readDockerConfig(text).problem ?? '', /VjcmV/, text);
  });

  test('must be read or warned of, whatever it is', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => void readDockerConfig(text)));
    const value = fc.json();
    fc.assert(fc.property(value, (json) => assert.deepEqual(readDockerConfig(`${json} x`), readDockerConfig(json))));
  });
});

describe('meta.json', () => {
  const host = 'unix:///x';
  const decoded: ContextDocument = { name: 'far', host, skipTlsVerify: false, tlsFolder: '/tls' };
  const rows: readonly (readonly [text: string, expected: Partial<ContextDocument> | string])[] = [
    [`{"Name": "far", "Metadata": {}, "Endpoints": {"docker": {"Host": "${host}"}}}`, {}],
    [`{"Name": "other", "Endpoints": {"docker": {"Host": "${host}"}}}`, {}],
    [`{"Endpoints": {"docker": {"Host": "${host}", "SkipTLSVerify": null}}}`, {}],
    [`{"NAME": "far", "endpoints": {"docker": {"HOST": "${host}"}}}`, {}],
    [`{"Endpoints": {"docker": {"Host": "${host}", "SkipTLSVerify": true}}}`, { skipTlsVerify: true }],
    // docker's usual one.
    ['{"Endpoints": {"docker": {}}}', { host: '' }],
    ['{"Endpoints": {"docker": {"Host": null}}}', { host: '' }],
    ['{"Endpoints": {"docker": {"Host": 5}}}', 'Endpoints.docker.Host: expected string'],
    ['{"Endpoints": {"docker": {"SkipTLSVerify": 1}}}', 'Endpoints.docker.SkipTLSVerify: expected boolean'],
    ['{"Endpoints": {"Docker": {}}}', 'Endpoints.docker: expected object'],
    ['{"Name": "far"}', 'Endpoints.docker: expected object'],
    ['null', 'Endpoints.docker: expected object'],
    ['', 'it is not valid JSON'],
    ['{"Endpoints": {"docker": {}}} x', 'it is not valid JSON'],
  ];
  for (const [text, expected] of rows) {
    test(JSON.stringify(text), () => {
      const read = readContextDocument('FILE', 'far', '/tls', text);
      if (read.ok) assert.deepEqual(read.value, typeof expected === 'string' ? expected : { ...decoded, ...expected });
      else {
        assert.ok(read.failure.kind === 'docker-config-invalid');
        assert.equal(read.failure.reason, expected);
      }
    });
  }

  test('must be listed by the name it gives itself', () => {
    assert.deepEqual(['{"Name": "far"}', '{"name": "far"}', '{}', 'null', '{'].map(readContextName), [
      'far',
      'far',
      undefined,
      undefined,
      undefined,
    ]);
  });
});
