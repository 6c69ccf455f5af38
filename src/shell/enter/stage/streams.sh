# By the engine: gives COMMAND the caller's own pipes and devices in place of the engine's.
[ -z "$netexec_stdin" ] || exec <"$netexec_stdin"
[ -z "$netexec_stdout" ] || exec >>"$netexec_stdout"
[ -z "$netexec_stderr" ] || exec 2>>"$netexec_stderr"
# shellcheck disable=SC2086 # four words
[ -z "$netexec_terminal_size" ] || stty $netexec_terminal_size 2>/dev/null ||
  echo "netexec: warning: COMMAND's terminal has a different size: stty is missing, or failed" >&2
