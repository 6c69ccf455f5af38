# Becomes COMMAND, on the caller's PATH.
if [ -n "$netexec_path_given" ]; then PATH=$netexec_path_before; else unset PATH; fi
exec "$@"
