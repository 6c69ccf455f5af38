# COMMAND is netexec's child: netexec's number is netexec's for as long as that is so (PPID is of the shell's start).
[ "$netexec_parent" = "$PPID" ] || refuse 'netexec exited before COMMAND started'
