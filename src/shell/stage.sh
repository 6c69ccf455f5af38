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
  [ -z "$netexec_waiter" ] || hold_processes
  [ -z "$netexec_alive" ] || start_guard
  [ -d "/proc/$netexec_pid" ] || refuse "process $netexec_pid ended before its network was entered"
  # Whatever becomes of the process's number, its folder stays that one process's: all that is looked at in it is one's.
  prove_and_lay_view 6<"/proc/$netexec_pid"
  # Whoever stands in /etc stands below what has been laid over it.
  case ${PWD-} in /etc | /etc/*) cd "$PWD" ;; esac
  [ -z "$netexec_environment" ] || prepare_launch
  prove_supervisor
}

# The launcher's program may not start in a folder that was deleted: it goes back there itself.
# shellcheck disable=SC3013 # -ef is POSIX since 2024, and long known to dash, bash and busybox
prepare_launch() {
  exec 7<"$netexec_node" 8<"$netexec_environment"
  netexec_folder=''
  if ! [ . -ef "${PWD-}" ] && { command exec 6<.; } 2>/dev/null; then
    cd /
    netexec_folder=6
  fi
  export netexec_folder
}

# In the engine's container: the caller's own pipes and devices, in place of the engine's.
take_streams() {
  [ -z "$netexec_stdin" ] || exec <"$netexec_stdin"
  [ -z "$netexec_stdout" ] || exec >>"$netexec_stdout"
  [ -z "$netexec_stderr" ] || exec 2>>"$netexec_stderr"
  # shellcheck disable=SC2086 # four words
  [ -z "$netexec_terminal_size" ] || stty $netexec_terminal_size
}

refuse() {
  printf 'netexec: %s\n' "$1" >&2
  exit 125
}

# Opened while its number is good, as is proven next; nsenter takes it from here, when /proc is another.
hold_processes() {
  { command exec 5<"/proc/$netexec_pid/ns/pid"; } 2>/dev/null || refuse "process $netexec_pid ended before its network was entered"
  [ -z "$netexec_ready" ] || exec 9>>"$netexec_ready"
}

prove_and_lay_view() {
  netexec_process=/proc/self/fd/6
  prove
  [ -z "$netexec_staging" ] || lay_view 5</etc
}

# The network was entered by the process's number: only now, from within, does it show whose it is.
# shellcheck disable=SC3013 # -ef is POSIX since 2024, and long known to dash, bash and busybox
prove() {
  [ /proc/self/ns/net -ef "$netexec_process/ns/net" ] || refuse "process $netexec_pid ended while its network was entered"
  [ -z "$netexec_waiter" ] || [ /proc/self/fd/5 -ef "$netexec_process/ns/pid" ] ||
    refuse "process $netexec_pid ended while its network was entered"
  grep -qsE -e "$netexec_cgroup" "$netexec_process/cgroup" || grep -qsE -e "$netexec_mount" "$netexec_process/mountinfo" ||
    refuse "process $netexec_pid is not the container that the engine named"
}

# What was opened by netexec's number is netexec's: had that ended, the number could be another's by now.
prove_supervisor() {
  [ -z "$netexec_parent" ] || [ "$netexec_parent" = "$PPID" ] || refuse 'netexec ended before the command was started'
  [ -z "$netexec_supervisor" ] || [ "$(started "${netexec_supervisor% *}")" = "${netexec_supervisor#* }" ] ||
    refuse 'netexec ended before the command was started'
}

# When process $1 started: the 20th field behind its name, which may hold anything (proc(5)).
started() {
  read -r netexec_stat <"/proc/$1/stat" || return 0
  # shellcheck disable=SC2086 # many words
  set -- ${netexec_stat##*) }
  shift 19
  echo "$1"
}

# The three files are laid out on a tmpfs over /etc, and an overlay of both is laid over that: a file bound over
# /etc/resolv.conf would be gone as soon as the host renames a new one into its place. Descriptor 5 is the host's /etc.
lay_view() {
  umask 022
  for netexec_file in resolv.conf hosts; do
    [ -f "$netexec_process/root/etc/$netexec_file" ] || refuse "/etc/$netexec_file of the container is no file"
  done
  mount -t tmpfs -o mode=0755,size=8m netexec /etc || refuse 'a private mount could not be made'
  compose_files 3<"$netexec_process/root/etc/resolv.conf" 4<"$netexec_process/root/etc/hosts"
  printf '%s' "$netexec_nsswitch" >/etc/nsswitch.conf
  if mount -t overlay -o ro,lowerdir=/etc:/proc/self/fd/5 netexec /etc 2>/dev/null; then
    [ -z "$netexec_mounts" ] || mount_again
  else
    bind_files
  fi
  for netexec_folder in $netexec_hidden; do
    mount -t tmpfs -o mode=0755,size=4k netexec "$netexec_folder" || refuse "$netexec_folder could not be hidden"
  done
}

# An overlay shows what is below the mounts in /etc, not what is on them.
mount_again() {
  while IFS= read -r netexec_file; do
    mount -c --bind "/proc/self/fd/5/${netexec_file#/etc/}" "$netexec_file" || refuse "$netexec_file could not be mounted again"
  done <<END
$netexec_mounts
END
}

bind_files() {
  # -n: mount would write down the move, in a file that is root's, and in a rootless engine's namespace fail at that.
  mount -n --move /etc "$netexec_staging" || refuse '/etc could not be uncovered'
  for netexec_file in resolv.conf hosts nsswitch.conf; do
    mount --bind "$netexec_staging/$netexec_file" "/etc/$netexec_file" || refuse "/etc/$netexec_file could not be covered"
  done
  umount -l "$netexec_staging"
  echo 'netexec: warning: /etc takes no overlay here: names are lost should the host replace its resolv.conf or hosts' >&2
}

# The container may put something else in a file's place at any moment, a link to a file of the host's, say: only what
# has been opened can be judged. It must be a file, and on one of the container's own mounts.
compose_files() {
  for netexec_file in 3 4; do
    [ -f "/proc/self/fd/$netexec_file" ] || refuse "a file of the container's is no file any more"
  done
  mount_of 3
  netexec_first=$netexec_found
  mount_of 4
  netexec_expected=2
  [ "$netexec_first" != "$netexec_found" ] || netexec_expected=1
  [ "$(grep -cE "^($netexec_first|$netexec_found) " "$netexec_process/mountinfo")" = "$netexec_expected" ] ||
    refuse "/etc of the container leads out of the container"
  enclose "$netexec_resolv_head" "$netexec_resolv_tail" <&3 >/etc/resolv.conf
  enclose "$netexec_hosts_head" "$netexec_hosts_tail" <&4 >/etc/hosts
}

# Files of a few lines: to read them costs less than to start a program that does.
enclose() {
  printf '%s' "$1"
  while IFS= read -r netexec_line; do
    printf '%s\n' "$netexec_line" || refuse "the container's files are too large"
  done
  printf '%s' "$netexec_line$2"
}

# On which mount the file of descriptor $1 is, by its number in mountinfo (proc(5)).
mount_of() {
  while read -r netexec_key netexec_value; do
    [ "$netexec_key" != mnt_id: ] || netexec_found=$netexec_value
  done <"/proc/self/fdinfo/$1"
}

# Where COMMAND is not netexec's to signal, or may come by other rights (a setuid program loses its tie to its parent):
# a process of root's ends it when netexec is gone. It is out of COMMAND's reach, and out of its session: nothing that
# the terminal, or COMMAND, sends around meets it.
start_guard() {
  exec 7<"$netexec_alive"
  (
    cd "/proc/$$"
    if [ -n "$netexec_waiter" ]; then exec 8<"$netexec_ready"; else exec 8<&-; fi
    exec setsid sh -c "$netexec_guard" netexec "$$" "${netexec_waiter:+yes}" \
      <&7 >/dev/null 2>&1 3<&- 4<&- 5<&- 6<&- 7<&- 9<&- &
  )
  exec 7<&-
}

# In a rootless engine's user namespace the caller is uid 0. A namespace below it shows COMMAND the caller's own
# numbers; capabilities would not count there, and where none can be made uid 0 has to do, without any.
find_map() {
  netexec_map="--map-user=$netexec_uid --map-group=$netexec_gid"
  # shellcheck disable=SC2086 # two words
  [ "$netexec_kept" = -all ] && "$netexec_unshare" --user $netexec_map -- "$netexec_setpriv" --version >/dev/null 2>&1 ||
    netexec_map=''
}

# Drops what COMMAND's user has not: user, groups, capabilities, the inheritable ones too, but for those of --cap-add.
# What waits for COMMAND must see its end, and is not tied: the guard ends COMMAND, and with that it.
become_command() {
  netexec_tie=KILL
  [ -z "$netexec_waiter" ] || netexec_tie=clear
  if [ -n "$netexec_mapped" ]; then
    if [ -z "$netexec_map" ]; then set -- "$netexec_setpriv" --bounding-set="$netexec_kept" -- "$@"; fi
  elif [ -n "$netexec_uid" ]; then
    begin "$netexec_setpriv" --reuid "$netexec_uid" --regid "$netexec_gid" --groups "$netexec_groups" \
      --inh-caps="$netexec_kept" --ambient-caps="$netexec_kept" --pdeathsig "$netexec_tie" -- "$@"
  fi
  begin "$netexec_setpriv" --pdeathsig "$netexec_tie" -- "$@"
}

# What nsenter leaves as it is, this process, has its children in the container's process namespace: mount, for the /proc
# of that, then COMMAND. Nothing else that is root's is ever seen in there.
begin() {
  [ -n "$netexec_waiter" ] || exec "$@"
  # shellcheck disable=SC2016 # for the shell that is started
  exec "$netexec_nsenter" --no-fork --pid=/proc/self/fd/5 -- "$netexec_sh" -c '
    "$1" -t proc -o nosuid,nodev,noexec netexec /proc || {
      echo "netexec: the /proc of these processes could not be mounted" >&2
      exit 125
    }
    shift
    exec "$@" 5<&-' netexec "$netexec_mounter" "$@"
}

netexec_path_given=${PATH+yes} netexec_path_before=${PATH-}
PATH=/usr/sbin:/usr/bin:/sbin:/bin:/run/current-system/sw/bin
while [ "$1" != -- ]; do
  netexec_value=${1#*=}
  case $1 in
    parent=*) netexec_parent=$netexec_value ;;           # netexec's process, where it is the parent
    supervisor=*) netexec_supervisor=$netexec_value ;;   # netexec's process and when it started, where it is not
    pid=*) netexec_pid=$netexec_value ;;                 # the container's first process
    cgroup=*) netexec_cgroup=$netexec_value ;;           # what its cgroup must look like, as grep -E has it
    mount=*) netexec_mount=$netexec_value ;;             # or else its mounts
    environment=*) netexec_environment=$netexec_value ;; # a file with COMMAND's environment, for the launcher
    node=*) netexec_node=$netexec_value ;;               # the launcher's program: COMMAND's user may have no way to it
    alive=*) netexec_alive=$netexec_value ;;             # a pipe that ends when netexec does; empty: no guard
    guard=*) netexec_guard=$netexec_value ;;             # what waits for that
    waiter=*) netexec_waiter=$netexec_value ;;           # of --pid: what waits for COMMAND; empty: no --pid
    ready=*) netexec_ready=$netexec_value ;;             # a file that is told that COMMAND starts; empty: descriptor 9 is
    stdin=*) netexec_stdin=$netexec_value ;;             # paths of what is to be COMMAND's; empty: what is inherited
    stdout=*) netexec_stdout=$netexec_value ;;
    stderr=*) netexec_stderr=$netexec_value ;;
    terminal_size=*) netexec_terminal_size=$netexec_value ;;
    staging=*) netexec_staging=$netexec_value ;;         # a folder for the view, where /etc takes no overlay; empty: no view
    resolv_head=*) netexec_resolv_head=$netexec_value ;;
    resolv_tail=*) netexec_resolv_tail=$netexec_value ;;
    hosts_head=*) netexec_hosts_head=$netexec_value ;;
    hosts_tail=*) netexec_hosts_tail=$netexec_value ;;
    nsswitch=*) netexec_nsswitch=$netexec_value ;;
    mounts=*) netexec_mounts=$netexec_value ;;           # what is mounted in /etc, a path a line
    hidden=*) netexec_hidden=$netexec_value ;;           # folders of nscd's sockets
    ignored=*) netexec_ignored=$netexec_value ;;         # signals, by number
    umask=*) netexec_umask=$netexec_value ;;
    limits=*) netexec_limits=$netexec_value ;;           # the caller's, as prlimit(1) has them
    open_files=*) netexec_open_files=$netexec_value ;;
    sh=*) netexec_sh=$netexec_value ;;                   # programs that are started when PATH is the caller's
    nsenter=*) netexec_nsenter=$netexec_value ;;
    mounter=*) netexec_mounter=$netexec_value ;;
    setpriv=*) netexec_setpriv=$netexec_value ;;
    unshare=*) netexec_unshare=$netexec_value ;;
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
# sudo and doas change limits (core dumps; pam_limits); not every root may raise them again.
# shellcheck disable=SC2086 # a word each
[ -z "$netexec_limits" ] || prlimit --pid "$$" $netexec_limits 2>/dev/null || :
# shellcheck disable=SC3045 # -S is known to dash, bash and busybox
[ -z "$netexec_open_files" ] || ulimit -Sn "$netexec_open_files" 2>/dev/null || ulimit -n "$netexec_open_files"
for netexec_signal in $netexec_ignored; do trap '' "$netexec_signal"; done
[ -z "$netexec_environment" ] || set -- /proc/self/fd/7 "$@"
if [ -n "$netexec_mapped" ]; then
  find_map
  set -- "$netexec_setpriv" --inh-caps=-all --pdeathsig KILL -- "$@"
  # shellcheck disable=SC2086 # two words
  [ -z "$netexec_map" ] || set -- "$netexec_unshare" --user $netexec_map -- "$@"
fi
if [ -n "$netexec_waiter" ]; then
  # That tells it.
  set -- "$netexec_sh" -c "$netexec_waiter" netexec "$netexec_setpriv" "$netexec_sh" "$@"
elif [ -n "$netexec_ready" ]; then
  echo started >>"$netexec_ready"
else
  echo started >&9
  exec 9>&-
fi
if [ -n "$netexec_path_given" ]; then PATH=$netexec_path_before; else unset PATH; fi
become_command "$@"
