# Drops what COMMAND's user does not have: user, groups, capabilities, inheritable ones too, except those of --cap-add.
# shellcheck disable=SC2086 # a word each
set -- "$netexec_setpriv" $netexec_restraints --reuid "$netexec_uid" --regid "$netexec_gid" --groups "$netexec_groups" \
  --inh-caps="$netexec_kept" --ambient-caps="$netexec_kept" --pdeathsig "$netexec_tie" -- "$@"
