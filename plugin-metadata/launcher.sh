#!/bin/sh
# docker netexec's plugin file. docker asks it for metadata before every use and for every TAB, so that is answered here,
# without Node; everything else is for netexec.cjs in the folder ../netexec.
if [ "$1" = docker-cli-plugin-metadata ]; then
  printf '%s\n' '@METADATA@'
  exit
fi

# Variables of its own have a name of their own: one that the caller exports would reach COMMAND with another value.
netexec_here=$0
[ ! -L "$netexec_here" ] || netexec_here=$(readlink -f -- "$netexec_here")
netexec_home=${netexec_here%/*}/../netexec
# In the npm package it is among the files that --install is going to copy.
[ -e "$netexec_home" ] || netexec_home=${netexec_here%/*}

# What a TAB is answered with, whatever runs here, is answered without Node.
# shellcheck source=/dev/null # scripts/completion.ts writes it
case $1 in
  __complete*) [ ! -r "$netexec_home/completion.sh" ] || . "$netexec_home/completion.sh" ;;
esac

# The Node that the installation found or brought, else the one on PATH; netexec.cjs refuses one that is too old.
netexec_node=@NODE@
[ -x "$netexec_node" ] || netexec_node=$netexec_home/node
[ -x "$netexec_node" ] || netexec_node=$(command -v node) || {
  echo 'netexec: Node.js is not on this machine any more' >&2
  echo 'hint: install netexec again: it looks for one, or brings its own' >&2
  exit 125
}

# COMMAND's, too, are the caller's options for Node, the limit of open files, which Node raises for itself, and the
# signals that are ignored (nohup), which Node resets.
if [ -n "$NODE_OPTIONS" ]; then
  export DOCKER_NETEXEC_NODE_OPTIONS="$NODE_OPTIONS"
  unset NODE_OPTIONS
fi
read -r netexec_stat <"/proc/$$/stat"
# shellcheck disable=SC3045 # -S is known to dash, bash and busybox
exec "$netexec_node" "$netexec_home/netexec.cjs" "$(ulimit -Sn)" "$netexec_stat" "$@"
