// A drawing as a Mermaid flowchart, which GitHub, GitLab and many editors show in a block of Markdown.
import { printable } from '../text/printable.ts';
import type { DrawnNetwork, NetworkMap } from './network-map.ts';

/** @returns its lines; every text of others is escaped */
export function mermaid({ project, networks, services, lines }: NetworkMap): readonly string[] {
  return [
    `%% project ${escape(project)}: docker netexec --list-networks --format mermaid`,
    'flowchart LR',
    ...networks.map((network) => `  ${network.id}(["${network.texts.map(escape).join('<br>')}"]):::${style(network)}`),
    ...services.map(({ id, name, times }) => `  ${id}["${escape(name)}${times > 1 ? ` ×${times}` : ''}"]`),
    ...lines.map(({ from, to, shares }) => `  ${from} ${shares ? '-. same network .-' : '---'} ${to}`),
    ...Object.entries(looks)
      .filter(([name]) => networks.some((network) => style(network) === name))
      .map(([name, look]) => `  classDef ${name} ${look}`),
  ];
}

/** To be read on a light page and on a dark one. */
const looks = {
  network: 'fill:#dbeafe,stroke:#2563eb,color:#172554',
  internal: 'fill:#dbeafe,stroke:#2563eb,color:#172554,stroke-width:3px',
  missing: 'fill:none,stroke:#2563eb,stroke-dasharray:4',
} as const;

const style = ({ made, internal }: DrawnNetwork): keyof typeof looks =>
  !made ? 'missing' : internal ? 'internal' : 'network';

/**
 * Text as it may stand between quotes: letters, digits, and a few signs in between, which mean nothing to Mermaid nor to
 * the Markdown and HTML that a label becomes. All else is written by its number, `#34;` (Mermaid's entity codes).
 */
const escape = (text: string): string =>
  printable(text).replaceAll(
    /(?<![\p{L}\p{N}])[-_/ ]|[-_/ ](?![\p{L}\p{N}])|[^\p{L}\p{N}_/ -]/gu,
    (sign) => `#${sign.codePointAt(0)};`,
  );
