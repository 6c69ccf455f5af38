# Rootless engine: shows COMMAND the caller's own numbers, by a user namespace below the engine's.
# In the engine's the caller is uid 0. Capabilities would not count below it, and where no namespace can be made uid 0 has
# to do, without any.
netexec_map="--map-user=$netexec_uid --map-group=$netexec_gid"
# A user namespace begins with all capabilities; to be without some takes another.
[ -z "$netexec_restraints" ] || netexec_map="$netexec_map --keep-caps"
# shellcheck disable=SC2086 # a word each
[ "$netexec_kept" = -all ] && "$netexec_unshare" --user $netexec_map -- "$netexec_setpriv" --version >/dev/null 2>&1 ||
  netexec_map=''
# shellcheck disable=SC2086 # a word each
set -- "$netexec_setpriv" --inh-caps=-all ${netexec_map:+$netexec_restraints} --pdeathsig "$netexec_tie" -- "$@"
# shellcheck disable=SC2086 # a word each
[ -z "$netexec_map" ] || set -- "$netexec_unshare" --user $netexec_map -- "$@"
