// How root calls the same netexec: root's docker finds what is installed for all users, and looks into no user's folder.
import { dockerWords } from '../compose/compose-line.ts';
import type { Called } from './explanation.ts';
import { shellWord } from '../text/printable.ts';

export function asRoot({ plugin, variables, docker }: Called): string {
  const isNamed = docker.host !== undefined || docker.context !== undefined;
  const engine = isNamed ? docker : { ...docker, ...variables };
  const folder = plugin === undefined ? undefined : /^(.+)\/cli-plugins\/[^/]+$/.exec(plugin)?.[1];
  const isEverybodys = folder !== undefined && /^\/usr\/(?:local\/)?lib(?:exec)?\/docker$/.test(folder);
  const words =
    plugin !== undefined && folder === undefined
      ? [plugin, ...dockerWords(engine)]
      : ['docker', ...dockerWords(isEverybodys ? engine : { ...engine, config: folder }), 'netexec'];
  return ['sudo', ...words].map(shellWord).join(' ');
}
