// The image of all containers of netexec's own: it holds nothing. The archive that an engine loads it from, and how it is known again.
import { parseJson } from '../json/decode.ts';
import { string, decodeShape, fields } from '../json/shape.ts';
import type { Shape } from '../json/shape.ts';
import { tarEnd, tarHead, tarPadding } from './archive.ts';
import { helperLabel } from './helper-specification.ts';

/** It stays: a run makes it where it is missing. */
export const helperImage = 'docker-netexec:helper';
/** Of all images of netexec's own. */
export const imageRepository = 'docker-netexec';

/** Of the one layer: an archive with nothing in it. */
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
export function emptyImageArchive(architecture: string): Buffer {
  const configuration = {
    architecture: architectures[architecture] ?? architecture,
    os: 'linux',
    created: '1970-01-01T00:00:00Z',
    config: { Labels: { [helperLabel]: '' } },
    rootfs: { type: 'layers', diff_ids: [emptyLayer] },
    history: [{ created_by: 'docker-netexec' }],
  };
  const manifest = [{ Config: 'config.json', RepoTags: [helperImage], Layers: ['layer.tar'] }];
  const files: readonly (readonly [string, Buffer])[] = [
    ['manifest.json', Buffer.from(JSON.stringify(manifest))],
    ['config.json', Buffer.from(JSON.stringify(configuration))],
    ['layer.tar', tarEnd],
  ];
  const archived = files.flatMap(([name, content]) => [
    tarHead(name, content.length),
    content,
    tarPadding(content.length),
  ]);
  return Buffer.concat([...archived, tarEnd]);
}

const architectures: Readonly<Record<string, string>> = { x64: 'amd64' };
