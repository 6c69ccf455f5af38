# Adds Compose where it is missing, for test/engines/engine, which sources this.
# shellcheck shell=bash disable=SC2154

add_compose() {
  compose_answers && return
  [ ! -e "$plugin" ] || fail "$plugin is there, but docker compose fails" "docker compose version"
  if [ "$(distribution)" = ubuntu ]; then
    say 'installing docker-compose-v2'
    apt_install docker-compose-v2
  else
    say "fetching Compose from Debian $compose_suite"
    fetch_compose
  fi
  compose_answers || fail 'docker compose still fails' 'docker compose version'
  say "Compose $(compose_version) in $plugin"
}

# One .deb of a newer suite, through an apt whose whole state is private and whose only source is that suite:
# signatures are checked, and the machine's own sources and packages stay as they are.
fetch_compose() {
  local work=$state/apt
  rm -rf "$work"
  mkdir -p "$work"
  private_apt "$work" "$compose_suite"
  (cd "$work" && APT_CONFIG=$work/apt.conf apt-get -qq download docker-compose)
  dpkg -x "$work"/docker-compose_*.deb "$work/unpacked"
  mkdir -p "$(dirname "$plugin")"
  install -m 755 "$(find "$work/unpacked" -path '*/cli-plugins/docker-compose' -type f)" "$plugin.new"
  sha256sum <"$plugin.new" >"$plugin_record"
  mv "$plugin.new" "$plugin"
  rm -rf "$work"
}
