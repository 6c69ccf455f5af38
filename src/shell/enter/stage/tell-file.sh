# Tells netexec, by a file, that COMMAND starts.
echo started >>"$netexec_ready"
