# --service-files: shows files below folders that do not have them, to COMMAND alone. Nothing of the host's is written to.
# Each is FOLDER//REST, and is bound on an empty file that is made in the place of FOLDER: in the overlay on /etc, else on a
# tmpfs with all that FOLDER has bound into it again. Of / FOLDER is empty: view-root.sh.
lay_files() {
  while IFS= read -r netexec_folder; do
    # shellcheck disable=SC2094 # to be held
    [ -z "$netexec_folder" ] || lay_folder "$netexec_folder" 5<"$netexec_folder"
  done <<END
$netexec_folders
END
  [ -z "$netexec_root" ] || cover_root 5</
  write_files || refuse 'cannot write the files of --service-files'
  netexec_number=0
  while IFS= read -r netexec_file; do
    netexec_number=$((netexec_number + 1))
    mount -n --bind "$netexec_staging/$netexec_number" "$netexec_file" ||
      refuse "${netexec_file%%//*}/${netexec_file#*//} could not be shown"
  done <<END
$netexec_files
END
  umount -n -l "$netexec_staging"
  # Where it was inherited it would be COMMAND's.
  [ "$netexec_contents" != /proc/self/fd/7 ] || exec 7<&-
}

# Descriptor 5 is the folder, below what is laid over it.
lay_folder() {
  mount -n -t tmpfs -o mode=0755,size=1m netexec "$1" || refuse "cannot mount over $1"
  bind_entries "$1"
  make_points "$1"
  mount -n -o remount,bind,ro "$1" || refuse "cannot mount over $1"
}

# What is in the folder of descriptor 5, in a tmpfs $1.
bind_entries() {
  for netexec_entry in /proc/self/fd/5/* /proc/self/fd/5/.[!.]* /proc/self/fd/5/..?*; do
    if [ -L "$netexec_entry" ]; then
      cp -P "$netexec_entry" "$1"
      continue
    elif [ -d "$netexec_entry" ]; then
      mkdir "$1/${netexec_entry##*/}"
    elif [ -e "$netexec_entry" ]; then
      : >"$1/${netexec_entry##*/}"
    else
      continue
    fi
    # What is gone meanwhile is missed by nobody.
    mount -n -c --rbind "$netexec_entry" "$1/${netexec_entry##*/}" || [ ! -e "$netexec_entry" ] ||
      refuse "cannot mount ${netexec_entry#/proc/self/fd/5/} again"
  done
}

# In a tmpfs that covers folder $1, or all of /etc.
make_points() {
  while IFS= read -r netexec_file; do
    case $1:${netexec_file%%//*} in "$1:$1" | /etc:/etc/*) ;; *) continue ;; esac
    { mkdir -p "${netexec_file%/*}" && : >>"$netexec_file"; } || refuse "cannot create files in $1"
  done <<END
$netexec_files
END
}

# As COMMAND's user, without any other right: the files come one behind the other.
write_files() {
  mount -n -t tmpfs -o "mode=0755,size=32m$netexec_owner" netexec "$netexec_staging" || return
  # shellcheck disable=SC2016,SC2086 # for the shell that is started; words
  env -i "$netexec_setpriv" $netexec_writer --inh-caps=-all --no-new-privs --pdeathsig KILL -- "$netexec_sh" -c '
    PATH=$1
    cd "$2" || exit
    shift 2
    number=0
    for each; do
      number=$((number + 1)) size=${each#*:}
      : >"$number" || exit
      [ "$size" = 0 ] || dd "bs=$size" count=1 "of=$number" 2>/dev/null || exit
      chmod "${each%:*}" "$number" || exit
    done' netexec "$PATH" "$netexec_staging" $netexec_sizes \
    <"$netexec_contents" && mount -n -o remount,bind,ro "$netexec_staging"
}
