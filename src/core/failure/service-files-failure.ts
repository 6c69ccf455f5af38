// The ways in which --service-files fails: facts only, as in failure.ts.

interface File {
  readonly what: 'secret' | 'config';
  readonly name: string;
  /** Where the service finds it. */
  readonly target: string;
}

/** A service's secrets and configs cannot be shown to COMMAND. */
export type ServiceFilesFailure =
  /** Compose does not tell which it has. */
  | { readonly kind: 'service-files-unread'; readonly service: string; readonly reason: string }
  /** Compose is not asked: a file that the container says it was made from is none of this machine's. */
  | { readonly kind: 'service-files-elsewhere'; readonly service: string; readonly reason: string }
  /** More than the kernel takes, or COMMAND's mounts. */
  | { readonly kind: 'service-files-too-many'; readonly service: string; readonly reason: string }
  /** It is a stack's, whose files are the swarm's. */
  | { readonly kind: 'service-files-of-task'; readonly service: string; readonly container: string }
  /** This machine has something at its path. */
  | ({ readonly kind: 'service-file-taken' } & File)
  /** Nothing can be put at its path for COMMAND alone. */
  | ({ readonly kind: 'service-file-placeless'; readonly reason: string } & File)
  /** What is in it is not known. */
  | ({
      readonly kind: 'service-file-unreadable';
      readonly reason: string;
      readonly container: string | undefined;
    } & File);
