// Networks and who is on them → a picture's text, in the languages that documents draw with: Mermaid, and Graphviz's dot.
import { dot } from './dot.ts';
import { mermaid } from './mermaid.ts';
import type { NetworkMap } from './network-map.ts';
import type { Drawing } from '../arguments/option-values.ts';

export { networkMap } from './network-map.ts';

export function drawNetworks(map: NetworkMap, as: Drawing): string {
  const lines = as === 'mermaid' ? mermaid(map) : dot(map);
  return lines.map((line) => `${line}\n`).join('');
}
