# COMMAND is not netexec's child: entry.sh holds the container's process; makes the proof and lays the view.
prove
[ -z "$netexec_waits" ] || hold_processes
[ -z "$netexec_staging" ] || lay_view 5</etc
exec 3<&- 6<&-
