// netexec's own installation → rows: the system, the file that docker takes, other copies, Node, bash's completion.
import type { DoctorFacts } from './doctor-facts.ts';
import { row } from './doctor-row.ts';
import type { DoctorRow } from './doctor-row.ts';
import { isAtLeast } from './versions.ts';

export function examineInstall(facts: DoctorFacts): readonly DoctorRow[] {
  const { install, platform, system, kernel } = facts;
  return [
    platform === 'linux'
      ? row('install', 'system', 'good', `${system ?? 'Linux'}, ${kernel}`)
      : row('install', 'system', 'bad', platform, 'netexec joins namespaces of Linux: run it there'),
    ...examineCopies(facts),
    ...examineNode(facts),
    ...(install.oldCompletion === undefined
      ? []
      : [
          row(
            'install',
            'completion',
            'plain',
            `bash uses an old completion of docker, ${install.oldCompletion}: a TAB works, without explanations`,
            'docker completion bash prints the present one, for ~/.local/share/bash-completion/completions/docker',
          ),
        ]),
  ];
}

function examineCopies({ install, version }: DoctorFacts): readonly DoctorRow[] {
  const { plugin, singleFile, found } = install;
  const [first, ...others] = found;
  const again = singleFile
    ? 'put it into ~/.docker/cli-plugins'
    : 'install it again: docker-netexec --install, or scripts/install';
  const state =
    first === undefined
      ? row('install', 'plugin', 'warning', `docker finds no netexec; this one is ${plugin}`, again)
      : first.same
        ? row('install', 'plugin', 'good', `${first.file}, version ${version}${singleFile ? ', a single file' : ''}`)
        : row(
            'install',
            'plugin',
            'warning',
            `docker takes ${first.file} (${first.version ?? 'no answer'}), not this one, ${plugin} (${version})`,
            `remove that one, as it was installed, or ${again}`,
          );
  return [
    state,
    ...others.map(({ file, version: other }) =>
      row(
        'install',
        'plugin',
        'warning',
        `another copy, which docker passes over: ${file} (${other ?? 'no answer'})`,
        'remove it, as it was installed: docker-netexec --uninstall, scripts/uninstall, or the file alone',
      ),
    ),
  ];
}

function examineNode({ install, node }: DoctorFacts): readonly DoctorRow[] {
  // The executable has all that it runs with.
  if (node === undefined) return [];
  const { singleFile } = install;
  const seen = `${node.version}, ${node.file}`;
  return [
    isAtLeast(node.version, [22, 18])
      ? row('install', 'Node.js', 'good', singleFile ? `${seen}, found on PATH` : seen)
      : row(
          'install',
          'Node.js',
          'bad',
          seen,
          singleFile ? 'put a newer one first on PATH' : 'install netexec again: it looks for a newer one',
        ),
    ...(singleFile
      ? [row('install', 'code', 'plain', 'compiled anew in each call; an installation keeps what V8 makes of it')]
      : []),
  ];
}
