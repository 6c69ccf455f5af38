# shellcheck shell=sh disable=SC2034,SC2154 # part of launcher.sh
# An installation: netexec's files are in the folder ../netexec.
[ ! -L "$netexec_here" ] || netexec_here=$(readlink -f -- "$netexec_here")
netexec_home=${netexec_here%/*}/../netexec
# In the npm package it is among the files that --install is going to copy.
[ -e "$netexec_home" ] || netexec_home=${netexec_here%/*}
netexec_file=$netexec_home/netexec.cjs
netexec_first=

# What a TAB is answered with, whatever runs here, is answered without Node.
# shellcheck source=/dev/null # scripts/completion.ts writes it
case $1 in
  __complete*) [ ! -r "$netexec_home/completion.sh" ] || . "$netexec_home/completion.sh" ;;
esac

# The Node that the installation found or brought, else the one on PATH; netexec.cjs refuses one that is too old.
netexec_node=@NODE@
case $netexec_node in /*) ;; *) netexec_node= ;; esac
[ -x "$netexec_node" ] || netexec_node=$netexec_home/node
[ -x "$netexec_node" ] || netexec_node=$(command -v node) || {
  echo 'netexec: Node.js is not on this machine any more' >&2
  echo 'hint: install netexec again: it looks for one, or brings its own' >&2
  exit 125
}
