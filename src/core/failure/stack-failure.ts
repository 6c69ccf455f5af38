// The ways in which a service of a Swarm stack cannot be entered from this node: facts only, as in failure.ts.

export type StackFailure =
  /** Its tasks run, and none of them here. */
  | {
      readonly kind: 'task-elsewhere';
      readonly stack: string | undefined;
      /** As it is called in the stack. */
      readonly service: string;
      readonly tasks: readonly RemoteTask[];
      /** A network of its that others may join, by its key, where this node has it. */
      readonly attachable: string | undefined;
    }
  | {
      readonly kind: 'no-running-task';
      readonly stack: string | undefined;
      /** `STACK_SERVICE`. */
      readonly name: string;
      readonly wanted: number;
      readonly trouble: string | undefined;
    }
  /** Only managers know what runs on other nodes. */
  | { readonly kind: 'no-manager'; readonly service: string; readonly stack: string | undefined }
  /** --on a network that only tasks may join. */
  | { readonly kind: 'not-attachable'; readonly network: string; readonly key: string; readonly project: string };

export interface RemoteTask {
  /** `STACK_SERVICE.1`. */
  readonly name: string;
  readonly node: string;
  /** '' where managers do not see it. */
  readonly address: string;
  /** A context of docker's that leads to that node. */
  readonly context: string | undefined;
}
