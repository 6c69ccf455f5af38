// The engine's JSON → what netexec knows of containers. Fields and their history: moby, api/docs; the list has no aliases, inspect has.
import * as z from 'zod/mini';
import { decode } from './decode.ts';
import { fail, success } from './failure.ts';
import type { Result } from './failure.ts';

/** A container as the engine's list tells it. */
export interface ListedContainer {
  readonly id: string;
  readonly name: string;
  /** created, running, paused, restarting, removing, exited or dead. */
  readonly state: string;
  /** The engine's own words: `Up 3 minutes`, `Exited (1) 5 seconds ago`. */
  readonly status: string;
  readonly compose: ComposeLabels | undefined;
}

/** What Compose wrote on a container (docker/compose, pkg/api/labels.go). */
export interface ComposeLabels {
  readonly project: string;
  readonly service: string;
  /** Undefined for one-offs of newer versions. */
  readonly number: number | undefined;
  readonly oneOff: boolean;
  readonly workingDirectory: string | undefined;
}

/** A container as inspect tells it. */
export interface Container {
  readonly id: string;
  readonly name: string;
  readonly state: string;
  /** 0 while it does not run. */
  readonly pid: number;
  readonly exitCode: number;
  readonly compose: ComposeLabels | undefined;
  readonly networkMode: string;
  readonly networks: readonly string[];
}

/** Containers that may be entered: a paused one still has its network. */
export const isUp = (state: string): boolean => state === 'running' || state === 'paused';

export const shortId = (id: string): string => id.slice(0, 12);

const labels = z.nullish(z.record(z.string(), z.string()));

const listSchema = z.array(
  z.object({
    Id: z.string().check(z.regex(/^[0-9a-f]{12,}$/)),
    Names: z.nullish(z.array(z.string())),
    State: z.string(),
    Status: z.string(),
    Labels: labels,
  }),
);

const inspectSchema = z.object({
  Id: z.string().check(z.regex(/^[0-9a-f]{64}$/)),
  Name: z.string(),
  State: z.object({ Status: z.string(), Pid: z.int().check(z.nonnegative()), ExitCode: z.int() }),
  Config: z.object({ Labels: labels }),
  HostConfig: z.object({ NetworkMode: z.string() }),
  NetworkSettings: z.object({ Networks: z.nullish(z.record(z.string(), z.unknown())) }),
});

/** @param json the answer to GET /containers/json */
export function decodeList(request: string, json: unknown): Result<readonly ListedContainer[]> {
  const decoded = decode(listSchema, json);
  if (!decoded.ok) return fail({ kind: 'engine-nonsense', request, problem: decoded.problem });
  return success(
    decoded.value.map(({ Id: id, Names: names, State: state, Status: status, Labels: own }) => ({
      id,
      name: trimName(names?.find((name) => !name.slice(1).includes('/')) ?? names?.[0] ?? shortId(id)),
      state,
      status,
      compose: composeLabels(own ?? {}),
    })),
  );
}

/** @param json the answer to GET /containers/ID/json */
export function decodeContainer(request: string, json: unknown): Result<Container> {
  const decoded = decode(inspectSchema, json);
  if (!decoded.ok) return fail({ kind: 'engine-nonsense', request, problem: decoded.problem });
  const {
    Id: id,
    Name: name,
    State: state,
    Config: config,
    HostConfig: host,
    NetworkSettings: network,
  } = decoded.value;
  return success({
    id,
    name: trimName(name),
    state: state.Status,
    pid: state.Pid,
    exitCode: state.ExitCode,
    compose: composeLabels(config.Labels ?? {}),
    networkMode: host.NetworkMode,
    networks: Object.keys(network.Networks ?? {}).toSorted(),
  });
}

function composeLabels(own: Readonly<Record<string, string>>): ComposeLabels | undefined {
  const project = own['com.docker.compose.project'];
  const service = own['com.docker.compose.service'];
  // Containers of lifecycle hooks carry the service's name, but are not the service.
  if (project === undefined || service === undefined || own['com.docker.compose.hook'] !== undefined) return undefined;
  const number = own['com.docker.compose.container-number'];
  return {
    project,
    service,
    number: number !== undefined && /^\d+$/.test(number) ? Number(number) : undefined,
    oneOff: own['com.docker.compose.oneoff']?.toLowerCase() === 'true',
    workingDirectory: own['com.docker.compose.project.working_dir'],
  };
}

// The engine writes names with a slash in front; legacy links add "/other/alias" to the list.
const trimName = (name: string): string => name.replace(/^\//, '');
