// Reads the firewall rules on the way of a connection, where root asks and the tools are there: nothing is changed.
import { droppingRules } from '../../core/check/firewall-rules.ts';
import type { Tool } from '../../core/tools/tool-table.ts';
import { ask } from '../process/ask.ts';
import { callerUid } from '../observe/caller.ts';
import { findTrusted } from '../observe/program.ts';

export interface Ruled {
  /** Whose rules: `in web's network`. */
  readonly where: string;
  /** A process of that network; undefined: the machine's own. */
  readonly pid: number | undefined;
}

export async function observeRules(
  networks: readonly Ruled[],
  addresses: readonly string[],
  port: number,
): Promise<readonly string[]> {
  if (callerUid() !== 0) return [];
  const found = await Promise.all(
    networks.map(async ({ where, pid }) => {
      const texts = await Promise.all([
        read(pid, 'nft', 'list', 'ruleset'),
        // The rules of nft's own compatible iptables are among the above.
        read(pid, 'iptables-legacy-save'),
      ]);
      return texts.flatMap((text) => droppingRules(text, where, addresses, port));
    }),
  );
  return found.flat();
}

/** @returns '' where the tool is missing, or fails */
async function read(pid: number | undefined, tool: Tool, ...words: readonly string[]): Promise<string> {
  const file = findTrusted(tool);
  const nsenter = findTrusted('nsenter');
  if (file === undefined || nsenter === undefined) return '';
  const argv =
    pid === undefined
      ? ([file, ...words] as const)
      : ([nsenter, `--net=/proc/${pid}/ns/net`, '--', file, ...words] as const);
  const asked = await ask(3, argv);
  return asked.ok ? asked.stdout : '';
}
