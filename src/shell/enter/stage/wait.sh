# --pid: gives COMMAND a parent that waits for it without privilege, and says on descriptor 9 that it starts.
set -- "$netexec_sh" -c "$netexec_waiter" netexec "$netexec_setpriv" "$netexec_sh" "$@"
