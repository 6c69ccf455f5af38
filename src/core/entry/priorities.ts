// How much of the machine the caller takes, in words that have COMMAND take no more: for the way by the engine, whose
// containers begin anew.

export interface PriorityFacts {
  /** The text of /proc/self/stat (proc(5)). */
  readonly stat: string;
  /** The processors that the caller may use, and those that the machine's first process may. */
  readonly cpus: string;
  readonly allCpus: string;
  /** What ionice(1) says, and setpriv(1) --dump; '' where there is none. */
  readonly ionice: string;
  readonly dump: string;
  /** By absolute path; undefined where there is none. */
  readonly tools: Readonly<Record<'chrt' | 'ionice' | 'taskset', string | undefined>>;
}

export interface Priorities {
  readonly nice: string;
  /** Words in front of COMMAND. */
  readonly words: readonly string[];
  /** As setpriv(1) takes them. */
  readonly securebits: readonly string[];
}

/** Classes of the scheduler that take less than their share, by number (sched(7)). */
const modest: Readonly<Record<string, string>> = { '3': '--batch', '5': '--idle' };

/** @returns the words of taskset, chrt and ionice, in this order, where the caller has less than the machine gives anybody */
export function readPriorities({ stat, cpus, allCpus, ionice, dump, tools }: PriorityFacts): Priorities {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const policy = modest[fields[38] ?? ''];
  const [, level] = /^best-effort: prio (\d)/.exec(ionice) ?? [];
  const io = ionice.startsWith('idle') ? ['-c', '3'] : level === undefined ? [] : ['-c', '2', '-n', level];
  const words = (tool: keyof typeof tools, ...options: readonly string[]): readonly string[] =>
    tools[tool] === undefined || options.length === 0 ? [] : [tools[tool], ...options];
  const bits = /^Securebits: (.*)$/m.exec(dump)?.[1]?.split(',') ?? [];
  const kept = bits.filter((bit) => /^(noroot|no_setuid_fixup|keep_caps_locked)(_locked)?$/.test(bit));
  return {
    nice: fields[16] ?? '',
    words: [
      ...words('taskset', ...(cpus === '' || allCpus === '' || cpus === allCpus ? [] : ['--cpu-list', cpus])),
      ...words('chrt', ...(policy === undefined ? [] : [policy, '0'])),
      ...words('ionice', ...io),
    ],
    securebits: kept.length === 0 ? [] : [`--securebits=${kept.map((bit) => `+${bit}`).join(',')}`],
  };
}
