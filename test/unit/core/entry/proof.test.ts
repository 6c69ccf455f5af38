// What tells a container's process from all others: lines of cgroup and mountinfo as engines and kernels really write them.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { proofOf } from '../../../../src/core/entry/proof.ts';
import { container, idOf } from '../samples.ts';

const own = idOf('a');
const other = idOf('b');

/** What is in cgroup is of no use in mountinfo, where every process of the machine has the layers of all images. */
const shows = (text: string, given: { readonly networkMode?: string } = {}): boolean => {
  const { cgroup, mount } = proofOf({ ...container, ...given });
  return new RegExp(/ \/\S* (rw|ro)/.test(text) ? mount : cgroup, 'm').test(text);
};

const hosts = (folder: string): string => `1072 1059 254:0 ${folder}/hosts /etc/hosts rw,relatime - ext4 /dev/vda rw\n`;

describe('it is the container by', () => {
  const rows: readonly (readonly [string, string])[] = [
    ['its cgroup, by cgroupfs', `0::/docker/${own}\n`],
    ['its cgroup, by systemd', `0::/system.slice/docker-${own}.scope\n`],
    ['its cgroup of version 1', `9:name=systemd:/docker/${own}\n8:pids:/docker/${own}\n`],
    ['a cgroup below its own', `0::/docker/${own}/init\n`],
    ['its hosts file, of a rootless engine', hosts(`/home/me/.local/share/docker/containers/${own}`)],
    ['its hosts file, of podman', hosts(`/containers/storage/overlay-containers/${own}/userdata`)],
    ['its hosts file, below an engine of its own folder', hosts(`/data/docker/containers/${own}`)],
  ];
  for (const [name, text] of rows) test(name, () => assert.ok(shows(text)));
});

describe('it is not the container by', () => {
  const layers = `/var/lib/docker/overlay2/${own}/merged`;
  const rows: readonly (readonly [string, string])[] = [
    ['the cgroup of another', `0::/docker/${other}\n`],
    ['the hosts file of another', hosts(`/var/lib/docker/containers/${other}`)],
    [
      'a layer of that name, which every process of the machine has',
      `98 28 0:44 / ${layers} rw - overlay overlay rw,upperdir=/x/${own}/diff\n`,
    ],
    [
      'its memory, which another may share',
      `99 28 0:45 / /var/lib/docker/containers/${own}/mounts/shm rw - tmpfs shm rw\n`,
    ],
    [
      'its files, mounted elsewhere',
      `99 28 8:1 /var/lib/docker/containers/${own}/hosts /mnt/hosts rw - ext4 /dev/a rw\n`,
    ],
    ['a longer number', `0::/docker/${own}a\n`],
    ['a name that ends so', `0::/docker/x${own}\n`],
    ['nothing', ''],
  ];
  for (const [name, text] of rows) test(name, () => assert.ok(!shows(text)));
});

describe('one that shares the network of another', () => {
  const sharing = { networkMode: `container:${other}` };
  test("has that one's files mounted", () => assert.ok(shows(hosts(`/x/containers/${other}`), sharing)));
  test('may be that one, which is in the same network', () => assert.ok(shows(`0::/docker/${other}\n`, sharing)));
  for (const networkMode of ['container:web', 'container:', 'shop_backend']) {
    // Anything but an id must not become a pattern that fits anything.
    test(`is known by its own alone with ${networkMode}`, () => {
      assert.deepEqual(proofOf({ ...container, networkMode }).ids, [own]);
    });
  }
});
