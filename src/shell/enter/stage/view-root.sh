# --service-files: gives COMMAND another root, where a file is to be in / itself, or in a folder of / that is not there.
# A tmpfs with all that the root has bound into it again is moved over the root, and takes its place. Descriptor 5 is the root
# as it was, 8 the tmpfs. The initial RAM disk is no root that another can take the place of.
lay_root() {
  mount -n --move "$netexec_staging" / || refuse 'cannot mount over /'
  bind_entries /proc/self/fd/8
  # By its name, which a folder that was deleted has not.
  [ "${PWD-}" -ef . ] && netexec_named=yes || netexec_named=''
  { pivot_root /proc/self/fd/8 "/proc/self/fd/8$netexec_staging" && umount -n -l "$netexec_staging"; } 2>/dev/null ||
    refuse "cannot create files in / for COMMAND alone: the kernel does not release this root
hint: use a target below /run/secrets, which works on every machine"
  [ -z "$netexec_named" ] || cd "$PWD" || refuse "cannot enter $PWD again"
  make_points ''
  mount -n -o remount,bind,ro / || refuse 'cannot mount over /'
}

cover_root() {
  mount -n -t tmpfs -o mode=0755,size=1m netexec "$netexec_staging" || refuse 'cannot mount over /'
  lay_root 8<"$netexec_staging"
}
