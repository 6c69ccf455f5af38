# The recipes of the images, for test/engines/engine (which has say, fail, private_apt and the like). Each image is the
# contents of Debian packages in a folder, so that neither root nor a registry is needed, and is kept as an archive
# for "docker load" that carries its whole configuration ("docker import" of older engines knows no stop signal).
# shellcheck shell=bash

images_suite=bookworm
images_dir=$(dirname "${BASH_SOURCE[0]}")

# Loads each image that the engine has not, from the cache folder where possible.
make_images() {
  local cache=$1 arch key name work
  arch=$(docker version --format '{{.Server.Arch}}')
  key=$(recipe_key "$arch")
  work=$(mktemp -d "$cache/work.XXXXXX")
  # shellcheck disable=SC2064
  trap "rm -rf '$work'" EXIT
  for name in scratch busybox servers; do
    make_image "$name" "netexec/$name:1" "$cache/$name-$key.tar"
  done
}

# Names one state of all the recipes: an image or an archive with another key is out of date.
recipe_key() {
  (cd "$images_dir" && echo "$1" | cat - recipes.bash serve-* | sha256sum | cut -c1-12)
}

make_image() {
  local name=$1 tag=$2 archive=$3 old='' old_key=''
  read -r old old_key < <(docker image inspect "$tag" 2>/dev/null \
    --format '{{.Id}} {{index .Config.Labels "netexec.recipe"}}') || true
  if [ "$old_key" = "$key" ]; then
    # Another engine, a rootless one of the tests, say, has it from there: it may have no way to a mirror.
    [ -e "$archive" ] || { docker save --output "$work/$name" "$tag" && mv "$work/$name" "$archive"; }
    say "$tag is there"
    return
  fi
  [ -e "$archive" ] || build_archive "$name" "$tag" "$archive"
  docker load --quiet --input "$archive" >/dev/null
  # The one it replaces has lost its name; it stays where a container still uses it.
  [ -z "$old" ] || docker image rm "$old" >/dev/null 2>&1 || true
  say "$tag loaded, $(du -m "$archive" | cut -f1) MB"
}

build_archive() {
  local name=$1 tag=$2 archive=$3
  has dpkg-deb || fail "cannot make $tag: this is not a Debian machine" \
    "run test/engines/engine images on one, then copy its $(basename "$archive") to $(dirname "$archive")"
  say "making $tag from packages of Debian $images_suite"
  mkdir "$work/root"
  "fill_$name" "$work/root"
  pack "$tag" "$("config_$name" "$key")" "$archive"
}

# --- netexec/scratch:1: one static binary, no shell, no libc, no /etc ------------------------------------------------

# BusyBox under the name /sleep is sleep and nothing else.
fill_scratch() {
  unpack "$work/packages" busybox-static
  install -m 755 "$work/packages/bin/busybox" "$1/sleep"
}

# sleep as a container's process 1 does not see SIGTERM.
config_scratch() {
  cat <<JSON
{"Cmd": ["/sleep", "infinity"], "StopSignal": "SIGKILL", "Labels": {"netexec.recipe": "$1"}}
JSON
}

# --- netexec/busybox:1: BusyBox and its applets ----------------------------------------------------------------------

fill_busybox() {
  unpack "$work/packages" busybox-static
  mkdir -p "$1"/{bin,etc,root}
  mkdir -m 1777 "$1/tmp"
  cp "$work/packages/bin/busybox" "$1/bin/"
  link_applets "$1"
  write_accounts "$1/etc"
}

config_busybox() {
  cat <<JSON
{"Cmd": ["sleep", "infinity"], "StopSignal": "SIGKILL", "Env": ["PATH=/bin"], "Labels": {"netexec.recipe": "$1"}}
JSON
}

# --- netexec/servers:1: PostgreSQL, Redis, an HTTP server, ip and ss -------------------------------------------------

# What the servers depend on only to be installed, configured or compiled: two thirds of the size.
servers_without='^(perl|libperl|lib.*-perl$|libllvm|libz3|libdb5|locales|libc-l10n|postgresql-(client-)?common|dpkg|tar|openssl)'

