# Hands on to COMMAND the signals that netexec names, a line each, and ends it when netexec is gone.
# shellcheck shell=sh
# Started by the privileged stage, as root, in a session of its own, as
#   sh -c THIS netexec PID    in the folder /proc/PID, with the pipe that netexec holds open as standard input
# PID is the stage, which becomes COMMAND. The folder stays that one process's: once that has ended there is nothing in
# it, whoever has the number then.
while read -r signal; do
  case $signal in
    HUP | INT | QUIT | TERM | USR1 | USR2 | KILL | PIPE) [ ! -e stat ] || kill -s "$signal" "$1" ;;
  esac
done
[ ! -e stat ] || kill -KILL "$1"
