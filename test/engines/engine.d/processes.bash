# Which processes run, by number and start time; and waiting. For test/engines/engine, which sources this.
# shellcheck shell=bash

runs() { alive "$1" && [ "$(cat "/proc/$1/comm" 2>/dev/null)" = "$2" ]; }
# A process that has ended may stay as a zombie until whoever adopted it looks.
alive() { [[ $(stat_fields "$1") == [!ZX]* ]]; }
ended() { ! alive "$1"; }
start_time() { stat_fields "$1" | cut -d' ' -f20; }

# Those of that name. pgrep would be a package of its own.
children_of() {
  local process
  for process in /proc/[0-9]*; do
    process=${process#/proc/}
    if runs "$process" "$2" && [ "$(stat_fields "$process" | cut -d' ' -f2)" = "$1" ]; then echo "$process"; fi
  done
}

# From the state on, behind the program's name, which may hold spaces.
stat_fields() { sed 's/.*) //' "/proc/$1/stat" 2>/dev/null; }

wait_until() {
  local end=$((SECONDS + $1))
  shift
  until "$@"; do
    [ "$SECONDS" -lt "$end" ] || return 1
    sleep 0.1
  done
}
