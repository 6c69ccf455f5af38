# Proves that this is the network of the process on descriptor 6, and that the process is the container's.
prove() {
  [ /proc/self/ns/net -ef /proc/self/fd/6/ns/net ] || gone
  is_named || grep -qsE -e "$netexec_mount" /proc/self/fd/6/mountinfo || {
    [ -e /proc/self/fd/6/ns/net ] || gone
    refuse "process $netexec_pid is not the container that the engine named"
  }
}

# Whether its cgroup is called by one of the ids. To read a few lines costs less than to start grep.
is_named() {
  while IFS= read -r netexec_line; do
    for netexec_id in $netexec_ids; do
      case $netexec_line/ in *[/:-]"$netexec_id"/* | *[/:-]"$netexec_id".scope/*) return ;; esac
    done
  done 2>/dev/null </proc/self/fd/6/cgroup
  return 1
}
