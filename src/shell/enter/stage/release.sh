# Lets go of netexec's process, which entry.sh holds as descriptor 4.
exec 4<&-
