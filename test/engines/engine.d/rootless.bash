# A second engine, rootless: one that a user runs without any privilege. For test/engines/engine, which sources this.
# shellcheck shell=bash disable=SC2154

rootless_packages=(rootlesskit slirp4netns uidmap iproute2)

#   rootless start|stop USER
rootless() {
  local action=$1 user=$2
  # Where the user's engine keeps all that it has; its socket is there, too.
  local folder=$state/rootless-$user
  record=$folder/engine.pid
  log=$folder/dockerd.log
  [ "$(id -u)" = 0 ] || fail "not root, and $state is root's" "sudo test/engines/engine rootless $action $user"
  id -- "$user" >/dev/null 2>&1 || fail "no such user: $user"
  # A socket's name may have 107 characters (unix(7)), and this is the longest of the engine's.
  [ ${#folder} -le 68 ] || fail "too long a name for sockets below it: $folder" 'set NETEXEC_ENGINE_DIR to a shorter one'
  mkdir -p "$folder"
  # The user goes through it.
  chmod 711 "$state" "$folder"
  with_lock "$folder" "${action}_rootless"
}

start_rootless() {
  local pid
  export DOCKER_HOST=unix://$folder/run/docker.sock
  if pid=$(our_pid rootlesskit); then
    say "the engine of $user runs already, pid $pid"
  else
    clear_rootless
    install_rootless
    begin_rootless
  fi
  make_images_of_recipes
  say "the engine of $user: DOCKER_HOST=$DOCKER_HOST"
}

install_rootless() {
  installed "${rootless_packages[@]}" && return
  require_debian_root 'start a rootless engine'
  say "installing ${rootless_packages[*]}"
  apt_install "${rootless_packages[@]}"
}

begin_rootless() {
  local pid
  install -d -m 700 -o "$user" -g "$(id -g -- "$user")" "$folder"/{run,exec,data}
  say "starting the rootless dockerd of $user, log in $log"
  launch unshare --mount --propagation private -- "$engines/engine.d/become-rootless" "$user" "$folder"
  pid=$(cut -d' ' -f1 "$record")
  wait_until "$answer_seconds" answers_or_ended "$pid" || true
  engine_answers || give_up "$pid"
  readlink "/proc/$(cat "$folder/run/rootlesskit/child_pid")/ns/user" >"$folder/namespace"
}

# Nothing of it is kept, so none of it need end in peace.
stop_rootless() {
  local pid
  if pid=$(our_pid rootlesskit); then
    say "ending the rootless dockerd of $user, pid $pid"
    kill -KILL "$pid"
  fi
  clear_rootless
  rm -rf "$folder"
}

# An engine that was killed leaves its containers behind, in the user namespace that it had made.
clear_rootless() {
  local namespace pid
  namespace=$(cat "$folder/namespace" 2>/dev/null) || return 0
  for pid in $(pids_in "$namespace"); do
    kill -KILL "$pid" 2>/dev/null || true
  done
  for pid in $(pids_in "$namespace"); do
    wait_until 5 ended "$pid" || fail "a process of the engine of $user does not end: $pid"
  done
  rm -rf "${folder:?}"/{run,exec,data,namespace,engine.pid}
}

# The processes in that user namespace, if it is one of the user's: the number of one that is gone is used again.
pids_in() {
  local process uid
  uid=$(id -u -- "$user")
  for process in /proc/[0-9]*; do
    [ "$(readlink "$process/ns/user" 2>/dev/null)" = "$1" ] || continue
    awk -v uid="$uid" 'NR == 1 && $1 == 0 && $2 == uid { found = 1 } END { exit !found }' "$process/uid_map" || continue
    echo "${process#/proc/}"
  done
}
