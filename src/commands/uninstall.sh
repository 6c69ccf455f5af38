# shellcheck shell=sh
# Removes every trace of an installed plugin: `sh -c THIS netexec PLUGIN...` with its files, as docker finds them.
# --uninstall starts it, and scripts/uninstall, which also removes what is left of an installation that does not run.
# scripts/install takes the functions alone, to know an installation by: `. THIS --functions`.

# The names that installs of this version and of 0.1.0 have written into PLACE/netexec, also where one was cut short.
is_own_name() {
  case $1 in
    netexec | completion.sh | LICENSE | node | *.cjs | *.cjs.code) ;;
    netexec.next.* | completion.sh.next.* | LICENSE.next.*) ;;
    *) return 1 ;;
  esac
}

is_own_file() { is_own_name "${1##*/}" && is_plain "$1"; }
is_plain() { [ -f "$1" ] && ! [ -L "$1" ]; }

# Whether the folder is netexec's: it may be anybody's, ~/netexec with DOCKER_CONFIG=$HOME. Where another user has made a
# link of it, it is another user's choice what lies there.
is_installation() { # FOLDER PLUGIN
  [ -d "$1" ] || return 1
  if [ -L "$1" ] && [ "$(stat -c %u -- "$1")" != "$(id -u)" ]; then return 1; fi
  if is_plain "$1/netexec" && is_plain "$1/completion.sh"; then return; fi
  if is_plain "$1/main.cjs" && is_plain "$1/netexec.cjs"; then return; fi
  is_rest "$1" "$2"
}

# What is left of one: no file but its own, beside a plugin file that is a script.
is_rest() {
  is_plain "$2" || [ -L "$2" ] || return 1
  { IFS= read -r first <"$2"; } 2>/dev/null || return 1
  case $first in '#!'*) ;; *) return 1 ;; esac
  for file in "$1"/* "$1"/.[!.]* "$1"/..?*; do
    if [ -e "$file" ] || [ -L "$file" ]; then is_own_file "$file" || return 1; fi
  done
}

remove_installation() { # FOLDER
  for file in "$1"/*; do
    if is_own_file "$file"; then rm -f -- "$file" 2>/dev/null || return 1; fi
  done
}

[ "${1:-}" != --functions ] || return 0

remove_plugin() {
  plugin=$1 own=
  # The folder that has cli-plugins, and netexec beside that.
  case $plugin in
    */cli-plugins/docker-netexec) place=${plugin%/cli-plugins/*} own=$place/netexec ;;
    *) place=${plugin%/*} ;;
  esac
  found=
  if [ -e "$plugin" ] || [ -L "$plugin" ]; then
    found=$plugin
    [ -w "${plugin%/*}" ] || say_it_stays
  fi
  # The plugin file last: what is left, if it fails, is known by it.
  if is_installation "$own" "$plugin"; then
    found=$own
    remove_installation "$own" || say_it_stays
  fi
  if ! [ -L "$own" ] && rmdir -- "$own" 2>/dev/null; then found=$own; fi
  if [ -z "$found" ]; then
    printf '%s\n' "docker-netexec is not installed in $place"
    return
  fi
  rm -f -- "$plugin" 2>/dev/null || say_it_stays
  [ "$place" != /usr/local/lib/docker ] || rm -f /usr/local/share/man/man1/docker-netexec.1 2>/dev/null || :
  # The folders go too if nothing else is in them; those of all users belong to others as well.
  rmdir -- "$place/cli-plugins" 2>/dev/null || :
  [ "$place" = "${HOME:-}" ] || rmdir -- "$place" 2>/dev/null || :
  printf '%s\n' "removed docker-netexec from $place"
}

say_it_stays() {
  printf '%s\n' "netexec: cannot remove $plugin" >&2
  case $place in
    /usr/*) echo 'hint: it is installed for all users: sudo docker netexec --uninstall' >&2 ;;
    *) echo 'hint: does it belong to another user? Check with ls -l' >&2 ;;
  esac
  exit 1
}

# What your runs wrote. Other users' are theirs, and go with their session where they have a runtime folder.
remove_alias_files() {
  home=${HOME:-}
  for base in "${XDG_RUNTIME_DIR:-}" "${XDG_STATE_HOME:-}" "${home:+$home/.local/state}"; do
    folder=$base/docker-netexec
    case $base in /*) ;; *) continue ;; esac
    if [ -d "$folder" ] && [ -O "$folder" ]; then
      rm -rf -- "$folder"
      # Which a run may have made, too.
      [ "$base" != "$home/.local/state" ] || rmdir -- "$base" "$home/.local" 2>/dev/null || :
    fi
  done
}

# What --elevate docker and ports of remote engines made. An engine that is away, or in use, keeps it.
remove_images() {
  far=$(docker image ls --format '{{.Repository}}:{{.Tag}}' --filter 'reference=docker-netexec:far-*' 2>/dev/null) || :
  for image in docker-netexec:helper $far; do
    docker image rm "$image" >/dev/null 2>&1 || :
  done
}

name_another() {
  seen=$(docker info --format '{{range .ClientInfo.Plugins}}{{if eq .Name "netexec"}}{{.Path}}{{end}}{{end}}' 2>/dev/null) || :
  [ -z "$seen" ] || printf '%s\n' "docker still has another copy: $seen"
}

remove_alias_files
remove_images
for each; do remove_plugin "$each"; done
name_another
