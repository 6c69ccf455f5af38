// The ways in which COMMAND cannot be started: facts only, as in failure.ts.

/** COMMAND cannot be started. */
export type CommandFailure =
  /** --all has no terminal: for a shell without COMMAND, for sudo to ask for a password. */
  | { readonly kind: 'all-without-terminal'; readonly service: string; readonly lacks: 'COMMAND' | 'password' }
  /** Why what is waited for is not ready, and what may help, as --check says it. */
  | ({ readonly kind: 'wait-over'; readonly seconds: number } & Readonly<Record<'endpoint' | 'what' | 'hint', string>>)
  | {
      readonly kind: 'command-not-found';
      readonly command: string;
      readonly path: string | undefined;
      /** By what line it runs in the container, where that has it. */
      readonly inside?: { readonly container: string; readonly line: readonly string[] };
    }
  | { readonly kind: 'command-not-executable'; readonly command: string; readonly reason: string };
