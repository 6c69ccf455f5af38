# COMMAND's environment comes from a file: opens it, and netexec's executable, which reads it as the last step.
{ command exec 8<"$netexec_environment"; } 2>/dev/null || refuse 'netexec exited before COMMAND started'
# COMMAND's user may not reach it by its path.
{ command exec 7<"$netexec_executable"; } 2>/dev/null || refuse "cannot open $netexec_executable"
set -- /proc/self/fd/7 "$@"
# The executable is to set aside no more of the address space than a limit of the caller's may leave.
export BUN_JSC_jitMemoryReservationSize=16777216
# It may not start in a folder that was deleted, and goes back there itself.
netexec_folder=''
if ! [ . -ef "${PWD-}" ] && { command exec 6<.; } 2>/dev/null; then
  cd /
  netexec_folder=6
fi
export netexec_folder
