// The ways in which x-netexec in a Compose file fails: facts only, as in failure.ts.

interface Place {
  readonly file: string;
  readonly line: number;
}

export type PresetFailure =
  | ({
      readonly kind: 'preset-invalid';
      readonly reason: string;
      readonly hint: string | undefined;
    } & Place)
  /** More than one place has it. */
  | {
      readonly kind: 'preset-ambiguous';
      /** Each with the service in which it stands; undefined: at the top of the file. */
      readonly places: readonly (Place & { readonly service: string | undefined })[];
    };
