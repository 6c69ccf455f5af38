#!/bin/sh
# docker netexec's plugin file. docker asks it for metadata before every use and for every TAB, so that is answered here,
# without Node; everything else is for netexec.cjs.
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

# Where netexec.cjs is, and Node: the build puts that of an installation here, or that of the single file.
# shellcheck source=plugin-metadata/installed.sh
. ./installed.sh

# Node, of which some of these would make an end without a word, and what comes after it. By the kernel's own list: no two
# shells name all limits alike.
netexec_least() { # NAME VALUE LEAST OPTION
  case $2 in unlimited | '') return ;; esac
  [ "$2" -lt "$3" ] || return 0
  printf 'netexec: the limit of %s is %s, and netexec needs %s\nhint: ulimit -%s says what it is in this shell, and raises it\n' \
    "$1" "$2" "$3" "$4" >&2
  exit 125
}
netexec_open_files=
# shellcheck disable=SC2034 # some words of a line are of no use
while read -r netexec_max netexec_name netexec_value netexec_soft netexec_hard netexec_unit; do
  case $netexec_name in
    file) netexec_least 'the size of files' "$netexec_soft" 65536 f ;;
    data) netexec_least 'data' "$netexec_soft" 700000000 d ;;
    stack) netexec_least 'the stack' "$netexec_soft" 100000 s ;;
    processes) netexec_least 'processes' "$netexec_value" 16 u ;;
    open)
      # Node raises this one for itself.
      netexec_least 'open files' "$netexec_hard" 64 n
      netexec_open_files=$netexec_soft
      ;;
    address)
      netexec_least 'the address space' "$netexec_soft" 1600000000 v
      break
      ;;
  esac
done </proc/self/limits

# COMMAND's, too, are the caller's options for Node, the limit of open files, which Node raises for itself, and the
# signals that are ignored (nohup), which Node resets.
if [ -n "$NODE_OPTIONS" ]; then
  export DOCKER_NETEXEC_NODE_OPTIONS="$NODE_OPTIONS"
  unset NODE_OPTIONS
fi
{ read -r netexec_stat </proc/self/stat; } 2>/dev/null || netexec_stat=''

# Node looks for options of its own among all words, COMMAND's too, and behind a -- as well (--env-file,
# --experimental-config-file), so each word gets a character in front. By hundreds: xargs may have handed in thousands.
netexec_words='' netexec_part='' netexec_number=0
# shellcheck disable=SC2034 # they are told by their numbers
for netexec_word; do
  netexec_number=$((netexec_number + 1))
  netexec_part="$netexec_part \":\${$netexec_number}\""
  case $netexec_number in *00) netexec_words=$netexec_words$netexec_part netexec_part='' ;; esac
done
eval "set -- $netexec_words$netexec_part"
exec "$netexec_node" ${netexec_first:+--eval "$netexec_first" --} "$netexec_file" "$netexec_open_files" "$netexec_stat" "$@"
