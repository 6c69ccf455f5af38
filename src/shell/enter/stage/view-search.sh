# --network: searches that network first, before the container's own domains.
# The last line that says what is searched counts. The container's domains come behind that network and its others; so does
# its number of dots where that is higher (resolv.conf(5)); musl takes no line longer than 255.
search_network() {
  printf '%s' "$netexec_resolv_tail" >>/etc/resolv.conf
  netexec_search='' netexec_dots=''
  while IFS= read -r netexec_line; do
    case $netexec_line in
      search[[:blank:]]* | domain[[:blank:]]*) netexec_own_search=$netexec_search netexec_search=${netexec_line#??????} ;;
      options[[:blank:]]*ndots:[0-9]*)
        netexec_own_dots=$netexec_dots netexec_dots=${netexec_line##*ndots:}
        netexec_dots=${netexec_dots%%[!0-9]*}
        ;;
    esac
  done </etc/resolv.conf
  [ "${#netexec_own_dots}" -lt 3 ] && [ "${netexec_own_dots:-0}" -gt 1 ] || netexec_own_dots=''
  netexec_search=$netexec_search${netexec_between:+ $netexec_between}$netexec_own_search
  case ${netexec_own_search#?} in '' | .) netexec_search='' ;; esac
  [ "${#netexec_search}" -lt 249 ] || netexec_search=''
  {
    [ -z "$netexec_search" ] || printf 'search%s\n' "$netexec_search"
    [ -z "$netexec_own_dots" ] || printf 'options ndots:%s\n' "$netexec_own_dots"
  } >>/etc/resolv.conf
}
