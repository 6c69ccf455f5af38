# Hands on to COMMAND the signals that netexec names, a line each, and ends it when netexec is gone.
# shellcheck shell=sh
# Started by the privileged stage, as root, in a session of its own, as
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

while read -r signal; do
  [ -z "$waits" ] || find_command || continue
  case $signal in
    HUP | INT | QUIT | TERM | USR1 | USR2 | KILL | PIPE) [ ! -e stat ] || kill -s "$signal" "$command" ;;
  esac
done
if [ -z "$waits" ]; then
  [ ! -e stat ] || kill -KILL "$process"
  exit
fi
# Whoever waits is to see COMMAND's end, and ends then: the first process of a container may see to nobody's.
while read -r _ _ state _ <stat && [ "$state" != Z ]; do
  if find_child; then kill -KILL "$command"; else kill -TERM "$process"; fi
  sleep 0.02
done 2>/dev/null
