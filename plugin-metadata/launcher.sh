#!/bin/sh
# docker netexec's plugin file. docker asks it for metadata before every use and for every TAB, so that is answered here,
# without Node; everything else is for netexec.cjs in the folder ../netexec.
if [ "$1" = docker-cli-plugin-metadata ]; then
  printf '%s\n' '@METADATA@'
  exit
fi

here=$0
[ ! -L "$here" ] || here=$(readlink -f -- "$here")
home=${here%/*}/../netexec

# The Node that the installation found or brought, else the one on PATH; netexec.cjs refuses one that is too old.
node=@NODE@
[ -x "$node" ] || node=$home/node
[ -x "$node" ] || node=$(command -v node) || {
  echo 'netexec: Node.js is not on this machine any more' >&2
  echo 'hint: install netexec again: it looks for one, or brings its own' >&2
  exit 125
}

# The caller's options for Node are for COMMAND. The limit of open files, which Node raises for itself, is COMMAND's too.
if [ -n "$NODE_OPTIONS" ]; then
  export DOCKER_NETEXEC_NODE_OPTIONS="$NODE_OPTIONS"
  unset NODE_OPTIONS
fi
exec "$node" "$home/netexec.cjs" "$(ulimit -Sn)" "$@"
