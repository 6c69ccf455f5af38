// The ways in which an engine of another kernel cannot do what is asked for: facts only, as in failure.ts.

export type FarEndFailure =
  /** Its image is not there, and was not made. */
  | { readonly kind: 'far-end-unmade'; readonly reason: string }
  /** The container of --on or --stand-in, which has ended with the connection to its engine. */
  | { readonly kind: 'own-container-lost'; readonly container: string }
  /** It was started, and has said nothing in time. */
  | { readonly kind: 'far-end-silent' }
  /** The engine's machine does not run this executable, and there is no other: `linux/arm64`. */
  | {
      readonly kind: 'far-end-foreign';
      readonly there: string;
      readonly here: string;
      /** Where the file for it may be. */
      readonly folder: string | undefined;
    }
  /** What NETEXEC_RELAY names. */
  | { readonly kind: 'relay-unusable'; readonly file: string; readonly reason: string }
  /** The container has none of these loaders with its libraries; '': there is no container. */
  | { readonly kind: 'far-libraries-missing'; readonly container: string; readonly loaders: readonly string[] }
  /** `--pid`, say. */
  | { readonly kind: 'not-by-tunnel'; readonly what: string; readonly why: string }
  /** --network for ports without COMMAND. `hasCommands`: this system can run COMMAND. */
  | { readonly kind: 'pinned-by-podman'; readonly hasCommands: boolean }
  /** `--elevate sudo`, or an option of ports without COMMAND: it takes the network to be of this machine. */
  | { readonly kind: 'only-here'; readonly what: string; readonly host: string };
