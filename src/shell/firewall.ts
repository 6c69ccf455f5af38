// Reads the firewall rules on the way of a connection, where root asks and the tools are there: nothing is changed.
import { execa } from 'execa';
import { droppingRules } from '../core/firewall-rules.ts';

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
  if (process.getuid?.() !== 0) return [];
  const found = await Promise.all(
    networks.map(async ({ where, pid }) => {
      const enter = pid === undefined ? [] : ['nsenter', `--net=/proc/${pid}/ns/net`, '--'];
      const texts = await Promise.all([
        read([...enter, 'nft', 'list', 'ruleset']),
        // The rules of nft's own compatible iptables are among the above.
        read([...enter, 'iptables-legacy-save']),
      ]);
      return texts.flatMap((text) => droppingRules(text, where, addresses, port));
    }),
  );
  return found.flat();
}

async function read([program = '', ...words]: readonly string[]): Promise<string> {
  const path = `${process.env['PATH'] ?? ''}:/usr/sbin:/sbin`;
  const asked = await execa(program, words, { reject: false, timeout: 3000, stdin: 'ignore', env: { PATH: path } });
  return asked.failed ? '' : asked.stdout;
}
