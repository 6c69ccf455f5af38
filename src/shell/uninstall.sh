# shellcheck shell=sh
# Removes every trace of an installed plugin: `sh -c THIS netexec PLUGIN...` with its files, as docker finds them.
# --uninstall starts it, and scripts/uninstall, which also removes what is left of an installation that does not run.

# The folder that has cli-plugins, and netexec beside that.
place_of() {
  case $1 in
    */cli-plugins/*) printf '%s\n' "${1%/cli-plugins/*}" ;;
    *) printf '%s\n' "${1%/*}" ;;
  esac
}

remove_plugin() {
  plugin=$1 place=$(place_of "$1") own=
  case $plugin in */cli-plugins/*) own=$place/netexec ;; esac
  if ! [ -e "$plugin" ] && ! [ -L "$plugin" ] && ! [ -e "$own" ]; then
    echo "docker-netexec is not installed in $place"
    return
  fi
  rm -rf "$plugin" "$own" 2>/dev/null || {
    echo "netexec: $plugin cannot be removed" >&2
    case $place in
      /usr/*) echo 'hint: it is there for all users: sudo docker netexec --uninstall' >&2 ;;
      *) echo "hint: is it another user's? ls -l says whose" >&2 ;;
    esac
    exit 1
  }
  [ "$place" != /usr/local/lib/docker ] || rm -f /usr/local/share/man/man1/docker-netexec.1 2>/dev/null || :
  # The folders go too if nothing else is in them; those of all users belong to others as well.
  rmdir "$place/cli-plugins" "$place" 2>/dev/null || :
  echo "removed docker-netexec from $place"
}

# What your runs wrote. Other users' are theirs, and go with their session where they have a runtime folder.
remove_alias_files() {
  state=${XDG_STATE_HOME:-$HOME/.local/state}
  for folder in "${XDG_RUNTIME_DIR:-$state}/docker-netexec" "$state/docker-netexec"; do
    if [ -d "$folder" ] && [ -O "$folder" ]; then rm -rf "$folder"; fi
  done
}

# What --elevate docker made. An engine that is away, or in use, keeps it: it is empty.
remove_helper_image() {
  docker image rm docker-netexec:helper >/dev/null 2>&1 || :
}

name_another() {
  seen=$(docker info --format '{{range .ClientInfo.Plugins}}{{if eq .Name "netexec"}}{{.Path}}{{end}}{{end}}' 2>/dev/null) || :
  [ -z "$seen" ] || echo "docker still has another copy: $seen"
}

remove_alias_files
remove_helper_image
for each; do remove_plugin "$each"; done
name_another
