# Starts a dockerd and ends it again, for test/engines/engine, which sources this.
# shellcheck shell=bash disable=SC2154

# --- start -----------------------------------------------------------------------------------------------------

start() {
  if engine_answers; then
    say "an engine already answers: $(engine_words)"
  else
    require_local_endpoint
    require_debian_root 'start an engine'
    with_state begin_engine
  fi
  if compose_answers; then
    say "Compose $(compose_version)"
  else
    require_debian_root 'add Compose'
    with_state add_compose
  fi
}

# Ours answers on the default socket only: a caller whose docker looks elsewhere would see nothing change.
require_local_endpoint() {
  local endpoint=${DOCKER_HOST:-}
  if [ -z "$endpoint" ] && has docker; then
    endpoint=$(docker context inspect --format '{{.Endpoints.docker.Host}}' 2>/dev/null) || endpoint=
  fi
  case "$endpoint" in
    '' | "unix://$socket" | unix:///run/docker.sock) ;;
    *) fail "no engine answers at $endpoint" 'start that one, or unset DOCKER_HOST and DOCKER_CONTEXT' ;;
  esac
}

begin_engine() {
  # Another caller may have started one while this one waited for the lock.
  engine_answers && { say "an engine answers now: $(engine_words)"; return; }
  require_cgroups
  install_engine
  drop_stale_pidfile /var/run/docker.pid dockerd
  drop_stale_pidfile /var/run/docker/containerd/containerd.pid containerd
  if [ -e /var/run/docker.pid ]; then
    await_other_engine
  else
    begin_dockerd
  fi
}

require_cgroups() {
  grep -qE ' cgroup2? ' /proc/mounts ||
    fail 'no cgroup hierarchy is mounted, and an engine needs one' 'mount -t cgroup2 cgroup2 /sys/fs/cgroup'
}

install_engine() {
  local packages=(docker.io containerd runc iptables)
  if ! installed "${packages[@]}"; then
    say "installing ${packages[*]}"
    apt_install "${packages[@]}"
  fi
  # Debian 12 and Ubuntu ship the CLI in docker.io, Debian 13 in a package of its own.
  if ! has docker; then
    say 'installing docker-cli'
    apt_install docker-cli
  fi
}

# A machine that was restored without its processes still has their pid files, and by then the numbers may belong to
# other programs: dockerd would believe them.
drop_stale_pidfile() {
  local file=$1 program=$2
  [ -e "$file" ] || return 0
  runs "$(cat "$file")" "$program" || rm -f "$file"
}

# Where installing the package already starts the engine (systemd), that one is the system's, not ours.
await_other_engine() {
  say "waiting for the dockerd that runs already, pid $(cat /var/run/docker.pid)"
  wait_until "$answer_seconds" engine_answers ||
    fail "a dockerd runs, not started by this script, but nothing answers at $socket" 'see its own log'
  say "an engine answers: $(engine_words)"
}

begin_dockerd() {
  say "starting dockerd, log in $log"
  launch dockerd --storage-driver=overlay2
  local pid
  pid=$(cut -d' ' -f1 "$record")
  wait_until "$answer_seconds" answers_or_ended "$pid" || true
  engine_answers || give_up "$pid"
  say "started $(engine_words), pid $pid"
}

# A session of its own, without terminal and without our lock: it outlives this script and the shell that ran it.
# The inner sh records its own pid, which exec makes that of the program.
launch() {
  local pid
  rm -f "$record" "$record.new"
  # shellcheck disable=SC2016
  (cd / && exec setsid sh -c 'echo $$ >"$0"; exec "$@"' "$record.new" "$@" </dev/null >"$log" 2>&1 9>&-) &
  wait_until 5 test -s "$record.new" || fail 'dockerd could not be started'
  pid=$(cat "$record.new")
  echo "$pid $(start_time "$pid")" >"$record.new"
  mv "$record.new" "$record"
}

answers_or_ended() { engine_answers || ! alive "$1"; }

give_up() {
  local pid=$1 why='ended'
  if alive "$pid"; then
    why="gave no answer in $answer_seconds s"
    kill "$pid"
  fi
  rm -f "$record"
  echo "the last lines of $log:" >&2
  tail -n 20 "$log" >&2
  fail "dockerd $why"
}

# --- stop ------------------------------------------------------------------------------------------------------

stop() {
  local pid children
  if ! pid=$(our_pid dockerd); then
    say 'nothing to stop: start began no engine, or it has ended'
    return
  fi
  children=$(children_of "$pid" containerd)
  say "stopping dockerd, pid $pid"
  kill "$pid"
  wait_until "$stop_seconds" ended "$pid" || fail "dockerd, pid $pid, does not end in $stop_seconds s" "see $log"
  # dockerd ends the containerd it began, unless it was killed itself.
  for pid in $children; do
    wait_until 5 ended "$pid" || { say "stopping its containerd, pid $pid"; kill "$pid"; }
  done
  rm -f "$record"
  say 'stopped'
}

purge() {
  stop
  if [ -e "$plugin_record" ] && sha256sum <"$plugin" 2>/dev/null | cmp -s - "$plugin_record"; then
    say "removing $plugin"
    rm -f "$plugin"
  fi
  say "removing $state; containers and images stay in /var/lib/docker"
  rm -rf "$state"
}
