// Every way in which a command line can be wrong: facts only, as in failure.ts, whose union they belong to.

/** The command line itself is wrong. */
export type UsageFailure =
  | {
      readonly kind: 'unknown-flag';
      readonly flag: string;
      /** In which it stands: `-check` begins with a flag `-c`. */
      readonly word: string;
      readonly belongsToDocker: boolean;
    }
  | { readonly kind: 'flag-needs-value'; readonly flag: string }
  | { readonly kind: 'flag-takes-no-value'; readonly flag: string; readonly value: string }
  | { readonly kind: 'invalid-value'; readonly flag: string; readonly value: string; readonly expected: string }
  /** `postgres 5432` among the endpoints of --check. */
  | { readonly kind: 'endpoint-parted'; readonly host: string; readonly port: string }
  | { readonly kind: 'flags-exclude-each-other'; readonly flags: readonly [string, string] }
  | { readonly kind: 'flag-for-reports'; readonly flag: string }
  /** There is none: its ports are all that is asked for. */
  | { readonly kind: 'flag-for-command'; readonly flag: string }
  | { readonly kind: 'flag-needs-flag'; readonly flag: string; readonly other: string }
  /** Of --on: COMMAND without `--` before it, or a SERVICE. */
  | { readonly kind: 'service-beside-networks'; readonly word: string }
  | { readonly kind: 'surplus-argument'; readonly argument: string; readonly flag: string }
  | { readonly kind: 'not-drawn'; readonly flag: string; readonly drawing: string }
  | {
      readonly kind: 'template-invalid';
      readonly template: string;
      /** Offset of the fault in the template. */
      readonly position: number;
      readonly reason: string;
    }
  | {
      readonly kind: 'missing-service';
      readonly usage: 'run' | 'check' | 'print-env';
      /** Undefined where none could be told. */
      readonly project: string | undefined;
      /** Its running services; without a project, the running projects. */
      readonly running: readonly string[];
    };
