#!/bin/sh
# docker netexec's plugin file, in front of the executable. docker asks it for metadata before every use and for every
# TAB, so that is answered here. Everything else is for the executable, which gets what it would lose by its own start.
if [ "$1" = docker-cli-plugin-metadata ]; then
  printf '%s\n' '@METADATA@'
  exit
fi

# Variables of its own have a name of their own: one that the caller exports would reach COMMAND with another value.
# `sh docker-netexec` names it without a folder: it is in this one, or bash has found it on PATH.
netexec_here=$0
case $netexec_here in
  */*) ;;
  *) if [ -e "$netexec_here" ]; then netexec_here=./$netexec_here; else netexec_here=$(command -v -- "$netexec_here"); fi ;;
esac
[ ! -L "$netexec_here" ] || netexec_here=$(readlink -f -- "$netexec_here")
netexec_home=${netexec_here%/*}/../netexec

# What a TAB is answered with, whatever runs here, is answered without it.
# shellcheck source=/dev/null # scripts/build.d/completion-script.ts writes it
case $1 in
  __complete*) [ ! -r "$netexec_home/completion.sh" ] || . "$netexec_home/completion.sh" ;;
esac

# For the hint's line, as a shell reads it.
netexec_quote() {
  case $1 in
    *[!A-Za-z0-9/._+-]*) ;;
    *) netexec_quoted=$1 && return ;;
  esac
  netexec_rest=$1 netexec_quoted=
  while :; do
    case $netexec_rest in *\'*) ;; *) break ;; esac
    netexec_quoted="$netexec_quoted${netexec_rest%%\'*}'\\''"
    netexec_rest=${netexec_rest#*\'}
  done
  netexec_quoted="'$netexec_quoted$netexec_rest'"
}
[ -x "$netexec_home/netexec" ] || {
  case $netexec_here in */cli-plugins/*) netexec_home=${netexec_here%/cli-plugins/*}/netexec ;; esac
  if [ -e "$netexec_home/netexec" ]; then
    netexec_quote "$netexec_home"
    printf '%s\n' "netexec: cannot execute $netexec_home/netexec" \
      "hint: findmnt -T $netexec_quoted shows whether it is mounted noexec" >&2
    exit 125
  fi
  netexec_quote "$netexec_here"
  netexec_remove=$netexec_quoted
  # A folder that has nothing of netexec's is somebody's own.
  if [ -e "$netexec_home/completion.sh" ]; then
    netexec_quote "$netexec_home"
    netexec_remove="$netexec_remove $netexec_quoted"
  fi
  printf '%s\n' "netexec: $netexec_home/netexec is missing" \
    "hint: install netexec again, or remove it: rm -r $netexec_remove" >&2
  exit 125
}

# Bun, which makes an end with a report of its own where it has less than this. By the kernel's own list: no two shells
# name all limits alike.
netexec_least() { # NAME VALUE LEAST OPTION
  case $2 in unlimited | '') return ;; esac
  [ "$2" -lt "$3" ] || return 0
  printf 'netexec: the limit of %s is %s, and netexec needs %s\nhint: ulimit -%s shows it in this shell, and raises it\n' \
    "$1" "$2" "$3" "$4" >&2
  exit 125
}
netexec_limit=
# shellcheck disable=SC2034 # some words of a line are of no use
while read -r netexec_max netexec_name netexec_value netexec_soft netexec_hard netexec_unit; do
  case $netexec_name in
    file) netexec_least 'the size of files' "$netexec_soft" 65536 f ;;
    data) netexec_least 'data' "$netexec_soft" 300000000 d ;;
    stack) netexec_least 'the stack' "$netexec_soft" 256000 s ;;
    processes) netexec_least 'processes' "$netexec_value" 16 u ;;
    open)
      # Bun raises this one for itself.
      netexec_least 'open files' "$netexec_hard" 64 n
      netexec_limit=$netexec_soft
      ;;
    address)
      netexec_least 'the address space' "$netexec_soft" 500000000 v
      break
      ;;
  esac
done </proc/self/limits

# It obeys variables of the caller's, before netexec's first line: some run code, one has it be another program. They keep
# their values under other names, of which it knows nothing.
netexec_told=$(export -p)
case $netexec_told in
  *BUN_* | *JSC_* | *MIMALLOC_* | *NODE_*)
    set -f
    IFS='
'
    for netexec_name in $netexec_told; do
      netexec_name=${netexec_name#export } netexec_name=${netexec_name#declare -x } netexec_name=${netexec_name%%=*}
      case $netexec_name in *[!A-Za-z0-9_]*) continue ;; BUN_* | JSC_* | MIMALLOC_* | NODE_*) ;; *) continue ;; esac
      eval "[ -z \"\${$netexec_name+set}\" ] || export \"DOCKER_NETEXEC_KEPT_$netexec_name=\$$netexec_name\""
      unset "$netexec_name"
    done
    set +f
    unset IFS
    ;;
esac

# By itself it sets 1 GiB of the address space aside for machine code, and may not call the C library where a limit forbids that.
# And it prepares memory, in a thread of its own, that a call is over before it uses.
export BUN_JSC_jitMemoryReservationSize=16777216 BUN_JSC_useWarmUpMarkedBlocks=0

# It does not start in a folder that was deleted: it comes back to it by a descriptor. In one that the caller may not
# look into it does.
netexec_folder=
# shellcheck disable=SC3013 # -ef is POSIX since 2024, and long known to dash, bash and busybox
if ! [ . -ef "$PWD" ]; then
  for netexec_folder in 9 8 7 6 5 4 3; do [ -e "/proc/$$/fd/$netexec_folder" ] || break; done
  if eval "command exec $netexec_folder<." 2>/dev/null; then
    netexec_pwd=$PWD netexec_pwd_given=${PWD+yes} netexec_old=$OLDPWD netexec_old_given=${OLDPWD+yes}
    cd /
    if [ -n "$netexec_pwd_given" ]; then PWD=$netexec_pwd; else unset PWD; fi
    if [ -n "$netexec_old_given" ]; then OLDPWD=$netexec_old; else unset OLDPWD; fi
  else
    netexec_folder=
  fi
fi

# The signals that are ignored (nohup): it ignores some of its own.
{ read -r netexec_stat </proc/self/stat; } 2>/dev/null || netexec_stat=''
exec "$netexec_home/netexec" docker-netexec:main "$netexec_limit" "$netexec_stat" "$netexec_folder" "$@"
