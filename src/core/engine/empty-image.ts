// The image of all containers of netexec's own: it holds nothing. The archive that an engine loads it from, and how it is known again.
import { parseJson } from '../json/decode.ts';
import { string, decodeShape, fields } from '../json/shape.ts';
import type { Shape } from '../json/shape.ts';
import { helperLabel } from './helper-specification.ts';

/** It stays: a run makes it where it is missing. */
export const helperImage = 'docker-netexec:helper';
/** Of all images of netexec's own. */
export const imageRepository = 'docker-netexec';

const emptyLayerText = '\0'.repeat(1024);
/** Of the one layer: two blocks of zeros, an archive with nothing in it (tar(5)). */
const emptyLayer = 'sha256:5f70bf18a086007016e948b04aed3b82103a36bea41755b6cddfaf10ace3c6ef';

// Fields: moby, api/types/image. Anything in the configuration that would run, mount or set something is none of ours.
const only =
  (fits: (json: unknown) => boolean): Shape<unknown> =>
  (json) =>
    fits(json) ? undefined : { path: [], what: 'another' };
const isAbsent = (json: unknown): boolean => json === null || json === undefined;
const nothing = only((json) => isAbsent(json) || (typeof json === 'object' && Object.keys(json ?? {}).length === 0));
const emptyImage = fields({
  Id: string,
  RootFS: fields({ Layers: only((json) => Array.isArray(json) && json.length === 1 && json[0] === emptyLayer) }),
  Config: fields({ Env: nothing, Volumes: nothing, Healthcheck: only(isAbsent), OnBuild: nothing }),
});

/**
 * Anyone who can have an image loaded could use this tag, and what is in it would run as root.
 * @param json of GET /images/NAME/json
 * @returns its id, by which nothing else can be meant; undefined where it is not the empty one
 */
export function emptyImageId(json: unknown): string | undefined {
  const decoded = decodeShape(emptyImage, json);
  return decoded.ok ? decoded.value.Id : undefined;
}

/** @param progress what the engine said while it loaded, an object a line (moby, api/types/jsonstream) */
export function loadProblem(progress: string): string | undefined {
  for (const line of progress.split('\n').toReversed()) {
    const said = decodeShape(fields({ error: string }), parseJson(line));
    if (said.ok) return said.value.error;
  }
  return undefined;
}

/**
 * What `docker load` takes (moby, image/spec), and Podman, which imports no archive with nothing in it. The same bytes, whoever
 * makes it: two that load it at once have one image.
 * @param architecture as Node names it
 */
export function emptyImageArchive(architecture: string): string {
  const configuration = {
    architecture: architectures[architecture] ?? architecture,
    os: 'linux',
    created: '1970-01-01T00:00:00Z',
    config: { Labels: { [helperLabel]: '' } },
    rootfs: { type: 'layers', diff_ids: [emptyLayer] },
    history: [{ created_by: 'docker-netexec' }],
  };
  const manifest = [{ Config: 'config.json', RepoTags: [helperImage], Layers: ['layer.tar'] }];
  const files: readonly (readonly [string, string])[] = [
    ['manifest.json', JSON.stringify(manifest)],
    ['config.json', JSON.stringify(configuration)],
    ['layer.tar', emptyLayerText],
  ];
  return `${files.map(([name, text]) => archived(name, text)).join('')}${emptyLayerText}`;
}

const architectures: Readonly<Record<string, string>> = { x64: 'amd64' };

/** One file of a tar archive, in the form of POSIX (tar(5), "ustar"). */
function archived(name: string, text: string): string {
  const octal = (value: number, digits: number): string => `${value.toString(8).padStart(digits, '0')}\0`;
  const start = `${name.padEnd(100, '\0')}${octal(0o644, 7)}${octal(0, 7)}${octal(0, 7)}${octal(text.length, 11)}${octal(0, 11)}`;
  const end = `0${'\0'.repeat(100)}ustar\x0000`.padEnd(512 - 156, '\0');
  // Its own place counts as blanks.
  const sum = Buffer.from(`${start}        ${end}`).reduce((total, byte) => total + byte, 0);
  const padding = '\0'.repeat((512 - (text.length % 512)) % 512);
  return `${start}${octal(sum, 6)} ${end}${text}${padding}`;
}
