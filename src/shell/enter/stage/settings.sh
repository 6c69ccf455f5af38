# Sets the caller's umask, limit of open files, and ignored signals.
umask "$netexec_umask"
[ -z "$netexec_open_files" ] || ulimit -Sn "$netexec_open_files" 2>/dev/null || ulimit -n "$netexec_open_files"
for netexec_signal in $netexec_ignored; do trap '' "$netexec_signal"; done
