// The limits of a process, as the kernel tells them: for whoever has to set them again where something in between did.

export interface Limit {
  /** As prlimit(1), ulimit and docker (go-units) call it. */
  readonly name: string;
  /** A number, or `unlimited`. */
  readonly soft: string;
  readonly hard: string;
}

/** By the titles of /proc/PID/limits (proc(5)). */
export const limitNames: Readonly<Record<string, string>> = {
  'Max cpu time': 'cpu',
  'Max file size': 'fsize',
  'Max data size': 'data',
  'Max stack size': 'stack',
  'Max core file size': 'core',
  'Max processes': 'nproc',
  'Max open files': 'nofile',
  'Max locked memory': 'memlock',
  'Max address space': 'as',
  'Max file locks': 'locks',
  'Max pending signals': 'sigpending',
  'Max msgqueue size': 'msgqueue',
  'Max nice priority': 'nice',
  'Max realtime priority': 'rtprio',
  'Max realtime timeout': 'rttime',
};

/**
 * @param text of /proc/self/limits
 * @param openFiles the soft limit of open files, which the runtime has raised for itself; undefined where it is not known
 */
export function readLimits(text: string, openFiles: string | undefined): readonly Limit[] {
  return text.split('\n').flatMap((line) => {
    const [, title = '', soft = '', hard = ''] = /^(\S+(?: \S+)*) {2,}(\S+) +(\S+)/.exec(line) ?? [];
    const name = limitNames[title];
    if (name === undefined) return [];
    return [{ name, soft: name === 'nofile' && openFiles !== undefined ? openFiles : soft, hard }];
  });
}
