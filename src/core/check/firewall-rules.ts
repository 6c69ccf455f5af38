// Texts of `nft list ruleset` and `iptables-save` → the rules that may be what drops or refuses a connection.

/**
 * @param where whose rules these are: `in web's network`
 * @returns `WHERE: table inet guard, chain out: tcp dport 6379 drop`, for rules that name the port or the address, or all packets
 */
export function droppingRules(
  text: string,
  where: string,
  addresses: readonly string[],
  port: number,
): readonly string[] {
  let table = '';
  let chain = '';
  return text.split('\n').flatMap((written) => {
    const line = written.trim();
    const opened = /^(table|chain) (.+) \{$/.exec(line);
    if (opened?.[1] === 'table') table = opened[2] ?? '';
    if (opened?.[1] === 'chain') chain = opened[2] ?? '';
    if (!stops(line) || isEngines(line) || !concerns(line, addresses, port)) return [];
    return [`${where}: ${line.startsWith('-A ') ? '' : `table ${table}, chain ${chain}: `}${withoutCounters(line)}`];
  });
}

const stops = (line: string): boolean => /(^|\s)(drop|reject( with .*)?|policy drop;)$|-j (DROP|REJECT)\b/.test(line);

/** An engine since 28.0 drops what comes to a container other than through its own bridge (moby, raw PREROUTING). */
const isEngines = (line: string): boolean =>
  /^ip6? daddr \S+ iifname != "?(br-|docker)\S+ |^-A PREROUTING -d \S+ ! -i (br-|docker)\S+ /.test(line);

function concerns(line: string, addresses: readonly string[], port: number): boolean {
  const words = line.split(/[\s,{}]+/);
  const names =
    words.includes(String(port)) || addresses.some((each) => words.some((word) => word.split('/')[0] === each));
  if (names) return true;
  const others = withoutCounters(line).replace(/^-A \S+ -j.*$/, '');
  // Every packet, or everything that no other rule took.
  return others === '' || /^(drop|reject.*)$/.test(others) || /hook (input|output) .*policy drop;$/.test(others);
}

const withoutCounters = (line: string): string => line.replace(/counter packets \d+ bytes \d+ ?/, '').trim();
