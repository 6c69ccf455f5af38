# Hands on to COMMAND the signals that netexec names, a line each, and ends it when netexec is gone.
# shellcheck shell=sh
# Started in a session of its own, by netexec where COMMAND is its child, else by the privileged stage, as root, as
#   sh -c THIS netexec PID WAITS    in the folder /proc/PID, with the pipe that netexec holds open as standard input
# PID is the stage, which becomes COMMAND. Where WAITS is not empty it becomes COMMAND's parent: COMMAND is its only child
# once the file that is descriptor 8 says that it starts. The folder stays that one process's: when that has ended there
# is nothing in it, whoever has the number then.
process=$1 waits=$2 command=$1 told=''

find_command() {
  until [ -n "$told" ] || read -r told <&8; do
    [ -e stat ] || return 1
    sleep 0.02
  done
  find_child
}

# The list of children ends without a newline.
find_child() {
  command=''
  read -r command <"task/$process/children" || [ -n "$command" ]
}

# Process $1 and all that it has started: what sudo or su runs is theirs, and would go on without them. While their
# parent stands still, its children's numbers are nobody else's.
end_all() {
  kill -STOP "$1"
  # shellcheck disable=SC2013 # words: one line holds them all
  for child in $(cat "/proc/$1/task/"*/children); do end_all "$child"; done
  kill -KILL "$1"
}

while read -r signal; do
  [ -z "$waits" ] || find_command || continue
  case $signal in
    HUP | INT | QUIT | TERM | USR1 | USR2 | KILL | PIPE) [ ! -e stat ] || kill -s "$signal" "$command" ;;
  esac
done
exec 2>/dev/null
if [ -z "$waits" ]; then
  [ ! -e stat ] || end_all "$process"
  exit
fi
# Whoever waits is to see COMMAND's end, and ends then: the first process of a container may see to nobody's.
while read -r _ _ state _ <stat && [ "$state" != Z ]; do
  if find_child; then end_all "$command"; else kill -TERM "$process"; fi
  sleep 0.02
done
