// What a hostile container, engine, file, server or neighbour tries, as docs/reliability.md tells it: what becomes of it, and
// which test tries it again.

interface Attack {
  readonly what: string;
  readonly now: string;
  readonly file: string;
  /** A title, or the name of a row, as it stands there. */
  readonly test: string;
}

const scenarios = 'test/scenarios/';
const hostileFiles = `${scenarios}hostile-files.test.ts`;
const restraints = `${scenarios}caller-restraints.test.ts`;

const attacks: readonly Attack[] = [
  {
    what: 'A process of a container takes over netexec’s process number, between netexec’s start and the entry by the engine, and the container’s own nsenter, sh and setpriv lie in wait',
    now: 'Nothing of the container’s is started: netexec is known by when it started, too. The run ends',
    file: `${scenarios}process-numbers.test.ts`,
    test: "nothing of a container's must run as root where netexec's number is one of its processes'",
  },
  {
    what: 'A container with the machine’s processes (`pid: host`) runs as the user of what reads its files, and looks at that one’s environment',
    now: 'There is nothing in it',
    file: hostileFiles,
    test: 'what reads the files must have nothing of the environment of who calls',
  },
  {
    what: 'The container’s root stops the mount that lays `/proc` (`--pid`), and a SIGTERM or SIGINT is sent to netexec meanwhile',
    now: 'The run ends at once, with all that it has started',
    file: `${scenarios}processes-held-up.test.ts`,
    test: 'a signal must end an entry that the container holds up, long before that is given up',
  },
  {
    what: 'The container’s root stops or kills that mount, and nothing is sent',
    now: 'A sentence: after ten seconds where it is stopped, at once where it is killed',
    file: hostileFiles,
    test: 'with --pid, a mount that the container has stopped or killed must end the entry',
  },
  {
    what: 'The container’s hosts file is a terabyte of zeros, a line of 100 MB, or 100 MB of lines',
    now: 'Refused in a sentence, within some four seconds of the processor',
    file: hostileFiles,
    test: 'any other must be refused in a sentence, with a hint, and hold nothing up',
  },
  {
    what: 'It is a link: to a file of the machine’s, up and out of the container, by way of `/proc/1/root`, in a circle, to nothing; or a folder, a pipe, a device, a file that is root’s alone',
    now: 'A link leads where it leads in the container; all else is refused in a sentence',
    file: hostileFiles,
    test: 'a hosts file that the container itself finds must be found',
  },
  {
    what: 'It is a link to the kernel’s log or another file of the kernel’s, which the container itself may not read',
    now: 'Refused: it is read with no right at all, and nothing of the kernel’s making is taken',
    file: hostileFiles,
    test: 'the log of the kernel',
  },
  {
    what: 'It is exchanged for such a link, and back, some thousand times a second',
    now: 'COMMAND gets the container’s file, or the entry is refused; nothing of the machine’s is shown, and root opens nothing of it',
    file: hostileFiles,
    test: 'a link that is put there in between must not have root open what it leads to',
  },
  {
    what: 'The container’s hosts file gives the machine’s name to another host, so that `sudo` within COMMAND grants what it grants there',
    now: 'With `-u` no program gains a right; else the machine’s own name comes first',
    file: restraints,
    test: "no setuid program must take this machine for another by the container's names",
  },
  {
    what: 'kill -9 of netexec while COMMAND has taken on another user’s rights: tcpdump, sudo, su, runuser, setpriv, chroot --userspec, `-u`',
    now: 'COMMAND ends with it, and so does what it runs',
    file: `${scenarios}command-rights.test.ts`,
    test: 'kill -9 of netexec must end a COMMAND that has taken on other rights, and what it runs with them',
  },
  {
    what: 'kill -9 of netexec, of docker, of a step of the entry, or of all at once, at any moment, by every way in',
    now: 'Nothing goes on. A container that was made and never started is removed by a later run',
    file: `${scenarios}ways-signals.test.ts`,
    test: 'whenever docker or netexec is ended, all must end',
  },
  {
    what: 'The container is killed, restarted, made anew or paused at any moment of the entry',
    now: 'COMMAND runs in its network, or is not started; a sentence says how the container ended',
    file: `${scenarios}container-ends.test.ts`,
    test: 'a container that ends while it is entered must be told with its status, and no more',
  },
  {
    what: 'kill -9 of `--check` in the moment in which it makes its folder',
    now: 'A later run removes the folder, once that is older than a minute; a SIGTERM leaves none',
    file: restraints,
    test: 'what others have put into the temporary folder must keep no run from its work',
  },
  {
    what: 'A mount of another user’s in the temporary folder holds up whoever looks at it (FUSE)',
    now: 'It is not looked at',
    file: restraints,
    test: 'a mount in the temporary folder that gives no answer must hold up no run',
  },
  {
    what: 'A umask that takes the owner’s own rights (0477, 0777), then another run a minute later',
    now: 'Both work, COMMAND has the umask, and nothing is left',
    file: restraints,
    test: 'a umask that takes one’s own rights must keep no run from its work',
  },
  {
    what: 'Limits too small to start with: open files, processes, size of files, address space',
    now: 'COMMAND runs with them, or a sentence names the limit',
    file: `${scenarios}asked-programs.test.ts`,
    test: "the caller's limits must leave COMMAND running with them, or be named",
  },
  {
    what: 'Standard streams that are closed, or a full device',
    now: 'COMMAND finds them so, and its status comes back',
    file: `${scenarios}command-streams.test.ts`,
    test: 'a closed standard output or error must harm neither COMMAND nor its status',
  },
  {
    what: 'Everybody’s processes, and all files in the temporary folders, are searched for values of variables while runs go on',
    now: 'On no command line and in no file; a service’s own are in COMMAND’s environment alone',
    file: `${scenarios}ways-options.test.ts`,
    test: 'the value of a variable must stand on no command line and in no file',
  },
  {
    what: 'The engine redirects, goes on in another protocol, says two lengths or one below zero, compresses, or answers in nonsense',
    now: 'Nothing is followed or guessed: a sentence, and status 125',
    file: 'test/cli/bad-engine.test.ts',
    test: 'that sends elsewhere, where netexec must not go',
  },
  {
    what: 'The engine’s answer never ends: a byte at a time, `100 Continue`, trailers, or megabytes in one chunk or as long as it says',
    now: 'Given up after 15 seconds or 16 MiB, in a sentence',
    file: 'test/cli/lying-engine.test.ts',
    test: 'sends one chunk of a gigabyte',
  },
  {
    what: 'It comes in millions of chunks of a byte',
    now: 'Read, in no more memory than it is long, or given up',
    file: 'test/unit/core/engine/http-answer.test.ts',
    test: 'but for a byte must be read in chunks of a byte each, and take no more memory than it is long',
  },
  {
    what: 'Names, aliases and states from the engine hold controls, ends of lines, or signs that turn the text around',
    now: 'They are shown by their numbers; no line is added to what is printed, nor to resolv.conf',
    file: 'test/cli/hostile-text.test.ts',
    test: 'what every call prints must be harmless, and as many lines as if there were no hostile text',
  },
  {
    what: 'Projects and networks are named as paths that lead elsewhere (`../..`)',
    now: 'Their HOSTALIASES files stay in netexec’s folder',
    file: 'test/unit/core/names/alias-plan.test.ts',
    test: 'a name that leads up',
  },
  {
    what: 'A Compose file merges itself, is of aliases of aliases, deep, or 3 MB long',
    now: 'Refused in a sentence: Compose is asked for five seconds at most',
    file: `${scenarios}asked-programs.test.ts`,
    test: 'what does not answer in time must be ended with all that it has started',
  },
  {
    what: 'netexec is ended (SIGTERM, SIGINT, kill -9) while Compose is busy with such a file',
    now: 'Compose ends with it',
    file: `${scenarios}asked-programs.test.ts`,
    test: 'what netexec asks must end with netexec, however that ends',
  },
  {
    what: '`.env` is a pipe, without end, of 100 MB, not to be read, or holds what a shell would run',
    now: 'Read as Compose reads it, or refused in a sentence; nothing of it is run',
    file: 'test/cli/bad-project.test.ts',
    test: 'in a pipe that nobody writes to',
  },
  {
    what: 'A server floods `--check`, sends a letter every half a second, or steers the terminal',
    now: 'Judged by its first words, within the time that `--timeout` gives; shown without what steers',
    file: `${scenarios}check-words.test.ts`,
    test: 'what a server says must not be waited for without end, nor steer a terminal',
  },
];

/** A row each: what is tried, what becomes of it, and the test, with a link to its file. */
export const attackRows: readonly (readonly [string, string, string])[] = attacks.map(({ what, now, file, test }) => [
  what,
  now,
  `[${file.replace(/.*\//, '')}](../${file}): "${test}"`,
]);
