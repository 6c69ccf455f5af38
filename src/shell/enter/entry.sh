# Takes hold of netexec and of the container, by the folders of their processes in /proc, before anything of theirs is used.
# shellcheck shell=sh
# The first text that runs as root where netexec is not the parent of what it starts (sudo, doas, the engine), as
#   sh -c THIS netexec SUPERVISOR STARTED PID PROGRAM [ARG...]
# A number may be another process's by now, or count in another process namespace. A folder in /proc, once it is open,
# stays that one process's, and is empty when that has ended. What follows is told these descriptors, never the numbers:
#   4  netexec's folder: proven by when netexec started
#   6  the folder of the container's first process, and 3 its network: the stage proves them from within (without a PID: none)
set -eu
supervisor=$1 started=$2 process=$3
shift 3

lost() {
  printf 'netexec: netexec itself, process %s, has exited or is a different process\n' "$supervisor" >&2
  exit 125
}

# When the process started is the 20th field behind its name, which may hold anything (proc(5)).
prove() {
  read -r stat <"$1/stat" || return 1
  # shellcheck disable=SC2086 # many words
  set -- ${stat##*) }
  shift 19
  [ "$1" = "$started" ]
} 2>/dev/null

{ command exec 4<"/proc/$supervisor"; } 2>/dev/null || lost
prove /proc/self/fd/4 || lost
# 124: the container has ended, which netexec tells itself.
[ -z "$process" ] ||
  { command exec 6<"/proc/$process" && command exec 3</proc/self/fd/6/ns/net; } 2>/dev/null || exit 124
exec "$@"
