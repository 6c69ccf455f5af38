// The image that holds nothing: how it is known, and the archive that engines load it from.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { describe, test } from 'node:test';
import { emptyImageArchive, emptyImageId } from '../../../../src/core/engine/empty-image.ts';

describe('the empty image', () => {
  const layer = 'sha256:5f70bf18a086007016e948b04aed3b82103a36bea41755b6cddfaf10ace3c6ef';
  const image = {
    Id: 'sha256:1',
    RootFS: { Type: 'layers', Layers: [layer] },
    Config: { Env: null, Labels: { a: '' } },
  };
  const config = (given: object): object => ({ ...image, Config: { ...image.Config, ...given } });
  const rows: readonly (readonly [string, unknown, string | undefined])[] = [
    ['is known by its layer', image, 'sha256:1'],
    ['may say that it sets nothing', config({ Env: [], Volumes: {}, OnBuild: [] }), 'sha256:1'],
    ['is no other', { ...image, RootFS: { Layers: [`sha256:${'0'.repeat(64)}`] } }, undefined],
    ['has nothing on top', { ...image, RootFS: { Layers: [layer, layer] } }, undefined],
    ['sets no variable', config({ Env: ['LD_PRELOAD=/x.so'] }), undefined],
    ['has no volume', config({ Volumes: { '/usr': {} } }), undefined],
    ['checks no health', config({ Healthcheck: { Test: ['CMD', 'x'] } }), undefined],
    ['is an image', undefined, undefined],
    ['is not nothing', {}, undefined],
  ];
  for (const [name, json, id] of rows) test(name, () => assert.equal(emptyImageId(json), id));
});

describe('its archive', () => {
  const archive = emptyImageArchive('x64');
  const untar = (...words: readonly string[]): Buffer => execFileSync('tar', words, { input: archive });

  test('is one that tar reads', () => {
    assert.equal(untar('-t').toString(), 'manifest.json\nconfig.json\nlayer.tar\n');
  });

  test('has the layer that its configuration names', () => {
    const sum = createHash('sha256').update(untar('-xO', 'layer.tar')).digest('hex');
    const { rootfs, architecture } = JSON.parse(untar('-xO', 'config.json').toString());
    assert.deepEqual(rootfs.diff_ids, [`sha256:${sum}`]);
    assert.equal(architecture, 'amd64');
  });
});
