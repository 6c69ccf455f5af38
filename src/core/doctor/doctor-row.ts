// A row of what --doctor says.
export interface DoctorRow {
  readonly area: 'install' | 'docker' | 'privilege' | 'tools' | 'names' | 'guards';
  readonly name: string;
  /** `plain`: neither good nor bad, but worth knowing to whoever helps. */
  readonly mark: 'good' | 'plain' | 'warning' | 'bad';
  readonly seen: string;
  readonly hint: string | undefined;
  /** The row, by its name, of which this is only what follows: it needs no cure of its own. */
  readonly follows?: string;
}

type Area = DoctorRow['area'];

export const row = (area: Area, name: string, mark: DoctorRow['mark'], seen: string, hint?: string): DoctorRow => ({
  area,
  name,
  mark,
  seen,
  hint,
});
