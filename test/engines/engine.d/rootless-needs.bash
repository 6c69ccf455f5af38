# What an engine without root needs of a machine, in a mount namespace of its own: ids and a device for $user, kept in $folder.
# shellcheck shell=bash disable=SC2154

# A range that no line of the file has.
add_subordinate_ids() {
  local file=$1 first
  ! grep -q "^$user:" "$file" || return 0
  first=$(awk -F: -v next_free=100000 '$2 + $3 > next_free { next_free = $2 + $3 } END { print next_free }' "$file")
  { cat "$file"; echo "$user:$first:65536"; } >"$folder/${file##*/}"
  mount --bind "$folder/${file##*/}" "$file"
}

open_device() {
  rm -f "$folder/tun"
  mknod -m 666 "$folder/tun" c 10 200
  mount --bind "$folder/tun" /dev/net/tun
}