fill_servers() {
  local root=$1 packages
  readarray -t packages < <(closure base-files netbase tzdata busybox-static iproute2 postgresql-15 redis-server |
    grep -vE "$servers_without")
  unpack "$root" "${packages[@]}"
  rm -rf "$root"/usr/share/{doc,man,info,lintian,locale,i18n,zoneinfo/right,zoneinfo/posix} \
    "$root"/usr/lib/postgresql/*/lib/{bitcode,llvmjit*}
  link_applets "$root"
  write_accounts "$root/etc"
  install -D -m 755 -t "$root/usr/local/bin" "$images_dir"/serve-*
}

# SIGINT makes PostgreSQL end its clients' sessions and stop; on SIGTERM it waits for them.
config_servers() {
  cat <<JSON
{"Cmd": ["serve-http"], "StopSignal": "SIGINT", "Labels": {"netexec.recipe": "$1"},
 "Env": ["PATH=/usr/local/bin:/usr/lib/postgresql/15/bin:/usr/sbin:/usr/bin:/sbin:/bin", "LANG=C.UTF-8"]}
JSON
}

# --- parts -----------------------------------------------------------------------------------------------------------

# Links for every applet whose name no other package of the image has taken.
link_applets() {
  local root=$1 taken applet
  taken=$(find "$root"/{,usr/}{bin,sbin} -printf '%f\n' 2>/dev/null) || true
  for applet in $("$root/bin/busybox" --list | grep -vxF "$taken"); do
    ln -s busybox "$root/bin/$applet"
  done
}

write_accounts() {
  cat >"$1/passwd" <<TEXT
root:x:0:0:root:/root:/bin/sh
postgres:x:105:105:PostgreSQL:/var/lib/postgresql:/bin/sh
nobody:x:65534:65534:nobody:/:/bin/false
TEXT
  cat >"$1/group" <<TEXT
root:x:0:
postgres:x:105:
nogroup:x:65534:
TEXT
  echo 'hosts: files dns' >"$1/nsswitch.conf"
}

# These packages and all that they depend on, as if nothing were installed.
closure() {
  images_apt -s install --no-install-recommends "$@" | awk '$1 == "Inst" { print $2 }'
}

# Puts the files of these very packages, without what they depend on, into a folder. No script of theirs runs.
unpack() {
  local root=$1 debs=$work/debs deb
  shift
  rm -rf "$debs"
  mkdir -p "$debs" "$root"
  (cd "$debs" && images_apt download "$@")
  for deb in "$debs"/*.deb; do
    dpkg-deb -x "$deb" "$root"
  done
}

images_apt() {
  [ -e "$work/apt/apt.conf" ] || private_apt "$work/apt" "$images_suite"
  APT_CONFIG=$work/apt/apt.conf apt-get -qq "$@"
}

# An archive for "docker load" of one layer, in its place only when whole; older ones of that image go.
pack() {
  local tag=$1 config=$2 archive=$3 digest
  tar -C "$work/root" --owner=0 --group=0 --numeric-owner --sort=name -cf "$work/layer.tar" .
  rm -rf "$work/root"
  digest=$(sha256sum <"$work/layer.tar" | cut -d' ' -f1)
  cat >"$work/config.json" <<JSON
{"architecture": "$arch", "os": "linux", "created": "$(date -u +%FT%TZ)", "config": $config,
 "rootfs": {"type": "layers", "diff_ids": ["sha256:$digest"]}, "history": [{"created_by": "test/engines/engine images"}]}
JSON
  echo "[{\"Config\": \"config.json\", \"RepoTags\": [\"$tag\"], \"Layers\": [\"layer.tar\"]}]" >"$work/manifest.json"
  tar -C "$work" -cf "$work/archive.tar" manifest.json config.json layer.tar
  rm -f "${archive%-*}"-*.tar
  mv "$work/archive.tar" "$archive"
}
