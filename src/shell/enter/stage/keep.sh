# COMMAND keeps the user that the stage has.
# shellcheck disable=SC2086 # a word each
set -- "$netexec_setpriv" $netexec_restraints --pdeathsig "$netexec_tie" -- "$@"
