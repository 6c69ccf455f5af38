# Writes the files of the private view for a tunnel: those of the container, as its far end has told them.
write_view() {
  printf '%s' "$netexec_resolv_head" >/etc/resolv.conf
  printf '%s' "$netexec_hosts_head" >/etc/hosts
  [ -z "$netexec_resolv_tail" ] || search_network
  [ -z "$netexec_files" ] || make_points /etc
}
