// A drawing in Graphviz's language: `docker netexec --list-networks --format dot | dot -Tsvg`.
import { printable } from '../text/printable.ts';
import type { DrawnNetwork, NetworkMap } from './network-map.ts';

const font = 'fontname="Helvetica,Arial,sans-serif"';

/** @returns its lines; every text of others is escaped */
export function dot({ project, networks, services, lines }: NetworkMap): readonly string[] {
  return [
    `// project ${printable(project)}: docker netexec --list-networks --format dot`,
    'graph {',
    '  graph [rankdir=LR, ranksep=1]',
    `  node [shape=box, ${font}, fontsize=12]`,
    `  edge [${font}, fontsize=10]`,
    ...networks.map(
      (network) => `  ${network.id} [label="${network.texts.map(escape).join('\\n')}", ${style(network)}]`,
    ),
    ...services.map(({ id, name, times }) => `  ${id} [label="${escape(name)}${times > 1 ? ` ×${times}` : ''}"]`),
    ...lines.map(
      ({ from, to, shares }) => `  ${from} -- ${to}${shares ? ' [style=dashed, label="same network"]' : ''}`,
    ),
    '}',
  ];
}

function style({ made, internal }: DrawnNetwork): string {
  if (!made) return 'style="rounded,dashed", color="#2563eb"';
  return `style="rounded,filled", color="#2563eb", fillcolor="#dbeafe"${internal ? ', penwidth=2' : ''}`;
}

/** Between quotes: a label has escapes of its own (`\N` is the node's name), and HTML's entities. */
const escape = (text: string): string => printable(text).replaceAll(/["\\]/g, '\\$&').replaceAll('&', '&amp;');
