// The HOSTALIASES files of all networks of a project, for whoever asks for them without a run.
import { aliasPath } from './alias-plan.ts';
import { aliasFile, isAlias } from './aliases.ts';
import type { AliasFile, AliasTarget } from './aliases.ts';
import { notCarried } from './dns-names.ts';
import type { NetworkName } from './names.ts';

interface ProjectAliases {
  /** One for each network. */
  readonly files: readonly (AliasFile & { readonly file: string })[];
  /** What has no alias, and why. */
  readonly warnings: readonly string[];
}

/** @param folder RUNTIME/docker-netexec */
export function projectAliases(
  project: string,
  networks: readonly { readonly name: string; readonly id: string }[],
  names: readonly NetworkName[],
  folder: string,
  target: AliasTarget,
): ProjectAliases {
  const files = networks.map((network) => ({
    file: aliasPath(folder, project, network.name, target),
    ...aliasFile(
      [network],
      names.filter((each) => each.network === network.name),
      target,
    ),
  }));
  const nameless = networks.flatMap(({ name }) => {
    const why = target.kind === 'engine' ? notCarried(name) : undefined;
    return why === undefined ? [] : [`no aliases for ${JSON.stringify(name)}: it ${why}`];
  });
  const odd = new Set(names.filter(({ name }) => !isAlias(name)).map(({ name }) => name));
  const notTaken = [...odd].map(
    (name) => `glibc does not accept the alias ${JSON.stringify(name)}: leaving it out of the files`,
  );
  return { files, warnings: [...nameless, ...notTaken] };
}
