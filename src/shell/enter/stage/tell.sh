# Tells netexec, by the pipe on descriptor 9, that COMMAND starts.
echo started >&9
exec 9>&-
