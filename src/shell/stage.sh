# The privileged stage of docker netexec: what enters, as root. docs/security.md says why each line is as it is, and what else is root's.
# shellcheck shell=sh
# It starts inside the container's network namespace (nsenter) and in a mount namespace of its own (unshare), as
#   sh -c THIS netexec NAME=VALUE... -- COMMAND [ARG...]
# proves that it is in the right place, lays the private view over /etc, drops to the caller, and becomes COMMAND.
# Data comes as arguments only and is never read as code. Its variables have names of their own, netexec_*: a shell
# exports what it was given, and COMMAND is to have the caller's variables as they were.
set -eu

main() {
  # Its number is netexec's as long as this is its child.
  [ -z "$netexec_parent" ] || [ "$netexec_parent" = "$PPID" ] || refuse 'netexec ended before the command was started'
  take_streams
  [ -z "$netexec_alive" ] || start_guard
  # A descriptor 6 of the caller's is COMMAND's again after that.
  if [ -n "$netexec_held" ]; then prove_and_lay_view; else hold_process 6<&-; fi
  # Whoever stands in /etc stands below what has been laid over it.
  case ${PWD-} in /etc | /etc/*) cd "$PWD" ;; esac
  [ -z "$netexec_environment" ] || open_environment
}

# In the engine's container: the caller's own pipes and devices, in place of the engine's.
take_streams() {
  [ -z "$netexec_stdin" ] || exec <"$netexec_stdin"
  [ -z "$netexec_stdout" ] || exec >>"$netexec_stdout"
  [ -z "$netexec_stderr" ] || exec 2>>"$netexec_stderr"
  # shellcheck disable=SC2086 # four words
  [ -z "$netexec_terminal_size" ] || stty $netexec_terminal_size 2>/dev/null ||
    echo "netexec: warning: COMMAND's terminal has another size: stty is missing, or fails" >&2
}

refuse() {
  printf 'netexec: %s\n' "$1" >&2
  exit 125
}

# The container has ended. netexec says so itself: it can ask the engine how.
gone() {
  exit 124
}

# Whatever becomes of the process's number, its folder stays that one process's: all that is looked at in it is one's. To
# open it fails where that has ended meanwhile, even by a descriptor of it: not in the shell's words.
hold_process() {
  { command exec 6<"$netexec_process"; } 2>/dev/null || gone
  prove_and_lay_view
}

prove_and_lay_view() {
  netexec_process=/proc/self/fd/6
  prove
  [ -z "$netexec_waiter" ] || hold_processes
  [ -z "$netexec_staging" ] || lay_view 5</etc
}

# Only now, from within, does it show whose network has been entered.
# shellcheck disable=SC3013 # -ef is POSIX since 2024, and long known to dash, bash and busybox
prove() {
  [ /proc/self/ns/net -ef "$netexec_process/ns/net" ] || gone
  is_named || grep -qsE -e "$netexec_mount" "$netexec_process/mountinfo" || {
    [ -e "$netexec_process/ns/net" ] || gone
    refuse "process $netexec_pid is not the container that the engine named"
  }
}

# Whether its cgroup is called by one of the ids. To read a few lines costs less than to start grep.
is_named() {
  while IFS= read -r netexec_line; do
    for netexec_id in $netexec_ids; do
      case $netexec_line/ in *[/:-]"$netexec_id"/* | *[/:-]"$netexec_id".scope/*) return ;; esac
    done
  done 2>/dev/null <"$netexec_process/cgroup"
  return 1
}

# nsenter takes the process namespace from here, when /proc is another.
hold_processes() {
  { command exec 5<"$netexec_process/ns/pid"; } 2>/dev/null || gone
  [ -z "$netexec_ready" ] || exec 9>>"$netexec_ready"
}

open_environment() {
  { command exec 8<"$netexec_environment"; } 2>/dev/null || refuse 'netexec ended before the command was started'
  { command exec 7<"$netexec_executable"; } 2>/dev/null || refuse "$netexec_executable cannot be opened"
}

# netexec's executable may not start in a folder that was deleted: the last step goes back there itself. And it is not to
# set more of the address space aside than a limit of the caller's may leave.
# shellcheck disable=SC3013 # -ef is POSIX since 2024, and long known to dash, bash and busybox
prepare_launch() {
  export BUN_JSC_jitMemoryReservationSize=16777216
  netexec_folder=''
  if ! [ . -ef "${PWD-}" ] && { command exec 6<.; } 2>/dev/null; then
    cd /
    netexec_folder=6
  fi
  export netexec_folder
}

# The three files are laid out on a tmpfs over /etc, and an overlay of both is laid over that: a file bound over
# /etc/resolv.conf would be gone as soon as the host renames a new one into its place. Descriptor 5 is the host's /etc.
lay_view() {
  umask 022
  mount -t tmpfs -o mode=0755,size=8m netexec /etc || refuse 'a private mount could not be made'
  printf '%s' "$netexec_resolv_head" >/etc/resolv.conf
  printf '%s' "$netexec_hosts_head" >/etc/hosts
  copy_files
  printf '%s' "$netexec_resolv_tail" >>/etc/resolv.conf
  printf '%s' "$netexec_hosts_tail" >>/etc/hosts
  [ -z "$netexec_resolv_tail" ] || keep_search
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

# Appends the container's own. It may put anything in their place, a link to a file of the host's, say, and at any moment:
# they are read by a process that may do nothing, and that the kernel ends should they have no end.
copy_files() {
  netexec_status=0
  # The shell would say how it was ended.
  { netexec_said=$(start_reader); } 2>/dev/null || netexec_status=$?
  case $netexec_status in
    0) return ;;
    124) gone ;;
  esac
  # With the container its files go, and the reader takes them for missing.
  [ -e "$netexec_process/ns/net" ] || gone
  [ -z "$netexec_said" ] || printf '%s\n' "$netexec_said" >&2
  [ "$netexec_status" != 125 ] || exit 125
  # 137 where the kernel has ended it: it had no end.
  refuse "resolv.conf or hosts of the container has no end, or cannot be read (status $netexec_status)
hint: --resolver host does without them"
}

# The network of --network is searched first, by the last line that says what is. What the container's own says stays
# behind it and the other networks, and so does its number of dots where that is higher (resolv.conf(5)); musl takes no line longer than 255.
keep_search() {
  netexec_search='' netexec_dots=''
  while IFS= read -r netexec_line; do
    case $netexec_line in
      search[[:blank:]]* | domain[[:blank:]]*) netexec_own_search=$netexec_search netexec_search=${netexec_line#??????} ;;
      options[[:blank:]]*ndots:[0-9]*)
        netexec_own_dots=$netexec_dots netexec_dots=${netexec_line##*ndots:}
        netexec_dots=${netexec_dots%%[!0-9]*}
        ;;
    esac
  done </etc/resolv.conf
  [ "${#netexec_own_dots}" -lt 3 ] && [ "${netexec_own_dots:-0}" -gt 1 ] || netexec_own_dots=''
  netexec_search=$netexec_search${netexec_between:+ $netexec_between}$netexec_own_search
  case ${netexec_own_search#?} in '' | .) netexec_search='' ;; esac
  [ "${#netexec_search}" -lt 249 ] || netexec_search=''
  {
    [ -z "$netexec_search" ] || printf 'search%s\n' "$netexec_search"
    [ -z "$netexec_own_dots" ] || printf 'options ndots:%s\n' "$netexec_own_dots"
  } >>/etc/resolv.conf
}

# As a user that no other process is: who could reach into it could reach the container's files. A container that has the
# machine's processes may be that user all the same, and finds nothing of the caller's environment.
start_reader() {
  { command exec 3<"$netexec_process/root" 4<"$netexec_process/mountinfo"; } || gone
  exec env -i "$netexec_setpriv" --reuid 65533 --regid 65533 --clear-groups --inh-caps=-all --no-new-privs --pdeathsig KILL -- \
    "$netexec_sh" -c "$netexec_reader" netexec "$$" </dev/null 2>&1 >>/etc/resolv.conf 5>>/etc/hosts 6<&- 7<&- 8<&- 9<&-
}

# Where COMMAND is not netexec's child, and not netexec's to signal: a process of root's ends it when netexec is gone. It
# is out of COMMAND's reach, and out of its session: nothing that the terminal, or COMMAND, sends around meets it.
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
  # A user namespace begins with all capabilities; to be without some takes another.
  [ -z "$netexec_restraints" ] || netexec_map="$netexec_map --keep-caps"
  # shellcheck disable=SC2086 # two words
  [ "$netexec_kept" = -all ] && "$netexec_unshare" --user $netexec_map -- "$netexec_setpriv" --version >/dev/null 2>&1 ||
    netexec_map=''
}

# Whose child this is now: PPID is of the moment in which the shell started.
prove_parent() {
  [ -n "$netexec_parent" ] || return 0
  read -r netexec_stat <"/proc/$$/stat"
  # shellcheck disable=SC2086 # many words
  set -- ${netexec_stat##*) }
  [ "$2" = "$netexec_parent" ] || refuse 'netexec ended before the command was started'
}

# COMMAND ends with sudo, doas, or what started the engine's container. Where its parent is netexec the kernel stops it when
# that ends, and the guard ends it, with what it has started: the kernel would end it alone. What waits for COMMAND must see
# its end, and is left to the guard.
choose_tie() {
  netexec_tie=KILL
  [ -z "$netexec_parent" ] || netexec_tie=STOP
  [ -z "$netexec_waiter" ] || netexec_tie=clear
}

# Drops what COMMAND's user has not: user, groups, capabilities, the inheritable ones too, but for those of --cap-add.
become_command() {
  if [ -n "$netexec_mapped" ]; then
    if [ -z "$netexec_map" ]; then set -- "$netexec_setpriv" --bounding-set="$netexec_kept" -- "$@"; fi
  elif [ -n "$netexec_uid" ]; then
    # shellcheck disable=SC2086 # a word each
    begin "$netexec_setpriv" $netexec_restraints --reuid "$netexec_uid" --regid "$netexec_gid" --groups "$netexec_groups" \
      --inh-caps="$netexec_kept" --ambient-caps="$netexec_kept" --pdeathsig "$netexec_tie" -- "$@"
  fi
  # shellcheck disable=SC2086 # a word each
  begin "$netexec_setpriv" $netexec_restraints --pdeathsig "$netexec_tie" -- "$@"
}

# What nsenter leaves as it is, this process, has its children in the container's process namespace: mount, for the /proc
# of that, then COMMAND. Nothing else that is root's is ever seen in there. The container may kill that mount, or stop it:
# netexec waits for a while, and the guard ends it.
begin() {
  [ -n "$netexec_waiter" ] || exec "$@"
  # The guard stays in the mount namespace of before: what the container shows as /proc are not the numbers that it ends.
  # What mounts would outlive a stage that ends with netexec, where the container stops it.
  # shellcheck disable=SC2016 # for the shell that is started
  exec "$netexec_unshare" --mount --propagation unchanged -- \
    "$netexec_nsenter" --no-fork --pid=/proc/self/fd/5 -- "$netexec_sh" -c '
    lay() (exec "$1" --pdeathsig KILL -- "$2" -t proc -o nosuid,nodev,noexec netexec /proc 2>&3)
    { { lay "$1" "$2"; } 2>/dev/null; } 3>&2 || {
      # Where the container has ended nothing more can be started in there, and this ends with that.
      { (:) || exit; } 2>/dev/null
      echo "netexec: the /proc of these processes could not be mounted" >&2
      exit 125
    }
    shift 2
    exec "$@" 5<&-' netexec "$netexec_setpriv" "$netexec_mounter" "$@"
}

netexec_path_given=${PATH+yes} netexec_path_before=${PATH-}
PATH=/usr/sbin:/usr/bin:/sbin:/bin:/run/current-system/sw/bin
while [ "$1" != -- ]; do
  netexec_value=${1#*=}
  case $1 in
    parent=*) netexec_parent=$netexec_value ;;           # netexec's process, where it is the parent
    held=*) netexec_held=$netexec_value ;;               # yes: entry.sh holds netexec as 4, the container as 6 and 3
    pid=*) netexec_pid=$netexec_value ;;                 # the container's first process
    process=*) netexec_process=$netexec_value ;;         # its folder in /proc, however it is held
    ids=*) netexec_ids=$netexec_value ;;                 # what its cgroup must be called, a word each
    mount=*) netexec_mount=$netexec_value ;;             # or else what its mounts must look like, as grep -E has it
    environment=*) netexec_environment=$netexec_value ;; # a file with COMMAND's environment, for the last step
    executable=*) netexec_executable=$netexec_value ;;   # netexec, which is that step: COMMAND's user may have no way to it
    alive=*) netexec_alive=$netexec_value ;;             # a pipe that ends when netexec does; empty: no guard
    reader=*) netexec_reader=$netexec_value ;;           # what reads the container's files
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
    between=*) netexec_between=$netexec_value ;;         # networks that are searched, too, before the container's own domains
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
    restraints=*) netexec_restraints=$netexec_value ;;   # what COMMAND has given up, as setpriv(1) has it
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
prove_parent
choose_tie
if [ -n "$netexec_mapped" ]; then
  find_map
  # shellcheck disable=SC2086 # a word each
  set -- "$netexec_setpriv" --inh-caps=-all ${netexec_map:+$netexec_restraints} --pdeathsig "$netexec_tie" -- "$@"
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
[ -z "$netexec_held" ] || exec 3<&- 4<&- 6<&-
[ -z "$netexec_environment" ] || prepare_launch
if [ -n "$netexec_path_given" ]; then PATH=$netexec_path_before; else unset PATH; fi
become_command "$@"
