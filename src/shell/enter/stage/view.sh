# Lays the private view over /etc: the files that view-container.sh or view-host.sh writes, and an nsswitch.conf that uses these.
# They are laid out on a tmpfs over /etc, and an overlay of both is laid over that: a file bound over
# /etc/resolv.conf would be gone as soon as the host renames a new one into its place. Descriptor 5 is the host's /etc.
lay_view() {
  umask 022
  mount -t tmpfs -o mode=0755,size=8m netexec /etc || refuse 'cannot make a private mount'
  write_view
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

bind_files() {
  # -n: mount would write down the move, in a file that is root's, and in a rootless engine's namespace fail at that.
  mount -n --move /etc "$netexec_staging" || refuse 'cannot restore /etc'
  for netexec_file in resolv.conf hosts nsswitch.conf; do
    [ -f "$netexec_staging/$netexec_file" ] || continue
    mount --bind "$netexec_staging/$netexec_file" "/etc/$netexec_file" || refuse "cannot mount over /etc/$netexec_file"
  done
  umount -l "$netexec_staging"
  echo 'netexec: warning: no overlay on /etc here: names are lost if the host replaces its resolv.conf or hosts' >&2
}
