// What exists only while netexec runs: itself, and what it holds open for the stage to take up.

export interface Lifelines {
  readonly supervisor: number;
  /** When it started, as proc(5) has it: its number may be another's later. */
  readonly started: string;
  /** The container's process, as netexec holds it where COMMAND is its child; undefined where entry.sh takes hold of it. */
  readonly container: ContainerPaths | undefined;
  /** The executable, which restores the environment. COMMAND's user may not be able to reach it by its path. */
  readonly executable: string;
  /** Paths of what is held open; undefined where there is no need of it, or a descriptor is there for it. */
  readonly environment: string | undefined;
  /** A pipe that ends with netexec, for the guard that the stage starts. */
  readonly alive: string | undefined;
  /** A file that says that COMMAND is about to start. */
  readonly ready: string | undefined;
  /** Paths of what COMMAND's descriptors 0, 1 and 2 are to be, where they are not what it inherits. */
  readonly reopened?: readonly [string | undefined, string | undefined, string | undefined];
  /** Of the caller's, as setpriv(1) takes them, where COMMAND does not come by them itself. */
  readonly securebits?: readonly string[];
  /** The caller's nice value, likewise. */
  readonly nice?: string;
  /** Words that run COMMAND with the caller's priorities, likewise. */
  readonly priorities?: readonly string[];
  /** Of COMMAND's terminal, where it is not the caller's: `rows 24 cols 80`. */
  readonly terminalSize?: string | undefined;
}

/** Paths by which the container's process is entered. */
export interface ContainerPaths {
  /** Its folder in /proc, and its namespaces. */
  readonly process: string;
  readonly network: string;
  readonly users: string;
}
