// Asks the engine: every request is bounded in time, and every way it can go wrong is a failure with a name.
import { parseJson } from '../../core/json/decode.ts';
import type { EngineAddress } from '../../core/engine/engine-address.ts';
import { fail, success } from '../../core/failure/failure.ts';
import type { EnginesHere, Result } from '../../core/failure/failure.ts';
import type { LabelFilter } from '../../core/engine/labels.ts';
import { httpGet } from './http.ts';
import type { Dialer } from './http.ts';
import { begin } from '../process/trace.ts';
import { transportTo } from './transport.ts';

export interface Engine {
  readonly endpoint: EngineAddress;
  /** Containers, also stopped ones. */
  readonly list: (labels: LabelFilter) => Promise<Result<Answer>>;
  /** One container by id, id prefix or name; undefined where there is none. */
  readonly inspect: (container: string) => Promise<Result<Answer | undefined>>;
  /** All networks. The list does not say who is on them. */
  readonly networks: () => Promise<Result<Answer>>;
  /** The engine's account of itself and its machine. */
  readonly info: () => Promise<Result<Answer>>;
  /** What a swarm's manager knows of all nodes; others refuse. */
  readonly swarm: (what: 'services' | 'tasks' | 'nodes') => Promise<Result<Answer>>;
  /** Of a Podman that has answered, by its own API: all networks, with the interfaces of this machine that are on them. */
  readonly podmanNetworks: () => Promise<Result<Answer>>;
  /** Which Podman it is, once it has answered; undefined: docker's own engine. */
  readonly podman: () => string | undefined;
}

/** What was asked, for messages, and the JSON that came back. */
export interface Answer {
  readonly request: string;
  readonly json: unknown;
}

/** What the engine takes for a name or an id (moby, daemon/names). */
const isContainerName = /^\/?[a-zA-Z0-9][a-zA-Z0-9_.-]*$/;

/** An engine whose answer is not whole after so long is taken for dead. */
export const patience = { seconds: 15 };

/**
 * Connects lazily; what cannot be read for it (TLS files) is known at once. The caller's name is for messages.
 * @param others looks for engines that answer, where this one does not
 */
export function connect(
  endpoint: EngineAddress,
  caller: () => string,
  others?: () => Promise<EnginesHere>,
): Result<Engine> {
  const transport = transportTo(endpoint);
  return transport.ok ? success(engineBy(transport.value, endpoint, caller, others)) : transport;
}

export function engineBy(
  dialer: Dialer,
  endpoint: EngineAddress,
  caller: () => string,
  others?: () => Promise<EnginesHere>,
): Engine {
  const get = httpGet(dialer, patience.seconds);
  let podman: string | undefined;

  const ask = async (path: string, query = ''): Promise<Result<Answer>> => {
    const request = `GET ${path}`;
    const answered = begin(request.replace(/[0-9a-f]{64}/, 'ID'));
    try {
      const { status, text, podman: told } = await get(path + query);
      answered();
      podman = told;
      // An answer's shape is checked anyway.
      const json = parseJson(text) ?? text;
      if (status === 200) return success({ request, json });
      const { engineRefusal } = await import('./engine-errors.ts');
      return fail(engineRefusal(request, status, json));
    } catch (error) {
      const { explainError } = await import('./engine-errors.ts');
      const explained = explainError(error, request, endpoint, caller, patience.seconds);
      if (explained.ok || explained.failure.kind !== 'engine-unreachable' || others === undefined) return explained;
      return fail({ ...explained.failure, here: await others() });
    }
  };
  return {
    endpoint,
    list: (labels) =>
      ask('/containers/json', `?all=true&filters=${encodeURIComponent(JSON.stringify({ label: labels }))}`),
    inspect: async (container) => {
      if (!isContainerName.test(container)) return success(undefined);
      const answer = await ask(`/containers/${encodeURIComponent(container)}/json`);
      const missing = !answer.ok && answer.failure.kind === 'engine-refused' && answer.failure.status === 404;
      return missing ? success(undefined) : answer;
    },
    networks: () => ask('/networks'),
    info: () => ask('/info'),
    swarm: (what) => ask(`/${what}`),
    podmanNetworks: () => ask(`/v${podman}/libpod/networks/json`),
    podman: () => podman,
  };
}

/** The runtime sends a request once it gets to wait for what may come. */
export const sent = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
