# Lays the private view over /etc: the container's resolv.conf and hosts, and an nsswitch.conf that uses only these.
# The three files are laid out on a tmpfs over /etc, and an overlay of both is laid over that: a file bound over
# /etc/resolv.conf would be gone as soon as the host renames a new one into its place. Descriptor 5 is the host's /etc.
lay_view() {
  umask 022
  mount -t tmpfs -o mode=0755,size=8m netexec /etc || refuse 'a private mount could not be made'
  printf '%s' "$netexec_resolv_head" >/etc/resolv.conf
  printf '%s' "$netexec_hosts_head" >/etc/hosts
  # The shell would say how that was ended.
  { netexec_said=$(copy_files); } 2>/dev/null || refuse_files "$?"
  [ -z "$netexec_resolv_tail" ] || search_network
  [ -z "$netexec_files" ] || make_points /etc
  printf '%s' "$netexec_nsswitch" >/etc/nsswitch.conf
  if mount -t overlay -o ro,lowerdir=/etc:/proc/self/fd/5 netexec /etc 2>/dev/null; then
    [ -z "$netexec_mounts" ] || mount_again
  else
    bind_files
  fi
  [ -z "$netexec_hidden" ] || hide_folders
  [ -z "$netexec_files" ] || lay_files
  # Whoever stands in /etc stands below what has been laid over it.
  case ${PWD-} in /etc | /etc/*) cd "$PWD" ;; esac
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
  refuse "resolv.conf or hosts of the container has no end, or cannot be read (status $1)
hint: --resolver host does without them"
}

bind_files() {
  # -n: mount would write down the move, in a file that is root's, and in a rootless engine's namespace fail at that.
  mount -n --move /etc "$netexec_staging" || refuse '/etc could not be uncovered'
  for netexec_file in resolv.conf hosts nsswitch.conf; do
    mount --bind "$netexec_staging/$netexec_file" "/etc/$netexec_file" || refuse "/etc/$netexec_file could not be covered"
  done
  umount -l "$netexec_staging"
  echo 'netexec: warning: /etc takes no overlay here: names are lost should the host replace its resolv.conf or hosts' >&2
}
