// The help text: one screen, written by hand, kept true by a test against the option table.

export const usageLine = 'docker netexec [OPTIONS] SERVICE [--] [COMMAND [ARG...]]';

export const helpText = `Usage:  ${usageLine}

Run a program of this machine in the network of a Compose service

SERVICE's network, and its names, are what COMMAND sees: it reaches the other
services by name, as SERVICE does. All else is yours: user, files, environment,
terminal, exit status. Without COMMAND, your shell starts there.

Examples:
  docker netexec web -- psql -h postgres -U app
  docker netexec web curl http://api:8080/health
  docker netexec --container some-nginx -- dig example.com

Which container:
  -p, --project-name NAME       Compose project, as in docker compose -p
  -f, --file FILE               Compose file, as in docker compose -f
      --project-directory DIR   Compose project directory
      --index N                 Replica of SERVICE (default: the first)
      --container               SERVICE is a container's name or id

How COMMAND runs:
      --resolver private|host   Names as in the container (default), or the
                                host's own
  -e, --env KEY[=VALUE]         Set a variable
  -u, --user USER[:GROUP]       Run as this user of the host (default: you)
  -w, --workdir DIR             Working directory (default: the present one)
      --elevate auto|none|sudo  How to get the privilege to enter
                                (default: auto, or NETEXEC_ELEVATE)
      --dry-run                 Print what would be done, and why; do nothing

      --version                 Print the version
  -h, --help                    Print this

Exit status: COMMAND's own; 128+n if signal n ended it; 125 if netexec failed,
126 if COMMAND cannot be run, 127 if it was not found.
`;
