# The privileged stage of docker netexec: all that ever runs as root. docs/security.md says why each line is as it is.
# shellcheck shell=sh
# It starts inside the container's network namespace (nsenter) and in a mount namespace of its own (unshare), as
#   sh -c THIS netexec NAME=VALUE... -- COMMAND [ARG...]
# proves that it is in the right place, lays the private view over /etc, drops to the caller, and becomes COMMAND.
# Data comes as arguments only and is never read as code. Its variables have names of their own, netexec_*: a shell
# exports what it was given, and COMMAND is to have the caller's variables as they were.
set -eu

main() {
  take_streams
  [ -z "$netexec_alive" ] || start_guard
  (prove_and_lay_view)
  # Whoever stands in /etc stands below what has been laid over it.
  case ${PWD-} in /etc | /etc/*) cd "$PWD" ;; esac
  [ -z "$netexec_environment" ] || exec 7<"$netexec_node" 8<"$netexec_environment"
}

# In the engine's container: the caller's own pipes and devices, in place of the engine's.
take_streams() {
  [ -z "$netexec_stdin" ] || exec <"$netexec_stdin"
  [ -z "$netexec_stdout" ] || exec >"$netexec_stdout"
  [ -z "$netexec_stderr" ] || exec 2>"$netexec_stderr"
  # shellcheck disable=SC2086 # four words
  [ -z "$netexec_terminal_size" ] || stty $netexec_terminal_size
}

refuse() {
  printf 'netexec: %s\n' "$1" >&2
  exit 125
}

# Whatever becomes of the process's number, its folder stays that one process's: all that is looked at in it is one's.
prove_and_lay_view() {
  cd "/proc/$netexec_pid" 2>/dev/null || refuse "process $netexec_pid ended before its network was entered"
  prove
  [ -z "$netexec_staging" ] || lay_view
}

# The network was entered by the process's number: only now, from within, does it show whose it is.
prove() {
  [ -z "$netexec_parent" ] || [ "$netexec_parent" = "$PPID" ] || refuse 'netexec ended before the command was started'
  # shellcheck disable=SC3013 # -ef is POSIX since 2024, and long known to dash, bash and busybox
  [ /proc/self/ns/net -ef ns/net ] || refuse "process $netexec_pid ended while its network was entered"
  grep -qsF -e "$netexec_ids" cgroup mountinfo || refuse "process $netexec_pid is not the container that the engine named"
}

# The files are laid out on a tmpfs over a folder that is uncovered again at once; the overlay keeps them.
# An overlay, because a file bound over /etc/resolv.conf is gone as soon as the host renames a new one into its place.
lay_view() {
  umask 022
  mount -t tmpfs -o mode=0755,size=8m netexec "$netexec_staging" || refuse 'a private mount could not be made'
  compose_file resolv.conf "$netexec_resolv_head" "$netexec_resolv_tail"
  compose_file hosts "$netexec_hosts_head" "$netexec_hosts_tail"
  printf '%s' "$netexec_nsswitch" >"$netexec_staging/nsswitch.conf"
  if ! mount -t overlay -o "ro,lowerdir=$netexec_staging:/etc" netexec /etc 2>/dev/null; then
    for netexec_file in resolv.conf hosts nsswitch.conf; do
      mount --bind "$netexec_staging/$netexec_file" "/etc/$netexec_file" || refuse "/etc/$netexec_file could not be covered"
    done
    echo 'netexec: warning: /etc takes no overlay here: names are lost should the host replace its resolv.conf or hosts' >&2
  fi
  umount "$netexec_staging"
  for netexec_folder in $netexec_hidden; do
    mount -t tmpfs -o mode=0755,size=4k netexec "$netexec_folder" || refuse "$netexec_folder could not be hidden"
  done
}

# What the engine mounts there is never a link; one that the container made would lead to a file of the host.
compose_file() {
  if [ -L root/etc ] || [ -L "root/etc/$1" ]; then refuse "/etc/$1 is a link in the container"; fi
  [ -f "root/etc/$1" ] || refuse "/etc/$1 of the container is no file"
  {
    printf '%s' "$2"
    cat "root/etc/$1" || refuse "/etc/$1 of the container cannot be read"
    printf '%s' "$3"
  } >"$netexec_staging/$1"
}

# Where COMMAND is not netexec's to signal, or may come by other rights (a setuid program loses its tie to its parent):
# a process of root's ends it when netexec is gone. It is out of COMMAND's reach, and out of its session: nothing that
# the terminal, or COMMAND, sends around meets it.
start_guard() {
  exec 7<"$netexec_alive"
  (cd "/proc/$$" && exec setsid sh -c "$netexec_guard" netexec "$$" <&7 >/dev/null 2>&1 7<&- 8<&- 9<&- &)
  exec 7<&-
}

# Drops what COMMAND's user has not: user, groups, capabilities, the inheritable ones too, but for those of --cap-add.
become_command() {
  if [ -n "$netexec_uid" ]; then
    exec "$netexec_setpriv" --reuid "$netexec_uid" --regid "$netexec_gid" --groups "$netexec_groups" \
      --inh-caps="$netexec_kept" --ambient-caps="$netexec_kept" --pdeathsig KILL -- "$@"
  fi
  exec "$netexec_setpriv" --pdeathsig KILL -- "$@"
}

# In a rootless engine's user namespace the caller is uid 0. A namespace below it shows COMMAND the caller's own
# numbers; capabilities would not count there, and where none can be made uid 0 has to do, without any.
become_mapped_command() {
  set -- "$netexec_setpriv" --inh-caps=-all --pdeathsig KILL -- "$@"
  netexec_map="--map-user=$netexec_uid --map-group=$netexec_gid"
  # shellcheck disable=SC2086 # two words
  if [ "$netexec_kept" = -all ] && unshare --user $netexec_map -- true 2>/dev/null; then
    exec unshare --user $netexec_map -- "$@"
  fi
  exec "$netexec_setpriv" --bounding-set="$netexec_kept" -- "$@"
}

netexec_path_given=${PATH+yes} netexec_path_before=${PATH-}
PATH=/usr/sbin:/usr/bin:/sbin:/bin:/run/current-system/sw/bin
while [ "$1" != -- ]; do
  netexec_value=${1#*=}
  case $1 in
    parent=*) netexec_parent=$netexec_value ;;           # netexec's process, where it is the parent
    pid=*) netexec_pid=$netexec_value ;;                 # the container's first process
    ids=*) netexec_ids=$netexec_value ;;                 # container ids, one a line: its cgroup or mounts must name one
    environment=*) netexec_environment=$netexec_value ;; # a file with COMMAND's environment, for the launcher
    node=*) netexec_node=$netexec_value ;;               # the launcher's program: COMMAND's user may have no way to it
    alive=*) netexec_alive=$netexec_value ;;             # a pipe that ends when netexec does; empty: no guard
    guard=*) netexec_guard=$netexec_value ;;             # what waits for that
    ready=*) netexec_ready=$netexec_value ;;             # a file that is told that COMMAND starts; empty: descriptor 9 is
    stdin=*) netexec_stdin=$netexec_value ;;             # paths of what is to be COMMAND's; empty: what is inherited
    stdout=*) netexec_stdout=$netexec_value ;;
    stderr=*) netexec_stderr=$netexec_value ;;
    terminal_size=*) netexec_terminal_size=$netexec_value ;;
    staging=*) netexec_staging=$netexec_value ;;         # a folder to lay the view out on; empty: no view
    resolv_head=*) netexec_resolv_head=$netexec_value ;;
    resolv_tail=*) netexec_resolv_tail=$netexec_value ;;
    hosts_head=*) netexec_hosts_head=$netexec_value ;;
    hosts_tail=*) netexec_hosts_tail=$netexec_value ;;
    nsswitch=*) netexec_nsswitch=$netexec_value ;;
    hidden=*) netexec_hidden=$netexec_value ;;           # folders of nscd's sockets
    ignored=*) netexec_ignored=$netexec_value ;;         # signals, by number
    umask=*) netexec_umask=$netexec_value ;;
    open_files=*) netexec_open_files=$netexec_value ;;
    setpriv=*) netexec_setpriv=$netexec_value ;;
    mapped=*) netexec_mapped=$netexec_value ;;           # yes: in a rootless engine's user namespace
    uid=*) netexec_uid=$netexec_value ;;                 # empty: COMMAND runs as who started netexec
    gid=*) netexec_gid=$netexec_value ;;
    groups=*) netexec_groups=$netexec_value ;;
    kept=*) netexec_kept=$netexec_value ;;               # capabilities, as setpriv(1) has them: -all,+net_raw
    *) refuse "the stage does not know $1" ;;
  esac
  shift
done
shift

main
umask "$netexec_umask"
# shellcheck disable=SC3045 # -S is known to dash, bash and busybox
[ -z "$netexec_open_files" ] || ulimit -Sn "$netexec_open_files"
for netexec_signal in $netexec_ignored; do trap '' "$netexec_signal"; done
if [ -n "$netexec_ready" ]; then
  echo started >"$netexec_ready"
else
  echo started >&9
  exec 9>&-
fi
if [ -n "$netexec_path_given" ]; then PATH=$netexec_path_before; else unset PATH; fi
[ -z "$netexec_environment" ] || set -- /proc/self/fd/7 "$@"
if [ -n "$netexec_mapped" ]; then become_mapped_command "$@"; else become_command "$@"; fi
