# Copies the container's resolv.conf and hosts for the privileged stage, without any right of its own.
# shellcheck shell=sh
# Started by the stage as a user that no other process is, without capabilities, as
#   sh -c THIS netexec STAGE    with the container's root folder as descriptor 3 and its mounts (mountinfo, proc(5)) as 4;
#                               the copies go to 1 and 5
# The kernel would follow a link from this machine's root: links are walked here, from the container's. The container may
# put one in the way of that at any moment. Then what is opened is a thing that anybody may open, and it is not read: it
# is on no mount of the container's.
set -u
PATH=/usr/sbin:/usr/bin:/sbin:/bin:/run/current-system/sw/bin
LC_ALL=C
# Of a file that has no end: seconds of the processor. 1 MiB, byte for byte, takes two where the kernel is slow to be called. Where one gives no answer netexec ends all, after a while.
# shellcheck disable=SC3045 # -c and -t are known to dash, bash and busybox
{ ulimit -c 0; ulimit -t 4; } 2>/dev/null || :
# It ends with the stage; one that begins after the end of it has another parent.
[ "$PPID" = "$1" ] || exit 125
root=/proc/self/fd/3

main() {
  open_file resolv.conf
  exec 6<&7
  open_file hosts
  find_mount 6
  first=$mount first_type=''
  find_mount 7
  second=$mount second_type=''
  # Looked at once both are open: as long as a file on it is, a mount keeps its number.
  while read -r mount line; do
    [ "$mount" != "$first" ] || first_type=${line#* - }
    [ "$mount" != "$second" ] || second_type=${line#* - }
  done <&4
  judge resolv.conf 6 "${first_type%% *}"
  judge hosts 7 "${second_type%% *}"
  copy resolv.conf <&6
  copy hosts <&7 >&5
}

# What is printed is none of the container's words: they could be a terminal's.
refuse() {
  printf 'netexec: /etc/%s of the container %s\nhint: --resolver host does not read it\n' "$1" "$2" >&2
  exit 125
}

# Opens file $1 in /etc as descriptor 7.
open_file() {
  resolve "$1"
  [ -e "$root$path" ] || refuse "$1" 'is missing, or is a link to nothing or to a directory that not every user can read'
  [ -f "$root$path" ] || refuse "$1" 'is not a file'
  { command exec 7<"$root$path"; } 2>/dev/null || refuse "$1" 'is not readable by every user (chmod a+r)'
}

# Finds the path to file $1 that has no links in it.
resolve() {
  path='' rest=etc/$1 links=0
  while [ -n "$rest" ]; do
    part=${rest%%/*}
    case $rest in */*) rest=${rest#*/} ;; *) rest='' ;; esac
    case $part in
      '' | .) ;;
      ..) path=${path%/*} ;;
      *) if [ -L "$root$path/$part" ]; then follow "$1"; else path=$path/$part; fi ;;
    esac
  done
}

follow() {
  links=$((links + 1))
  [ "$links" -le 40 ] || refuse "$1" 'is a link in a loop'
  # The mark keeps a newline at the end.
  target=$(readlink -n "$root$path/$part" 2>/dev/null && echo .) || refuse "$1" 'goes through an unreadable link'
  case $target in /*) path='' ;; esac
  rest=${target%.}/$rest
}

# The mount that the file of descriptor $1 is on, by its number in mountinfo (proc(5)).
find_mount() {
  mount=none
  while read -r key value; do
    [ "$key" != mnt_id: ] || mount=$value
  done <"/proc/self/fdinfo/$1"
}

# What is open as descriptor $2 must be a file, on a mount of the container's, which is of type $3, and no window into the
# kernel.
judge() {
  [ -f "/proc/self/fd/$2" ] || refuse "$1" 'is not a file'
  case $3 in
    '') refuse "$1" 'leads out of the container' ;;
    proc | sysfs | cgroup* | dev* | debugfs | tracefs | securityfs | configfs | selinuxfs | pstore | efivarfs | bpf | \
      binfmt_misc | fusectl | mqueue | nsfs | nfsd | rpc_pipefs)
      refuse "$1" "is on a file system of the kernel ($3)"
      ;;
  esac
}

# Files of a few lines: to read them costs less than to start a program that does.
copy() {
  copied=0
  while IFS= read -r line; do
    count "$1"
    printf '%s\n' "$line" || refuse "$1" 'cannot be copied'
  done
  count "$1"
  printf '%s' "$line" || refuse "$1" 'cannot be copied'
}

count() {
  copied=$((copied + ${#line} + 1))
  [ "$copied" -le 1048577 ] || refuse "$1" 'is larger than 1 MiB'
}

main
