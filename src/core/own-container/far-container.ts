// The far end of a tunnel: a container in the service's network that connects there, and listens where it is asked to. What the engine is told of it.
import { helperLabel } from '../engine/helper-specification.ts';
import { farExecutable, farLibraries } from './far-image.ts';

export interface FarFacts {
  /** By its id. */
  readonly image: string;
  /** The container whose network it joins, by its id. */
  readonly target: string;
  /** Behind the executable. */
  readonly words: readonly string[];
  /** `NAME=VALUE`, beside those that it needs itself. */
  readonly variables?: readonly string[] | undefined;
  readonly supervisor: string;
  readonly runtime: string | undefined;
}

/** @returns the body of POST /containers/create */
export const farContainer = ({ image, target, words, variables = [], supervisor, runtime }: FarFacts): object => ({
  Image: image,
  Entrypoint: [farExecutable, ...words],
  Cmd: [],
  Labels: { [helperLabel]: supervisor },
  // Without any right: it connects, and no more.
  User: '65534:65534',
  WorkingDir: '/',
  Env: ['UV_THREADPOOL_SIZE=256', ...farEnvironment, ...variables],
  StopSignal: 'SIGKILL',
  Healthcheck: { Test: ['NONE'] },
  // Its input ends with netexec, also by kill -9, and it with that.
  AttachStdin: true,
  OpenStdin: true,
  StdinOnce: true,
  AttachStdout: true,
  AttachStderr: true,
  HostConfig: {
    AutoRemove: true,
    LogConfig: { Type: 'none', Config: {} },
    NetworkMode: `container:${target}`,
    ReadonlyRootfs: true,
    CapDrop: ['ALL'],
    SecurityOpt: ['no-new-privileges'],
    ...(runtime === undefined ? {} : { Runtime: runtime }),
  },
});

/** Of the executable in its image, as NAME=VALUE. */
export const farEnvironment: readonly string[] = [
  `LD_LIBRARY_PATH=${farLibraries}`,
  // As the launcher has them: less memory is set aside.
  'BUN_JSC_jitMemoryReservationSize=16777216',
  'BUN_JSC_useWarmUpMarkedBlocks=0',
];
