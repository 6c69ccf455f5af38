// What is used of Bun beyond what Node has, too: its FFI, and its bundler.
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
  interface Loaded {
    readonly contents: string;
    readonly loader: 'text';
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
