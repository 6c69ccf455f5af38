# Where the plugin is installed: sourced by scripts/install and scripts/uninstall.
# shellcheck shell=bash disable=SC2034

# Sets `place` (the folder that gets cli-plugins/ and netexec/), `plugin` (docker's plugin file) and `manual` (the man
# page's file, empty where there is none for one user) from the arguments.
choose_place() {
  local usage=$1
  shift
  place=${DOCKER_CONFIG:-${HOME:+$HOME/.docker}}
  manual=
  while [ $# -gt 0 ]; do
    case $1 in
      --system)
        place=/usr/local/lib/docker
        manual=/usr/local/share/man/man1/docker-netexec.1
        ;;
      -h | --help) echo "$usage" && exit ;;
      *) fail "unknown argument: $1" "$usage" ;;
    esac
    shift
  done
  [ -n "$place" ] || fail 'HOME is not set' 'set it, or DOCKER_CONFIG, to where netexec is installed'
  plugin=$place/cli-plugins/docker-netexec
}

# The plugin file that docker takes; nothing where it finds none, or is not there itself.
docker_takes() {
  docker info --format '{{range .ClientInfo.Plugins}}{{if eq .Name "netexec"}}{{.Path}}{{end}}{{end}}' 2>/dev/null || :
}

fail() {
  echo "netexec: $1" >&2
  echo "hint: $2" >&2
  exit 1
}
