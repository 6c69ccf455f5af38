# The privileged stage of docker netexec: all that ever runs as root. docs/security.md says why each line is as it is.
# It starts inside the container's network namespace (nsenter) and in a mount namespace of its own (unshare), as
#   sh -c THIS netexec NAME=VALUE... -- COMMAND [ARG...]
# proves that it is in the right place, lays the private view over /etc, drops to the caller, and becomes COMMAND.
# Data comes as arguments only and is never read as code.
set -eu

main() {
  prove
  [ -z "$staging" ] || lay_view
  [ -z "$environment" ] || exec 8<"$environment"
  [ -z "$ready" ] || exec 9>"$ready"
  [ -z "$alive" ] || start_guard
  [ -z "$environment" ] || exec 7<"$node"
}

refuse() {
  printf 'netexec: %s\n' "$1" >&2
  exit 125
}

# The namespace was entered by the process's number: only now, from within, does it show whose it is. The number
# may have been another's before, but it cannot have been the container's, then another's, then the container's again.
prove() {
  [ -z "$parent" ] || [ "$parent" = "$PPID" ] || refuse 'netexec ended before the command was started'
  # shellcheck disable=SC3013 # -ef is POSIX since 2024, and long known to dash, bash and busybox
  [ /proc/self/ns/net -ef "/proc/$pid/ns/net" ] || refuse "process $pid ended while its network was entered"
  grep -qsF -e "$ids" "/proc/$pid/cgroup" "/proc/$pid/mountinfo" || refuse "process $pid is not the container that the engine named"
}

# The files are laid out on a tmpfs over a folder that is uncovered again at once; the overlay keeps them.
# An overlay, because a file bound over /etc/resolv.conf is gone as soon as the host renames a new one into its place.
lay_view() {
  umask 022
  mount -t tmpfs -o mode=0755,size=8m netexec "$staging" || refuse 'a private mount could not be made'
  compose_file resolv.conf "$resolv_head" "$resolv_tail"
  compose_file hosts "$hosts_head" "$hosts_tail"
  printf '%s' "$nsswitch" >"$staging/nsswitch.conf"
  if ! mount -t overlay -o "ro,lowerdir=$staging:/etc" netexec /etc 2>/dev/null; then
    for file in resolv.conf hosts nsswitch.conf; do
      mount --bind "$staging/$file" "/etc/$file" || refuse "/etc/$file could not be covered"
    done
    echo 'netexec: warning: /etc takes no overlay here: names are lost should the host replace its resolv.conf or hosts' >&2
  fi
  umount "$staging"
  for folder in $hidden; do
    mount -t tmpfs -o mode=0755,size=4k netexec "$folder" || refuse "$folder could not be hidden"
  done
}

# What the engine mounts there is never a link; one that the container made would lead to a file of the host.
compose_file() {
  theirs=/proc/$pid/root/etc
  if [ -L "$theirs" ] || [ -L "$theirs/$1" ]; then refuse "/etc/$1 is a link in the container"; fi
  {
    printf '%s' "$2"
    cat "$theirs/$1" || refuse "/etc/$1 of the container cannot be read"
    printf '%s' "$3"
  } >"$staging/$1"
}

# Behind sudo COMMAND is no child of netexec's: a process of its own user ends it when netexec is gone.
start_guard() {
  exec 7<"$alive"
  (as_caller sh -c "$guard" netexec "$$" <&7 >/dev/null 2>&1 7<&- 8<&- 9>&- &)
  exec 7<&-
}

as_caller() {
  "$setpriv" --reuid "$uid" --regid "$gid" --groups "$groups" --inh-caps=-all -- "$@"
}

PATH_GIVEN=${PATH+yes} PATH_BEFORE=${PATH-}
PATH=/usr/sbin:/usr/bin:/sbin:/bin:/run/current-system/sw/bin
while [ "$1" != -- ]; do
  value=${1#*=}
  case $1 in
    parent=*) parent=$value ;;           # netexec's process, where it is the parent
    pid=*) pid=$value ;;                 # the container's first process
    ids=*) ids=$value ;;                 # container ids, one a line: its cgroup or mounts must name one
    environment=*) environment=$value ;; # a file with COMMAND's environment, for the launcher
    node=*) node=$value ;;               # the launcher's program: COMMAND's user may have no way to it
    alive=*) alive=$value ;;             # a pipe that ends when netexec does
    guard=*) guard=$value ;;             # what waits for that
    ready=*) ready=$value ;;             # a file that is told that COMMAND is about to start
    staging=*) staging=$value ;;         # a folder to lay the view out on; empty: no view
    resolv_head=*) resolv_head=$value ;;
    resolv_tail=*) resolv_tail=$value ;;
    hosts_head=*) hosts_head=$value ;;
    hosts_tail=*) hosts_tail=$value ;;
    nsswitch=*) nsswitch=$value ;;
    hidden=*) hidden=$value ;;           # folders of nscd's sockets
    umask=*) umask=$value ;;
    open_files=*) open_files=$value ;;
    setpriv=*) setpriv=$value ;;
    uid=*) uid=$value ;;                 # empty: COMMAND runs as who started netexec
    gid=*) gid=$value ;;
    groups=*) groups=$value ;;
    *) refuse "the stage does not know $1" ;;
  esac
  shift
done
shift

main
umask "$umask"
# shellcheck disable=SC3045 # -S is known to dash, bash and busybox
[ -z "$open_files" ] || ulimit -Sn "$open_files"
printf '%s' "$$" >&9
exec 9>&-
if [ -n "$PATH_GIVEN" ]; then PATH=$PATH_BEFORE; else unset PATH; fi
[ -z "$environment" ] || set -- /proc/self/fd/7 "$@"
[ -n "$uid" ] || exec "$setpriv" --pdeathsig KILL -- "$@"
exec "$setpriv" --reuid "$uid" --regid "$gid" --groups "$groups" --inh-caps=-all --pdeathsig KILL -- "$@"
