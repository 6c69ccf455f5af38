# --intercept: has what others send to ports of the container's reach COMMAND's, and waits until it does.
# What sees to that may do nothing but change this network's rules, and ends with netexec. It is no child of COMMAND's.
intercept() {
  # shellcheck disable=SC2086 # a word each
  netexec_said=$({
    cd /
    setsid env -i HOME=/dev/null PATH="$PATH" "$netexec_setpriv" --reuid 65533 --regid 65533 --clear-groups \
      --inh-caps=-all,+net_admin --ambient-caps=-all,+net_admin --bounding-set=-all,+net_admin --no-new-privs -- \
      "$netexec_sh" -c "$netexec_interceptor" netexec "$netexec_nft" "$netexec_who" $netexec_intercepts \
      <&4 3>&2 2>&1 4<&- 5<&- 6<&- 7<&- 8<&- 9<&- &
  } | { IFS= read -r netexec_line; printf '%s' "$netexec_line"; })
  [ "$netexec_said" = up ] || refuse "${netexec_said:-the interceptor exited}"
  printf '%s\n' "$netexec_intercepted" >&2
}
[ -e "$netexec_held" ] || refuse 'netexec exited before COMMAND started'
# A descriptor 4 of the caller's is COMMAND's again after that; one that was inherited is netexec's.
intercept 4<"$netexec_held"
[ "$netexec_held" != /proc/self/fd/4 ] || exec 4<&-
