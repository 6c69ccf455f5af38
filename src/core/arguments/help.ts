// The help text: one screen, written by hand, kept true by a test against the option table.

export const usageLine = 'docker netexec [OPTIONS] SERVICE [--] [COMMAND [ARG...]]';

export const checkUsage = 'docker netexec [OPTIONS] --check SERVICE [HOST[:PORT]...]';

export const helpText = `Usage:  ${usageLine}
        ${checkUsage} | --doctor
        docker netexec [OPTIONS] --list-networks | --list-names [SERVICE]
        docker netexec [OPTIONS] --hostaliases [NETWORK]

Run a program of this machine in the network of a Compose service: it reaches
the other services by name, as SERVICE does. All else is yours: user, files,
environment, terminal, exit status. Without COMMAND, your shell starts there.

Examples:
  docker netexec web -- psql -h postgres -U app
  docker netexec web curl http://api:8080/health
  docker netexec --check web postgres:5432

Which container:
  -p, --project-name NAME       Compose project, as in docker compose -p
  -f, --file FILE               Compose file, as in docker compose -f
      --project-directory DIR   Compose project directory
      --index N                 Replica of SERVICE (default: the first)
      --container               SERVICE is a container's name or id

How COMMAND runs:
      --network NETWORK         Names mean what they mean on this network
      --resolver private|hostaliases|host
                                How names resolve (default: as in the container)
      --provider DOMAIN         For hostaliases (NETEXEC_PROVIDER, or sslip.io)
  -e, --env KEY[=VALUE]         Set a variable
      --service-env             Set SERVICE's own variables, too
  -u, --user USER[:GROUP]       Run as this user of the host (default: you)
  -w, --workdir DIR             Working directory (default: the present one)
      --cap-add CAP             Leave COMMAND a capability: NET_RAW for tcpdump
      --pid                     See SERVICE's processes: ps, htop, strace, gdb
      --elevate auto|none|sudo|docker
                                How to enter (default: auto, or NETEXEC_ELEVATE)
      --restart                 Start COMMAND again when SERVICE is back
      --dry-run                 Print what would be done, and why; do nothing

Reports:
      --check                   Why SERVICE does not reach HOST:PORT, if so
      --list-networks           The project's networks, and who is on them
      --list-names              The names on them, or those SERVICE resolves
      --hostaliases             Write HOSTALIASES files, or print NETWORK's
      --format FORMAT           table, json, Go template; to draw: mermaid, dot
  -q, --quiet                   Print the first column only
      --no-trunc                Do not cut long lists
      --doctor                  Whether netexec can work here, and if not, why
      --timeout SECONDS         How long --check waits for each answer (3)

      --man                     Print the man page, for man -l -
      --uninstall               Remove netexec, and what its runs wrote
      --version                 Print the version
  -h, --help                    Print this

Exit status: COMMAND's own; 128+n if signal n ended it; 125 if netexec failed,
126 if COMMAND cannot be run, 127 if not found; 1 if --check finds a fault.
`;
