// An engine that is asked each question once: what is said of a container is of one moment, its process number above all.
import type { Result } from '../../core/failure/failure.ts';
import type { Answer, Engine } from './engine.ts';

export function snapshotOf({ endpoint, list, inspect, networks, info, swarm, podmanNetworks, podman }: Engine): Engine {
  const containers = new Map<string, Promise<Result<Answer | undefined>>>();
  return {
    endpoint,
    list: once(list),
    inspect: async (container) => {
      const asking = containers.get(container) ?? inspect(container);
      containers.set(container, asking);
      const answer = await asking;
      // Asked for by its name, it is known by its id from then on.
      const { Id: id } = ((answer.ok && answer.value?.json) || {}) as { readonly Id?: unknown };
      if (typeof id === 'string' && !containers.has(id)) containers.set(id, asking);
      return answer;
    },
    networks: once(networks),
    info: once(info),
    swarm: once(swarm),
    podmanNetworks: once(podmanNetworks),
    podman,
  };
}

function once<Words extends readonly unknown[], Value>(ask: (...words: Words) => Value): (...words: Words) => Value {
  const answers = new Map<string, Value>();
  return (...words) => {
    const key = JSON.stringify(words);
    const answer = answers.get(key) ?? ask(...words);
    answers.set(key, answer);
    return answer;
  };
}
