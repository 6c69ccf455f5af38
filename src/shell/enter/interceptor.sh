# Has what others send to a port reach another, in the network that it is in: by tables of nftables, which the kernel removes
# with the process that made them.
# shellcheck shell=sh
# Started by the privileged stage, in a session of its own, as a user who may do nothing but change that network's rules, as
#   sh -c THIS netexec NFT WHO PORT:PORT...
# with a pipe that ends with netexec as standard input, and COMMAND's standard error as descriptor 3. WHO is netexec's number.
# It says, in a line, that it is up, or why not.
nft=$1 who=$2
shift 2
# Whom it has said that to does not listen any more.
trap '' PIPE

main() {
  rules=$(for each; do rules_of "${each%:*}" "${each#*:}"; done)
  said=$("$nft" -c "$rules" 2>&1) || complain "$?" "$@"
  # All that is started here has that pipe: where nobody has it any more the tables are gone.
  exec 5<&0
  hold "$@" | keep
}

# A table for each port. That of another netexec has the same name, and is not to be changed. Only what begins a connection is
# led elsewhere, for to the kernel's tracking what there was before may be new; no address is changed.
rules_of() {
  printf '%s ' "table inet netexec-$1 { comment \"$who\"; flags owner; chain others {" \
    'type nat hook prerouting priority -110; iifname != "lo" fib daddr type local' \
    "tcp dport $1 tcp flags & (fin|syn|rst|ack) == syn dnat to :$2; }; };"
}

# Hands nft the rules, in one line: there are all of them, or none. Says when they are there, and stays as long as netexec.
# Nobody takes the empty line where nft has ended.
hold() {
  echo "$rules"
  until is_there "$1"; do
    sleep 0.02
    echo 2>/dev/null || exit
  done
  echo up >&4
  read -r _
}

# Of itself nft ends when there is nothing to read any more. A shell would say how it was ended.
keep() {
  { "$nft" -i 3>&-; } >/dev/null 2>&1
  status=$?
  [ "$status" = 0 ] || echo "nft exited with status $status" 2>/dev/null ||
    echo "netexec: warning: nft exited with status $status: nothing is intercepted any more" >&3
}

is_there() {
  table=$(table_of "$1")
  case $table in *"\"$who\""*) ;; *) return 1 ;; esac
}

table_of() {
  "$nft" list table inet "netexec-${1%:*}" 2>/dev/null
}

complain() {
  : "${said:=nft failed with status $1}"
  shift
  for each; do
    other=$(table_of "$each") || continue
    other=${other#*comment \"}
    other=${other%%\"*}
    # It may be the container's.
    case $other in
      '' | *[!0123456789]*) other="another program's table netexec-${each%:*}" ;;
      *) other="netexec's process $other" ;;
    esac
    echo "port ${each%:*} is already intercepted by $other"
    exit
  done
  said=${said#Error: }
  echo "cannot intercept: ${said%%"
"*} (this needs nft 1.0, and nftables with NAT in the kernel)"
  exit
}

main "$@" 4>&1
