# Mounts again what the host has mounted in /etc: an overlay shows what is below a mount, not what is on it.
mount_again() {
  while IFS= read -r netexec_file; do
    mount -c --bind "/proc/self/fd/5/${netexec_file#/etc/}" "$netexec_file" ||
      refuse "cannot mount $netexec_file again"
  done <<END
$netexec_mounts
END
}
