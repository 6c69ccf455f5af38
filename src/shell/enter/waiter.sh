# COMMAND's parent with --pid: a process stays in the process namespace that it is in, its children begin in another.
# shellcheck shell=sh
# Started by the privileged stage, which has entered, dropped to COMMAND's user, and holds nothing more, as
#   sh -c THIS netexec SETPRIV SH COMMAND [ARG...]    with what is to be told that COMMAND starts as descriptor 9
# What a terminal sends reaches COMMAND too, and is COMMAND's to heed: this stays, and brings its exit status back.
trap : HUP INT QUIT TERM USR1 USR2
# A shell would say how COMMAND ended.
exec 5>&2 2>/dev/null
(
  exec 2>&5 5>&-
  netexec_setpriv=$1
  netexec_sh=$2
  shift 2
  # COMMAND ends with this. One that begins after the end of it has the container's first process as its parent.
  # shellcheck disable=SC2016 # for the shell that is started
  exec "$netexec_setpriv" --pdeathsig KILL -- "$netexec_sh" -c \
    '[ "$PPID" = 0 ] || exit 137; echo started >&9; exec 9>&-; exec "$@"' netexec "$@"
)
exit $?
