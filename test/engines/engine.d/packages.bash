# Debian's packages: installs them, and makes an apt of its own for those of another suite. For test/engines/engine, which sources this.
# shellcheck shell=bash disable=SC2154

has() { command -v "$1" >/dev/null; }
installed() {
  local package
  for package in "$@"; do
    [ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null)" = installed ] || return
  done
}

distribution() { (. /etc/os-release 2>/dev/null && echo "${ID:-}"); }

apt_install() {
  quiet_install "$@" || { update_lists && quiet_install "$@"; } || {
    tail -n 5 "$state/apt.log" >&2
    fail "apt-get could not install $*" "see $state/apt.log"
  }
}

quiet_install() {
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
    -o DPkg::Lock::Timeout=300 "$@" </dev/null >"$state/apt.log" 2>&1
}

# apt waits for dpkg's lock, not for that of the lists: with scripts/lib/packages this takes turns. What else goes wrong here,
# the install that follows says.
update_lists() {
  say 'updating the package lists' >&2
  wait_until 120 lists_updated
}

lists_updated() { [[ $(LC_ALL=C flock /var/lib/apt/lists apt-get -qq update 2>&1) != *'Could not get lock'* ]]; }

require_debian_root() {
  case "$(distribution)" in
    debian | ubuntu) ;;
    *) fail "cannot $1: this is neither Debian nor Ubuntu" 'install and start Docker yourself' ;;
  esac
  [ "$(id -u)" = 0 ] || fail "cannot $1: not root" "sudo test/engines/engine start"
}

private_apt() {
  local dir=$1 suite=$2
  mkdir -p "$dir"/{lists/partial,cache/archives/partial,trusted}
  : >"$dir/status"
  debian_source "$suite" >"$dir/sources.list"
  cat >"$dir/apt.conf" <<TEXT
Dir::Etc::sourcelist "$dir/sources.list";
Dir::Etc::sourceparts "/dev/null";
Dir::Etc::preferences "/dev/null";
Dir::Etc::preferencesparts "/dev/null";
Dir::State "$dir";
Dir::State::status "$dir/status";
Dir::Cache "$dir/cache";
Acquire::Languages "none";
APT::Sandbox::User "root";
TEXT
  APT_CONFIG=$dir/apt.conf apt-get -qq update
}

# A one-line source for SUITE from the mirror and the keyring that this machine's own sources name.
debian_source() {
  local suite=$1 uri entry keyring
  read -r uri entry < <(own_debian_entry) || { update_lists && read -r uri entry < <(own_debian_entry); } ||
    fail "this machine's apt sources name no Debian mirror" 'apt-get indextargets lists what apt knows'
  keyring=$(keyring_of "$entry")
  echo "deb ${keyring:+[signed-by=$keyring] }$uri $suite main"
}

# "URI FILE:NUMBER" of the main archive among this machine's apt sources, whichever their format.
own_debian_entry() {
  # shellcheck disable=SC2016
  apt-get indextargets --format '$(ORIGIN) $(LABEL) $(CODENAME) $(COMPONENT) $(REPO_URI) $(SOURCESENTRY)' \
    'Created-By: Packages' |
    awk '$1 == "Debian" && $2 == "Debian" && $3 !~ /-/ && $4 == "main" { print $5, $6; exit }'
}

# The absolute path of the keyring that a sources entry names, else Debian's own keyring. NUMBER counts paragraphs in
# the .sources format, lines in the older one.
keyring_of() {
  local file=${1%:*} number=${1##*:} named keyring
  if [[ $file == *.sources ]]; then
    named=$(awk -v RS= -v n="$number" 'NR == n' "$file" | sed -nE 's/^Signed-By: *(\/[^ ]+).*/\1/Ip')
  else
    named=$(sed -n "${number}p" "$file" | sed -nE 's/.*signed-by=(\/[^] ,]+).*/\1/p')
  fi
  for keyring in "$named" /usr/share/keyrings/debian-archive-keyring.gpg; do
    [ ! -r "$keyring" ] || { echo "$keyring"; return; }
  done
}
