# --host-network: lays a hosts file that netexec writes, and keeps up to date, over this machine's own.
# A VPN, or DHCP, puts a new resolv.conf into the place of the old one, and the overlay would go on showing that: it shows a
# link in its place, to this machine's real /etc. One that is a link already leads to where it is written.
write_view() {
  : >/etc/hosts
  [ -n "$netexec_real" ] || return 0
  mkdir /etc/.netexec
  ln -s .netexec/resolv.conf /etc/resolv.conf
}

lay_hosts() {
  netexec_real=''
  [ ! -f /etc/resolv.conf ] || [ -h /etc/resolv.conf ] || netexec_real=$netexec_staging
  [ -z "$netexec_real" ] || mount --rbind /etc "$netexec_real" || refuse 'cannot mount /etc twice'
  lay_view
  if [ -z "$netexec_real" ]; then
    :
  elif [ -h /etc/resolv.conf ]; then
    mount -n --move "$netexec_real" /etc/.netexec || refuse 'cannot move /etc'
  else
    # There is no overlay, and /etc is the real one.
    umount -l "$netexec_real"
  fi
  mount --bind "$netexec_hosts_file" /etc/hosts || refuse 'cannot mount over /etc/hosts'
  # For another than the caller it is opened by its path, which is the caller's to change: it must be what netexec holds.
  [ -z "$netexec_hosts_held" ] || [ /etc/hosts -ef "$netexec_hosts_held" ] || refuse 'its hosts file is a different one'
  # COMMAND may be its owner: what it wrote there would be lost.
  mount -o remount,bind,ro /etc/hosts 2>/dev/null || :
}
lay_hosts 5</etc
