# Starts the privileged stage, the text that enters as root: the parts that a plan needs, joined (src/core/entry/stage-parts.ts).
# It runs in the container's network namespace (nsenter), and in mounts of its own (unshare), as
#   sh -c TEXT netexec NAME=VALUE... -- COMMAND [ARG...]
# Data comes as arguments only and is never read as code: VALUE is $netexec_NAME, and read-only. All variables have such a
# name: a shell exports what it was given, and COMMAND gets the caller's variables as they were.
set -eu
netexec_path_given=${PATH+yes} netexec_path_before=${PATH-}
PATH=/usr/sbin:/usr/bin:/sbin:/bin:/run/current-system/sw/bin

refuse() {
  printf 'netexec: %s\n' "$1" >&2
  exit 125
}

# The container has ended. netexec says so itself: it can ask the engine how.
gone() { exit 124; }

while [ "$1" != -- ]; do
  # Letter by letter: what [a-z] matches depends on the locale.
  case ${1%%=*} in *[!abcdefghijklmnopqrstuvwxyz_]*) refuse "the setup step does not know $1" ;; esac
  readonly "netexec_$1"
  shift
done
shift
