# Hands on to COMMAND the signals that netexec names, a line each, and ends it when netexec is gone.
# shellcheck shell=sh
# Started by the privileged stage behind sudo, as COMMAND's own user, as
#   sh -c THIS netexec PID    with standard input the pipe that netexec holds open while it lives
# It knows COMMAND by number and start time: when netexec ends after COMMAND, the number may be another's.
started() {
  read -r stat <"/proc/$1/stat" || return
  # The name, in parentheses, may hold anything; the start time is the 20th field behind it (proc(5)).
  # shellcheck disable=SC2086
  set -- ${stat##*) }
  shift 19
  echo "$1"
}

# It is of COMMAND's process group: what the terminal sends to that is not meant for it.
trap '' HUP INT QUIT TERM TSTP
before=$(started "$1")
while read -r signal; do
  # COMMAND is not for this user to signal before the stage has dropped to it; a setuid one never is.
  for _ in 1 2 3 4 5 6 7 8 9 10; do
    ! kill -s "$signal" "$1" || break
    sleep 0.1
  done
done
[ "$before" != "$(started "$1" 2>/dev/null)" ] || kill -KILL "$1"
