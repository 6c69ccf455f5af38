// Records what the engine answers about a Compose project, for tests to replay.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { parseArgv } from '../../src/core/arguments/argv.ts';
import { decodeContainer, decodeList, isUp } from '../../src/core/engine/containers.ts';
import type { Container } from '../../src/core/engine/containers.ts';
import { explain } from '../../src/core/failure/explain.ts';
import type { Result } from '../../src/core/failure/failure.ts';
import { findEngineAddress } from '../../src/shell/engine/docker-config.ts';
import { engineBy } from '../../src/shell/engine/engine.ts';
import { transportTo } from '../../src/shell/engine/transport.ts';
import { takeWords } from '../../scripts/lib/usage.ts';

const usage = `Usage: node test/engines/record.ts PROJECT FOLDER [--answers]

Records what the engine answers about PROJECT in FOLDER. With --answers also what its DNS answers inside each
container, which is the truth about names; as root.`;
const { positionals, values } = takeWords(usage, { answers: { type: 'boolean' } }, 2);
const [project = '', folder = ''] = positionals;

const request = must(parseArgv(['web'], false));
if (request.action !== 'run') throw new Error('no run');
const place = must(await findEngineAddress(request.docker, process.env));
const transport = must(transportTo(place));
// Node has no connections of Bun's kind.
const engine = engineBy({ ...transport, open: transport.openStream }, place, () => 'the recorder');

const listed = must(await engine.list([]));
const all = must(decodeList(listed.request, listed.json));
const own = all.filter(({ compose }) => compose?.project === project);
if (own.length === 0) throw new Error(`project ${project} has no containers`);
const projectFolder = own[0]?.compose?.workingDirectory ?? '';
const joined = new Set(own.flatMap(({ endpoints }) => endpoints.map(({ network }) => network)));
// Those of other projects only where they share a network that the project made: everybody may be on the engine's own.
const isShared = (network: string): boolean => joined.has(network) && !['bridge', 'host', 'none'].includes(network);
const containers = all.filter(
  (container) => own.includes(container) || container.endpoints.some(({ network }) => isShared(network)),
);

rmSync(join(folder, 'inspect'), { recursive: true, force: true });
mkdirSync(join(folder, 'inspect'), { recursive: true });
write(
  'list.json',
  (listed.json as readonly Json[]).filter(({ Id }) => containers.some(({ id }) => id === Id)),
);
const inspected: Container[] = [];
for (const { id, name } of containers) {
  const answer = must(await engine.inspect(id));
  if (answer === undefined) throw new Error(`container ${name} is gone`);
  write(join('inspect', `${name}.json`), withoutNoise(answer.json as Json));
  inspected.push(must(decodeContainer(answer.request, answer.json)));
}
const networks = must(await engine.networks()).json as readonly Json[];
write(
  'networks.json',
  networks.filter(({ Name: name }) => joined.has(name as string)),
);
const info = must(await engine.info()).json as Json;
write('info.json', { Name: 'engine-host', OperatingSystem: info.OperatingSystem, ServerVersion: info.ServerVersion });
if (values.answers === true) write('answers.json', await askAll());

/** Container → name → addresses, of every name that any of them has, also as NAME.NETWORK. */
async function askAll(): Promise<Json> {
  const names = inspected.flatMap(({ endpoints, extraHosts }) => [
    ...endpoints.flatMap((endpoint) => [...endpoint.names, ...endpoint.links.map((link) => link.replace(/.*:/, ''))]),
    ...extraHosts.map((line) => line.replace(/:.*/, '')),
  ]);
  const asked = [...new Set(names)].flatMap((name) => [name, ...[...joined].map((network) => `${name}.${network}`)]);
  const answers = inspected
    .filter(({ state, endpoints }) => isUp(state) && endpoints.some(({ network }) => isShared(network)))
    .map(async ({ name, pid }) => {
      const asker = join(import.meta.dirname, 'record-answers.ts');
      const { stdout } = await execa('nsenter', [`--net=/proc/${pid}/ns/net`, process.execPath, asker, ...asked]);
      return [name, JSON.parse(stdout)] as const;
    });
  return Object.fromEntries(await Promise.all(answers));
}

type Json = Record<string, unknown>;

/** The same without what tells of the machine and its storage rather than of the container. */
function withoutNoise({ GraphDriver: _graph, Mounts: _mounts, HostConfig: host, ...container }: Json): Json {
  const { NetworkMode, ExtraHosts, Links, Dns, DnsOptions, DnsSearch } = host as Json;
  const rest = Object.entries(container).filter(([key]) => !key.endsWith('Path'));
  return {
    ...Object.fromEntries(rest),
    HostConfig: { NetworkMode, ExtraHosts, Links, Dns, DnsOptions, DnsSearch },
  };
}

function write(name: string, json: unknown): void {
  const text = JSON.stringify(json, undefined, 2).replaceAll(projectFolder, `/src/${project}`);
  // An engine that was started for this keeps its files elsewhere.
  const usual = text.replaceAll(/"[^"]*\/netns\//g, '"/var/run/docker/netns/');
  writeFileSync(join(folder ?? '', name), `${usual}\n`);
}

function must<Value>(result: Result<Value>): Value {
  if (result.ok) return result.value;
  throw new Error(explain(result.failure).what);
}
