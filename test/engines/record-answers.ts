// Asks the engine's DNS, from within a container's network, for names: node test/engines/record-answers.ts NAME... → JSON
import { promises } from 'node:dns';

// Engine 20.10 does not answer at all where nobody knows the name.
const resolver = new promises.Resolver({ timeout: 1000, tries: 3 });
resolver.setServers(['127.0.0.11']);

const nobody = (): string[] => [];
const answers: [name: string, addresses: readonly string[]][] = [];
const waiting = process.argv.slice(2);

async function askOne(): Promise<void> {
  for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) {
    const [four, six] = await Promise.all([
      resolver.resolve4(name).catch(nobody),
      resolver.resolve6(name).catch(nobody),
    ]);
    const addresses = [...four, ...six].toSorted();
    if (addresses.length > 0) answers.push([name, addresses]);
  }
}

await Promise.all(Array.from({ length: 20 }, askOne));
console.log(JSON.stringify(Object.fromEntries(answers.toSorted(([one], [other]) => (one < other ? -1 : 1)))));
