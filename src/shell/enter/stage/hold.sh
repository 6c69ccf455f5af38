# COMMAND is netexec's child: holds the container's process, by its folder, while the proof is made and the view laid.
# That stays the one process's whatever becomes of its number. To open it fails where it has ended: not in the shell's words.
hold_process() {
  { command exec 6<"$netexec_process"; } 2>/dev/null || gone
  prove
  [ -z "$netexec_waits" ] || hold_processes
  [ -z "$netexec_staging" ] || lay_view 5</etc
}
# A descriptor 6 of the caller's is COMMAND's again after that.
hold_process 6<&-
