// netexec's own installation → rows: the system, the file that docker takes, other copies, bash's completion.
import type { DoctorFacts } from './doctor-facts.ts';
import { row } from './doctor-row.ts';
import type { DoctorRow } from './doctor-row.ts';

export function examineInstall(facts: DoctorFacts): readonly DoctorRow[] {
  const { install, platform, system, kernel } = facts;
  return [
    platform === 'linux'
      ? row('install', 'system', 'good', `${system ?? 'Linux'}, ${kernel}`)
      : row('install', 'system', 'bad', platform, 'netexec needs Linux namespaces: run it on Linux'),
    ...examineCopies(facts),
    ...(install.oldCompletion === undefined
      ? []
      : [
          row(
            'install',
            'completion',
            'plain',
            `bash uses an old completion of docker, ${install.oldCompletion}: TAB completion works, but without descriptions`,
            'install the current one: docker completion bash | install -Dm 644 /dev/stdin ~/.local/share/bash-completion/completions/docker',
          ),
        ]),
  ];
}

function examineCopies({ install, version }: DoctorFacts): readonly DoctorRow[] {
  const { plugin, singleFile, found } = install;
  const [first, ...others] = found;
  const ofPackage = plugin.includes('/node_modules/');
  const again = ofPackage
    ? 'install it where docker looks: docker-netexec --install'
    : singleFile
      ? 'copy it into ~/.docker/cli-plugins'
      : 'install it again: docker-netexec --install, or scripts/install';
  const state =
    first === undefined
      ? row('install', 'plugin', 'warning', `docker does not find netexec; this one is ${plugin}`, again)
      : first.same
        ? row('install', 'plugin', 'good', `${first.file}, version ${version}${singleFile ? ', a single file' : ''}`)
        : // npm's command is the plugin itself, and has been asked to install this very version.
          ofPackage && first.version === version
          ? row('install', 'plugin', 'good', `${first.file}, version ${version}, from the npm package`)
          : row(
              'install',
              'plugin',
              'warning',
              `docker uses ${first.file} (${first.version ?? 'no answer'}), not this one, ${plugin} (${version})`,
              ofPackage ? again : `remove it: ${first.file} --uninstall; or ${again}`,
            );
  return [
    state,
    ...others.map(({ file, version: other }) =>
      row(
        'install',
        'plugin',
        'warning',
        `another copy, which docker ignores: ${file} (${other ?? 'no answer'})`,
        `remove it: ${file} --uninstall`,
      ),
    ),
  ];
}
