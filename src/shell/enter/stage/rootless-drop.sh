# Rootless engine: drops the capabilities of uid 0, except those of --cap-add, where no user namespace could be made.
[ -n "$netexec_map" ] || set -- "$netexec_setpriv" --bounding-set="$netexec_kept" -- "$@"
