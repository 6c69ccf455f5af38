# Ends COMMAND when netexec is gone. Started by the privileged stage as COMMAND's own user, as
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
read -r _ || :
[ "$before" != "$(started "$1" 2>/dev/null)" ] || kill -KILL "$1"
