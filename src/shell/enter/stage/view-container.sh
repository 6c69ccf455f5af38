# Writes the files of the private view that are the container's: its resolv.conf and hosts.
write_view() {
  printf '%s' "$netexec_resolv_head" >/etc/resolv.conf
  printf '%s' "$netexec_hosts_head" >/etc/hosts
  # The shell would say how that was ended.
  { netexec_said=$(copy_files); } 2>/dev/null || refuse_files "$?"
  [ -z "$netexec_resolv_tail" ] || search_network
  [ -z "$netexec_files" ] || make_points /etc
}

# Appends the container's own. It may put anything there, a link to a file of the host's, say, at any moment: they are read
# by a process that may do nothing, and that the kernel ends if they have no end. No other process has its user, who could
# reach the container's files by it; a container with the machine's processes may have, and finds nothing of the caller's.
copy_files() {
  { command exec 3</proc/self/fd/6/root 4</proc/self/fd/6/mountinfo; } || gone
  exec env -i "$netexec_setpriv" --reuid 65533 --regid 65533 --clear-groups --inh-caps=-all --no-new-privs --pdeathsig KILL -- \
    "$netexec_sh" -c "$netexec_reader" netexec "$$" </dev/null 2>&1 >>/etc/resolv.conf 5>>/etc/hosts 6<&- 7<&- 8<&- 9<&-
}

# With the container its files go, and the reader takes them for missing. 137: the kernel has ended it, they had no end.
refuse_files() {
  { [ "$1" != 124 ] && [ -e /proc/self/fd/6/ns/net ]; } || gone
  [ -z "$netexec_said" ] || printf '%s\n' "$netexec_said" >&2
  [ "$1" != 125 ] || exit 125
  refuse "cannot read the container's resolv.conf or hosts, or it has no end (status $1)
hint: --resolver host does without them"
}
