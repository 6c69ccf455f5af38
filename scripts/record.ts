// Records what the engine answers about a Compose project, for tests to replay: node scripts/record.ts PROJECT FOLDER
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgv } from '../src/core/argv.ts';
import { decodeList } from '../src/core/engine-state.ts';
import { explain } from '../src/core/explain.ts';
import type { Result } from '../src/core/failure.ts';
import { findEndpoint } from '../src/shell/docker-config.ts';
import { connect } from '../src/shell/engine.ts';

const [project, folder] = process.argv.slice(2);
if (project === undefined || folder === undefined) throw new Error('Usage: node scripts/record.ts PROJECT FOLDER');

const request = must(parseArgv(['web'], false));
if (request.action !== 'run') throw new Error('no run');
const engine = must(connect(must(findEndpoint(request.docker, process.env)), 'the recorder'));

const listed = must(await engine.list([`com.docker.compose.project=${project}`]));
const containers = must(decodeList(listed.request, listed.json));
if (containers.length === 0) throw new Error(`project ${project} has no containers`);
const projectFolder = containers[0]?.compose?.workingDirectory ?? '';

rmSync(join(folder, 'inspect'), { recursive: true, force: true });
mkdirSync(join(folder, 'inspect'), { recursive: true });
write('list.json', listed.json);
for (const { id, name } of containers) {
  const answer = must(await engine.inspect(id));
  if (answer === undefined) throw new Error(`container ${name} is gone`);
  write(join('inspect', `${name}.json`), withoutNoise(answer.json as Json));
}
const { Name: _, ...info } = must(await engine.info()).json as Json;
write('info.json', { Name: 'engine-host', OperatingSystem: info.OperatingSystem, ServerVersion: info.ServerVersion });

type Json = Record<string, unknown>;

/** The same without what tells of the machine and its storage rather than of the container. */
function withoutNoise({ GraphDriver: _graph, Mounts: _mounts, HostConfig: host, ...container }: Json): Json {
  const { NetworkMode, ExtraHosts, Links, Dns, DnsOptions, DnsSearch } = host as Json;
  return { ...container, HostConfig: { NetworkMode, ExtraHosts, Links, Dns, DnsOptions, DnsSearch } };
}

function write(name: string, json: unknown): void {
  const text = JSON.stringify(json, undefined, 2).replaceAll(projectFolder, `/src/${project}`);
  writeFileSync(join(folder ?? '', name), `${text}\n`);
}

function must<Value>(result: Result<Value>): Value {
  if (result.ok) return result.value;
  throw new Error(explain(result.failure).what);
}
