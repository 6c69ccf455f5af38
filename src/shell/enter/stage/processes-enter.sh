# --pid: starts COMMAND in the container's process namespace, with that namespace's /proc.
# The process that nsenter leaves has its children in there: mount, for that /proc, then COMMAND. Nothing else of root's is
# ever seen in there. The container may kill that mount, or stop it: netexec waits for a while, and the guard ends it; if
# netexec and the stage are killed meanwhile, the kernel does (--pdeathsig). The guard stays in the mount namespace of
# before: the numbers that the container shows in /proc are not those that it ends.
# shellcheck disable=SC2016 # for the shell that is started
set -- "$netexec_unshare" --mount --propagation unchanged -- \
  "$netexec_nsenter" --no-fork --pid=/proc/self/fd/5 -- "$netexec_sh" -c '
  lay() (exec "$1" --pdeathsig KILL -- "$2" -t proc -o nosuid,nodev,noexec netexec /proc 2>&3)
  { { lay "$1" "$2"; } 2>/dev/null; } 3>&2 || {
    # Where the container has ended nothing more can be started in there, and this ends with that.
    { (:) || exit; } 2>/dev/null
    echo "netexec: cannot mount the /proc of these processes" >&2
    exit 125
  }
  shift 2
  exec "$@" 5<&-' netexec "$netexec_setpriv" "$netexec_mounter" "$@"
