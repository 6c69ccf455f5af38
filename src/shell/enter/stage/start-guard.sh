# Starts the guard as root, where COMMAND is not netexec's child and netexec may not signal it.
# It ends COMMAND when netexec is gone. COMMAND cannot reach it, and its session is its own: nothing that the terminal, or
# COMMAND, sends around meets it.
exec 7<"$netexec_alive"
(
  cd "/proc/$$"
  if [ -n "$netexec_waits" ]; then exec 8<"$netexec_ready"; else exec 8<&-; fi
  exec setsid sh -c "$netexec_guard" netexec "$$" "$netexec_waits" \
    <&7 >/dev/null 2>&1 3<&- 4<&- 5<&- 6<&- 7<&- 9<&- &
)
exec 7<&-
