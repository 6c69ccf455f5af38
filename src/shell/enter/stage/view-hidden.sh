# Hides the folders of nscd's sockets: glibc asks nscd before it reads any file.
hide_folders() {
  for netexec_folder in $netexec_hidden; do
    mount -t tmpfs -o mode=0755,size=4k netexec "$netexec_folder" || refuse "cannot hide $netexec_folder"
  done
}
