# Hands on to COMMAND the signals that netexec names, a line each, and ends it when netexec is gone.
# shellcheck shell=sh
# Started in a session of its own, by netexec where COMMAND is its child, else by the privileged stage, as root, as
#   sh -c THIS netexec PID WAITS    in the folder /proc/PID, with the pipe that netexec holds open as standard input
# PID is the stage, which becomes COMMAND. Where WAITS is not empty it becomes COMMAND's parent: COMMAND is its only child
# once the file that is descriptor 8 says that it starts. The folder stays that one process's: when that has ended there
# is nothing in it, whoever has the number then.
process=$1 waits=$2 command=$1 told=''

# Whether COMMAND is there. Until then signal $1 is the entry's, which ends by it; all but its last step, which heeds none, and
# whose child becomes COMMAND. The container may stop what is in there: that heeds KILL alone. This does not wait for long.
await_command() {
  tries=0
  until [ -n "$told" ] || read -r told <&8; do
    [ -e stat ] && [ "$tries" -lt 100 ] || return 1
    tries=$((tries + 1))
    kill -s "$1" "$process"
    if find_child && is_stopped_child "$command"; then kill -KILL "$command"; fi
    sleep 0.02
  done
}

# By its parent the number is still that child's.
is_stopped_child() {
  [ "$(field 1 "$1")" = T ] && [ "$(field 2 "$1")" = "$process" ]
}

# The list of children ends without a newline.
find_child() {
  command=''
  read -r command <"task/$process/children" || [ -n "$command" ]
}

# Of process $2, the field $1 behind its name (proc(5)): 1 is its state, 2 its parent; by 20, when it started, its number is
# known to be nobody else's.
field() {
  read -r stat <"/proc/$2/stat" || return 1
  # shellcheck disable=SC2086 # many words
  set -- "$1" ${stat##*) }
  shift "$1"
  echo "$1"
}

# Those that process $1 has started, as NUMBER:START.
children() {
  for task in "/proc/$1/task/"*; do
    list=''
    read -r list <"$task/children" || :
    for child in $list; do echo "$child:$(field 20 "$child")"; done
  done
}

# Process $1 and all that it has started: what sudo or su runs is theirs, and would go on without them. The first of them
# is not stopped here: a sudo that netexec came by would stop as well, and nobody continue it.
end_all() (
  below=$(children "$1")
  kill -KILL "$1"
  for child in $below; do
    start=${child#*:} child=${child%:*}
    if is_same "$child" "$start"; then
      kill -STOP "$child"
      end_all "$child"
    fi
  done
)

# Whether process $1 is the one that started at $2.
is_same() {
  [ -n "$2" ] && [ "$(field 20 "$1")" = "$2" ]
}

# Whether $command leads its process group: nothing of anybody else's is in that, then.
leads_group() {
  [ "$(field 3 "$command")" = "$command" ]
}

while read -r signal whom; do
  case $signal in HUP | INT | QUIT | TERM | USR1 | USR2 | KILL | PIPE | STOP | CONT) ;; *) continue ;; esac
  if [ -n "$waits" ]; then
    await_command "$signal" || break
    find_child || continue
  fi
  if [ "$whom" = group ] && leads_group; then
    [ ! -e stat ] || kill "-$signal" "-$command"
  else
    [ ! -e stat ] || kill -s "$signal" "$command"
  fi
  # A sudo that it was come by has stopped as well.
  [ "$signal" != CONT ] || kill -CONT "$(field 2 "$command")"
done
exec 2>/dev/null
if [ -z "$waits" ]; then
  [ -e stat ] || exit
  parent=$(field 2 "$process")
  start=$(field 20 "$parent")
  end_all "$process"
  ! is_same "$parent" "$start" || kill -CONT "$parent"
  exit
fi
# Whoever waits is to see COMMAND's end, and ends then: the first process of a container may see to nobody's.
while read -r _ _ state _ <stat && [ "$state" != Z ]; do
  if find_child; then end_all "$command"; else kill -TERM "$process"; fi
  sleep 0.02
done
