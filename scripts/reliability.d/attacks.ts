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
    what: "A container's process takes over netexec's process number between netexec's start and the entry by the engine, and the container has its own nsenter, sh and setpriv in wait",
    now: "Nothing of the container's is started, because netexec is known by its start time as well. The run ends",
    file: `${scenarios}process-numbers.test.ts`,
    test: "nothing of a container's must run as root where netexec's number is one of its processes'",
  },
  {
    what: "A container with the machine's processes (`pid: host`) runs as the user of the process that reads its files, and reads that process's environment",
    now: 'The environment is empty',
    file: hostileFiles,
    test: 'what reads the files must have nothing of the environment of who calls',
  },
  {
    what: "The container's root stops the mount that lays `/proc` (`--pid`), and netexec gets a SIGTERM or SIGINT meanwhile",
    now: 'The run ends at once, with everything that it has started',
    file: `${scenarios}processes-held-up.test.ts`,
    test: 'a signal must end an entry that the container holds up, long before that is given up',
  },
  {
    what: "The container's root stops or kills that mount, and netexec gets no signal",
    now: 'The run ends with an error: after ten seconds if the mount is stopped, at once if it is killed',
    file: hostileFiles,
    test: 'with --pid, a mount that the container has stopped or killed must end the entry',
  },
  {
    what: "The container's hosts file is a terabyte of zeros, a line of 100 MB, or 100 MB of lines",
    now: 'Refused with an error, within some four seconds of processor time',
    file: hostileFiles,
    test: 'any other must be refused in a sentence, with a hint, and hold nothing up',
  },
  {
    what: "The hosts file is a link: to a file of the machine's, up and out of the container, through `/proc/1/root`, in a circle, to nothing; or it is a folder, a pipe, a device, a file that only root may read",
    now: 'A link leads where it leads in the container; everything else is refused with an error',
    file: hostileFiles,
    test: 'a hosts file that the container itself finds must be found',
  },
  {
    what: "The hosts file is a link to the kernel's log or another file of the kernel's that the container itself may not read",
    now: 'Refused: the file is read without any right, and files that the kernel makes are not taken',
    file: hostileFiles,
    test: 'the log of the kernel',
  },
  {
    what: 'The hosts file is exchanged for such a link, and back, some thousand times a second',
    now: "COMMAND gets the container's file, or the entry is refused; nothing of the machine's is shown, and root opens nothing of it",
    file: hostileFiles,
    test: 'a link that is put there in between must not have root open what it leads to',
  },
  {
    what: "The container's hosts file gives the machine's name to another host, so that `sudo` within COMMAND grants what it grants there",
    now: "With `-u` no program gains a right; otherwise the machine's own name comes first",
    file: restraints,
    test: "no setuid program must take this machine for another by the container's names",
  },
  {
    what: "kill -9 of netexec while COMMAND has taken on another user's rights: tcpdump, sudo, su, runuser, setpriv, chroot --userspec, `-u`",
    now: 'COMMAND ends with netexec, and so does what it runs',
    file: `${scenarios}command-rights.test.ts`,
    test: 'kill -9 of netexec must end a COMMAND that has taken on other rights, and what it runs with them',
  },
  {
    what: 'kill -9 of netexec, or SIGTERM to docker, at eight moments of the entry and of COMMAND, by every way in',
    now: 'Everything ends. A later run removes a container that was made and never started',
    file: `${scenarios}ways-signals.test.ts`,
    test: 'whenever docker or netexec is ended, all must end',
  },
  {
    what: 'kill -9 of docker while COMMAND runs, by every way in',
    now: 'COMMAND gets a SIGTERM, and nothing is left',
    file: `${scenarios}ways-signals.test.ts`,
    test: "docker's end must reach COMMAND as SIGTERM, and leave nothing",
  },
  {
    what: 'kill -9 of docker, of netexec, of a step of the entry or of COMMAND, at any moment, where root calls',
    now: 'Everything ends, and nothing is left',
    file: `${scenarios}faults.test.ts`,
    test: 'at any moment must end all of the run, and leave nothing',
  },
  {
    what: 'kill -9 of netexec and its guard in one stroke, by every way in (by sudo, doas and the engine root alone can do that)',
    now: "A COMMAND that is netexec's own child stays, stopped by the kernel. By sudo, doas and the engine, and with `--pid`, it goes on. `kill -9` ends it",
    file: `${scenarios}unguarded.test.ts`,
    test: "kill -9 of netexec and its guard at once must leave COMMAND stopped where it is netexec's child, else running",
  },
  {
    what: 'The container is killed, restarted, recreated or paused at any moment of the entry',
    now: 'COMMAND runs in its network, or is not started; a message says how the container ended',
    file: `${scenarios}container-ends.test.ts`,
    test: 'a container that ends while it is entered must be told with its status, and no more',
  },
  {
    what: 'kill -9 of `--check` at the moment when it makes its folder',
    now: 'A later run removes the folder once it is older than a minute; a SIGTERM leaves none',
    file: restraints,
    test: 'what others have put into the temporary folder must keep no run from its work',
  },
  {
    what: "Another user's mount in the temporary folder holds up everybody who looks at it (FUSE)",
    now: 'netexec does not look at it',
    file: restraints,
    test: 'a mount in the temporary folder that gives no answer must hold up no run',
  },
  {
    what: "A umask that takes the owner's own rights (0477, 0777), then another run a minute later",
    now: 'Both runs work, COMMAND has the umask, and nothing is left',
    file: restraints,
    test: 'a umask that takes one’s own rights must keep no run from its work',
  },
  {
    what: 'Limits too small to start with: open files, processes, file size, address space',
    now: 'COMMAND runs with them, or an error names the limit',
    file: `${scenarios}asked-programs.test.ts`,
    test: "the caller's limits must leave COMMAND running with them, or be named",
  },
  {
    what: 'Closed standard streams, or a full device',
    now: 'COMMAND finds them so, and its status comes back',
    file: `${scenarios}command-streams.test.ts`,
    test: 'a closed standard output or error must harm neither COMMAND nor its status',
  },
  {
    what: "Everybody's processes and all files in the temporary folders are searched for values of variables while runs go on",
    now: "None is on a command line or in a file; a service's own are in COMMAND's environment alone",
    file: `${scenarios}ways-options.test.ts`,
    test: 'the value of a variable must stand on no command line and in no file',
  },
  {
    what: 'The engine redirects, switches protocols, gives two lengths or a negative one, compresses, or answers nonsense',
    now: 'netexec follows and guesses nothing: an error, and status 125',
    file: 'test/cli/bad-engine.test.ts',
    test: 'that sends elsewhere, where netexec must not go',
  },
  {
    what: "The engine's answer never ends: a byte at a time, `100 Continue`, trailers, or megabytes in one chunk or as long as it announces",
    now: 'netexec gives up after 15 seconds or 16 MiB, with an error',
    file: 'test/cli/lying-engine.test.ts',
    test: 'sends one chunk of a gigabyte',
  },
  {
    what: 'The answer comes in millions of chunks of one byte',
    now: 'netexec reads it in no more memory than it is long, or gives up',
    file: 'test/unit/core/engine/http-answer.test.ts',
    test: 'but for a byte must be read in chunks of a byte each, and take no more memory than it is long',
  },
  {
    what: 'Names, aliases and states from the engine contain control characters, line breaks, or characters that reverse the text',
    now: 'They are shown by their numbers; no line is added to the output or to resolv.conf',
    file: 'test/cli/hostile-text.test.ts',
    test: 'what every call prints must be harmless, and as many lines as if there were no hostile text',
  },
  {
    what: 'Projects and networks have names that are paths to elsewhere (`../..`)',
    now: "Their HOSTALIASES files stay in netexec's folder",
    file: 'test/unit/core/names/alias-plan.test.ts',
    test: 'a name that leads up',
  },
  {
    what: 'A Compose file merges itself, consists of aliases of aliases, is deeply nested, or is 3 MB long',
    now: 'Refused with an error: Compose is asked for five seconds at most',
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
    what: '`.env` is a pipe, has no end, is 100 MB long, may not be read, or holds what a shell would run',
    now: 'Read as Compose reads it, or refused with an error; nothing in it is run',
    file: 'test/cli/bad-project.test.ts',
    test: 'in a pipe that nobody writes to',
  },
  {
    what: 'A server floods `--check`, sends a letter every half second, or sends terminal control sequences',
    now: 'Judged by its first words, within the time of `--timeout`; shown without the control sequences',
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
