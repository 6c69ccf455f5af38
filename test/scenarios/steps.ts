// Steps of a scenario: one program each, run through to its end or started and left to go on, always bounded in time.
import { once } from 'node:events';
import { execa } from 'execa';

export interface RunOptions {
  /** Its standard input; without it, /dev/null. */
  readonly input?: string | Uint8Array;
  /** Beside what every step gets: HOME, DOCKER_CONFIG, PATH, LANG. Undefined takes one away. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** By default the project's folder. */
  readonly cwd?: string;
  /** The words that run it elsewhere, or as somebody else. */
  readonly through?: (argv: readonly string[], cwd: string) => readonly string[];
  /** After how many milliseconds the step counts as stuck; 120000 unless told. */
  readonly timeout?: number;
}

/** What one step left behind. */
export interface Run {
  readonly argv: readonly string[];
  /** Undefined where a signal ended it. */
  readonly status: number | undefined;
  readonly signal: string | undefined;
  /** As text, without the newline at the end. */
  readonly stdout: string;
  readonly stderr: string;
  readonly stdoutBytes: Uint8Array;
}

/** A step that goes on. Its standard input stays open unless `input` was given. */
export interface Started {
  readonly pid: number;
  /** What it has printed by now. */
  stdout(): string;
  stderr(): string;
  /** Waits until it has printed this text; fails when it ends without. */
  says(text: string): Promise<void>;
  write(text: string): void;
  closeInput(): void;
  kill(signal: NodeJS.Signals): void;
  readonly ended: Promise<Run>;
}

export const runStep = (argv: readonly string[], options: RunOptions): Promise<Run> =>
  startStep(argv, { ...options, input: options.input ?? '' }).ended;

export function startStep(argv: readonly string[], options: RunOptions): Started {
  const [program = '', ...args] = argv;
  const { input, cwd, env, timeout = 120_000 } = options;
  const stdin = input === undefined ? 'pipe' : 'ignore';
  const child = execa(program, args, {
    // An empty input is /dev/null: a pipe that ends at once is something else to programs that look.
    ...(input === undefined || input.length === 0 ? { stdin } : { input }),
    ...(cwd === undefined ? {} : { cwd }),
    ...(env === undefined ? {} : { env, extendEnv: false }),
    timeout,
    forceKillAfterDelay: 2000,
    encoding: 'buffer',
    stripFinalNewline: false,
    reject: false,
  });
  const printed = { stdout: '', stderr: '' };
  child.stdout.on('data', (data: Buffer) => (printed.stdout += data.toString()));
  child.stderr.on('data', (data: Buffer) => (printed.stderr += data.toString()));
  const finish = async (): Promise<Run> => {
    // What outlives the program may hold its output open, and would be waited for.
    const letGo = setTimeout(() => {
      child.stdout.destroy();
      child.stderr.destroy();
    }, timeout + 3000);
    const ended = await child;
    clearTimeout(letGo);
    const step: Run = {
      argv,
      status: ended.exitCode,
      signal: ended.signal,
      stdout: asText(ended.stdout),
      stderr: asText(ended.stderr),
      stdoutBytes: ended.stdout,
    };
    if (ended.timedOut) throw new Error(`stuck for ${timeout} ms: ${describeStep(step)}`);
    if (ended.failed && ended.exitCode === undefined && ended.signal === undefined)
      throw new Error(`${program} could not be started`, { cause: ended.cause });
    return step;
  };
  const ended = finish();
  return {
    pid: child.pid ?? 0,
    stdout: () => printed.stdout,
    stderr: () => printed.stderr,
    says: async (text) => {
      while (!printed.stdout.includes(text)) {
        const over = await Promise.race([once(child.stdout, 'data').then(() => undefined), ended]);
        if (over !== undefined) throw new Error(`it never said ${JSON.stringify(text)}: ${describeStep(over)}`);
      }
    },
    write: (text) => void child.stdin?.write(text),
    closeInput: () => child.stdin?.end(),
    kill: (signal) => void child.kill(signal),
    ended,
  };
}

/** For steps that only prepare: they must succeed. */
export async function must(step: Promise<Run>): Promise<Run> {
  const done = await step;
  if (done.status !== 0) throw new Error(describeStep(done));
  return done;
}

export const describeStep = ({ argv, status, signal, stdout, stderr }: Run): string =>
  [`$ ${argv.map((word) => JSON.stringify(word)).join(' ')}`, `→ ${status ?? signal}`, stdout, stderr]
    .filter((part) => part !== '')
    .join('\n') + '\n';

const asText = (bytes: Uint8Array): string => Buffer.from(bytes).toString().replace(/\n$/, '');
