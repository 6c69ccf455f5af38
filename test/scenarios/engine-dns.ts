// What the engine's own DNS answers to programs in a service's network: the truth that reports are compared with.
import assert from 'node:assert/strict';
import type { NameRow } from './reports.ts';
import { must } from './scenario.ts';
import type { Scenario } from './scenario.ts';

/** The addresses of both kinds, sorted, of each name that has any; names in lower case. */
export type Answers = ReadonlyMap<string, readonly string[]>;

/**
 * Asks 127.0.0.11 for A and AAAA of all names. Names that the engine does not know it asks of the server outside, which
 * must be there (startOutside), or each of them takes seconds.
 * @param target the words that name the service to docker netexec
 */
export async function engineAnswers(
  s: Scenario,
  target: readonly string[],
  names: readonly string[],
): Promise<Answers> {
  // Once each, in the case in which it was first given: the engine answers in any case, but for links.
  const once = new Map(names.toReversed().map((name) => [name.toLowerCase(), name])).values();
  const questions = [...once].flatMap((name) => [`${name} A`, `${name} AAAA`]).join('\n');
  const dig = ['dig', '@127.0.0.11', '+noall', '+answer', '+tries=1', '-f', '-'];
  const run = await must(s.netexec([...target, '--', ...dig], { input: `${questions}\n` }));
  const answers = new Map<string, string[]>();
  for (const line of run.stdout.split('\n')) {
    const [name = '', , , type = '', address = ''] = line.split(/\s+/);
    if (type !== 'A' && type !== 'AAAA') {
      assert.doesNotMatch(line, /timed out|no servers/, line);
      continue;
    }
    const key = name.replace(/\.$/, '').toLowerCase();
    answers.set(key, [...(answers.get(key) ?? []), address].toSorted());
  }
  return answers;
}

/** Names to try: all of these, as they stand and with each network behind them. */
export function candidates(rows: readonly NameRow[], networks: readonly string[]): readonly string[] {
  const names = [...new Set(rows.map(({ Name: name }) => name))];
  return [...names, ...names.flatMap((name) => networks.map((network) => `${name}.${network}`))];
}

/**
 * What --list-names SERVICE promises of the engine's DNS: each name of a network as it is listed, and `name.network`,
 * which works for every one of them.
 */
export function promised(rows: readonly NameRow[]): Answers {
  const promises = new Map<string, readonly string[]>();
  for (const { Name, Network: network, Address: addresses } of rows) {
    if (network === '') continue;
    const name = Name.toLowerCase();
    const long = name.endsWith(`.${network}`) ? name : `${name}.${network}`;
    assert.ok(!promises.has(name), `${name} is listed twice`);
    assert.ok(!promises.has(long), `${long} is listed twice`);
    promises.set(name, addresses.toSorted());
    promises.set(long, addresses.toSorted());
  }
  return promises;
}

export const asObject = (answers: Answers): Readonly<Record<string, readonly string[]>> =>
  Object.fromEntries([...answers].toSorted(([one], [other]) => (one < other ? -1 : 1)));
