# A tunnel: makes a network of COMMAND's own in which every address is local.
# The first packet of each connection, and every datagram, goes to a device that netexec reads (src/shell/relay/near-end.ts).
make_network() {
  printf '%s' "$netexec_routes" | ip -batch -
  # This machine may be without IPv6.
  if [ -n "$netexec_routes_six" ] && [ -e /proc/sys/net/ipv6 ]; then
    printf '%s' "$netexec_routes_six" | ip -6 -batch -
  fi
  for netexec_each in all netexec; do echo 0 >"/proc/sys/net/ipv4/conf/$netexec_each/rp_filter"; done
  for netexec_each in accept_local route_localnet; do echo 1 >"/proc/sys/net/ipv4/conf/netexec/$netexec_each"; done
  # As docker has it in its containers.
  echo 0 >/proc/sys/net/ipv4/ip_unprivileged_port_start
  printf '%s' "$netexec_rules" | nft -f -
}

[ -z "$netexec_staging" ] || lay_view 5</etc
# The near end starts while the network is made, and hears how that went.
# Not as `( ... ) && echo`: sh would go on after what fails in there, whatever set -e says.
set +e
{
  (
    set -e
    make_network
  )
  echo $?
} | env -i BUN_JSC_jitMemoryReservationSize=16777216 "$netexec_executable" "$netexec_near" "$netexec_meeting" netexec
netexec_made=$?
set -e
case $netexec_made in
  0) ;;
  3) refuse 'cannot create the network of a tunnel' ;;
  *) refuse 'cannot open the near end of a tunnel' ;;
esac
