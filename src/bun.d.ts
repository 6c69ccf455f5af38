// What is used of Bun beyond what Node has, too: its FFI, its sockets and processes, and its bundler.
declare module 'bun:ffi' {
  type Type = 'i32' | 'i64' | 'u64' | 'ptr' | 'cstring';
  type Call = (...words: readonly (number | bigint | null | NodeJS.TypedArray)[]) => number;
  export function dlopen<Name extends string>(
    library: string,
    functions: Record<Name, { readonly args: readonly Type[]; readonly returns: Type }>,
  ): { readonly symbols: Record<Name, Call> };
  export function ptr(bytes: NodeJS.TypedArray): number;
  export const read: Record<'i32' | 'ptr', (address: number, offset: number) => number>;
  export class CString extends String {
    constructor(address: number);
  }
}

declare namespace Bun {
  /** @param wait until it is done */
  function gc(wait: true): void;
  interface Socket {
    /** @returns how many bytes were taken */
    write(data: Uint8Array): number;
    end(): void;
    ref(): void;
    unref(): void;
  }
  function connect(options: {
    readonly unix: string;
    readonly socket: {
      open(socket: Socket): void;
      data(socket: Socket, data: Uint8Array): void;
      drain(socket: Socket): void;
      end(socket: Socket): void;
      error(socket: Socket, error: Error): void;
      close(socket: Socket): void;
    };
  }): Promise<Socket>;
  /** A connection, whose two directions end each by itself. */
  interface Stream<Data> {
    data: Data;
    readonly fd: number;
    /** @returns how many bytes were taken; below 0 where it is gone */
    write(data: Uint8Array): number;
    pause(): void;
    resume(): void;
    /** Tells its other end that nothing more comes. */
    shutdown(): void;
    /** Resets it. */
    terminate(): void;
    end(): void;
    setNoDelay(on: boolean): void;
  }
  interface StreamHandlers<Data> {
    open(stream: Stream<Data>): void;
    data(stream: Stream<Data>, data: Uint8Array): void;
    drain(stream: Stream<Data>): void;
    end(stream: Stream<Data>): void;
    error(stream: Stream<Data>, error: Error): void;
    /** @param error what has ended it, a reset for one */
    close(stream: Stream<Data>, error?: Error): void;
  }
  interface Streams<Data> {
    /** Of a socket that is there: one that is connected, or that listens. */
    readonly fd: number;
    readonly data: Data;
    readonly allowHalfOpen: true;
    readonly socket: StreamHandlers<Data>;
  }
  function connect<Data>(options: Streams<Data>): Promise<Stream<Data>>;
  /** What it has as its data is set later. */
  function connect<Data>(
    options: Omit<Streams<Data>, 'fd' | 'data'> & { readonly hostname: string; readonly port: number },
  ): Promise<Stream<Data>>;
  /** What each connection has as its data, `open` sets. */
  function listen<Data>(
    options: Omit<Streams<Data>, 'data'> | { readonly unix: string; readonly socket: StreamHandlers<Data> },
  ): { stop(): void };
  interface Listener<Data> {
    readonly fd: number;
    readonly port: number;
    ref(): void;
    unref(): void;
    stop(): void;
    /** For those that are connected already, too. */
    reload(options: { readonly socket: StreamHandlers<Data> }): void;
  }
  function listen<Data>(options: {
    readonly hostname: string;
    readonly port: number;
    readonly ipv6Only: boolean;
    readonly allowHalfOpen: true;
    readonly socket: StreamHandlers<Data>;
  }): Listener<Data>;
  interface ConnectedDatagrams {
    send(data: Uint8Array): boolean;
    close(): void;
  }
  /** Datagrams from and to one place. */
  function udpSocket(options: {
    readonly hostname: string;
    readonly connect: { readonly hostname: string; readonly port: number };
    readonly socket: { data(socket: ConnectedDatagrams, data: Buffer): void; error(): void };
  }): Promise<ConnectedDatagrams>;
  interface Subprocess {
    readonly pid: number;
    /** The standard output and input where they are pipes. */
    readonly stdout: { text(): Promise<string> };
    readonly stdin: { write(text: string): unknown; flush(): unknown; end(): unknown };
    /** Of pipes above 2, the descriptors of this end: whoever asks for them has to close them. */
    readonly stdio: readonly (number | null)[];
    readonly exited: Promise<number>;
    /** Null while it runs, and where a signal has ended it. */
    readonly exitCode: number | null;
    readonly signalCode: NodeJS.Signals | null;
    kill(signal: NodeJS.Signals): void;
  }
  /** What comes through a pipe, as it comes. */
  function file(descriptor: number): { stream(): AsyncIterable<Uint8Array> };
  /** @throws where the kernel does not start it */
  function spawn(
    argv: readonly string[],
    options: {
      readonly stdio: readonly ('inherit' | 'ignore' | 'pipe' | number)[];
      readonly env: Readonly<Record<string, string | undefined>>;
      readonly cwd?: string;
      readonly detached?: boolean;
      /** In milliseconds; what ends it then. */
      readonly timeout?: number;
      readonly killSignal?: NodeJS.Signals;
    },
  ): Subprocess;
  function spawnSync(
    argv: readonly string[],
    options: { readonly stdio: readonly ('ignore' | 'pipe')[] },
  ): { readonly success: boolean; readonly stderr: Buffer };
  interface Loaded {
    readonly contents: string;
    readonly loader: 'js' | 'text';
  }
  interface Builder {
    onResolve(
      where: { readonly filter: RegExp },
      resolve: (asked: {
        readonly path: string;
        readonly importer: string;
        readonly resolveDir: string;
      }) => { readonly path: string } | undefined,
    ): void;
    onLoad(where: { readonly filter: RegExp }, load: (asked: { readonly path: string }) => Promise<Loaded>): void;
  }
  interface BuildOptions {
    readonly entrypoints: readonly string[];
    readonly target: 'bun';
    readonly format: 'cjs' | 'esm';
    readonly bytecode: boolean;
    readonly splitting?: boolean;
    readonly metafile?: boolean;
    readonly minify: { readonly whitespace: boolean; readonly syntax: boolean };
    readonly define: Readonly<Record<string, string>>;
    readonly compile: {
      readonly outfile: string;
      readonly target: string;
      readonly executablePath: string;
      readonly jitPolicy: number;
      readonly autoloadDotenv: boolean;
      readonly autoloadBunfig: boolean;
      readonly autoloadTsconfig: boolean;
      readonly autoloadPackageJson: boolean;
    };
    readonly plugins: readonly { readonly name: string; setup(builder: Builder): void }[];
  }
  function build(options: BuildOptions): Promise<{
    readonly success: boolean;
    readonly logs: readonly unknown[];
    readonly metafile: object;
  }>;
}
